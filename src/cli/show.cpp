#include <boost/program_options/value_semantic.hpp>
#include <limits>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/error.hpp"
#include "own_process.hpp"
#include "summary_table.hpp"

namespace hypnos::cli {

namespace {

Format format_of(Arguments const& arguments) {
  bool const csv = arguments.flag("csv"), json = arguments.flag("json");
  if (csv && json) throw BadInput("--csv and --json are given, but there is one output; give one of them");
  return csv ? Format::csv : json ? Format::json : Format::table;
}

int show_summary(Words const& words) {
  Arguments const arguments(show(), words);
  auto const format = format_of(arguments);
  auto const& given = arguments.positional();
  if (auto const code = code_of_own_process(given[0])) return *code;
  StoreReader const store(given[0]);
  if (given.size() == 2) print_observable(store, given[1], format, stdout);
  else print_scalars(store, format, std::numeric_limits<std::uint64_t>::max(), stdout);
  return exit_done;
}

}  // namespace

Command const& show() {
  namespace po = boost::program_options;
  static Command const command = [] {
    Command declared{.name = "show",
                     .words = "FILE [OBSERVABLE]",
                     .summary = "tables of means and errors: 0.425(52)",
                     .details =
                         "Without OBSERVABLE: all observables without axes, a line each sweep point. 0.425(52) is "
                         "0.425 with a standard error of 0.052 over realizations; a value without brackets has no "
                         "error, or no spread. [18] behind it: only 18 realizations have a value.",
                     .least = 1,
                     .most = 2,
                     .run = show_summary};
    auto add = declared.options.add_options();
    add("csv", po::bool_switch(), "columns NAME_mean, NAME_stderr, NAME_count, all digits, for other programs");
    add("json", po::bool_switch(), "the same as a list of records; null where there is no value");
    return declared;
  }();
  return command;
}

}  // namespace hypnos::cli

#include <boost/program_options/value_semantic.hpp>
#include <limits>

#include "arguments.hpp"
#include "own_process.hpp"
#include "summary_table.hpp"

namespace hypnos::cli {

int show(Words const& words) {
  namespace po = boost::program_options;
  po::options_description options;
  options.add_options()("csv", po::bool_switch());
  auto const arguments = parse_arguments(words, options, "hypnos show FILE [OBSERVABLE] [--csv]", 1, 2);
  bool const csv = arguments.options["csv"].as<bool>();
  if (auto const code = code_of_own_process(arguments.positional[0])) return *code;
  StoreReader const store(arguments.positional[0]);
  if (arguments.positional.size() == 2) print_observable(store, arguments.positional[1], csv, stdout);
  else print_scalars(store, csv, std::numeric_limits<std::uint64_t>::max(), stdout);
  return exit_done;
}

}  // namespace hypnos::cli

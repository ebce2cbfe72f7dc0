#include <boost/program_options/value_semantic.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "hypnos/runtime/lock.hpp"
#include "hypnos/runtime/provenance.hpp"
#include "hypnos/runtime/store_path.hpp"
#include "hypnos/runtime/summary.hpp"
#include "hypnos/runtime/transfer.hpp"
#include "store_counts.hpp"

namespace hypnos::cli {

namespace {

int merge_files(Words const& words) {
  Arguments const arguments(merge(), words);
  auto const output = store_path(arguments.value<std::string>("output"));
  Lock const lock(output);
  auto const left_out = merge_stores(arguments.positional(), output, provenance(1), catalogue());
  if (!left_out.empty())
    std::fprintf(stderr, "%s: merged without %s, which not all parts have\n", output.c_str(),
                 joined(left_out, ", ").c_str());
  reduce_store(output);
  sync_file(output);
  auto const counts = counts_of(StoreReader(output));
  std::uint64_t done = 0;
  for (auto const& part : arguments.positional()) done += counts_of(StoreReader(part)).done;
  if (done > counts.done)
    std::fprintf(stderr, "%s: %llu done rows of the parts do not have their checksum and are left open\n",
                 output.c_str(), static_cast<unsigned long long>(done - counts.done));
  std::printf("%s: %llu of %llu tasks done\n", output.c_str(), static_cast<unsigned long long>(counts.done),
              static_cast<unsigned long long>(counts.tasks));
  return exit_done;
}

}  // namespace

Command const& merge() {
  namespace po = boost::program_options;
  static Command const command = [] {
    Command declared{.name = "merge",
                     .words = "FILE FILE ...",
                     .summary = "unites stores of one job that have different realizations",
                     .least = 2,
                     .most = any_number,
                     .run = merge_files};
    declared.options.add_options()("output,o", po::value<std::string>()->required()->value_name("FILE"),
                                   "the store that is made");
    return declared;
  }();
  return command;
}

}  // namespace hypnos::cli

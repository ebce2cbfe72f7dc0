#include <boost/program_options/value_semantic.hpp>

#include "arguments.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "hypnos/runtime/lock.hpp"
#include "hypnos/runtime/provenance.hpp"
#include "hypnos/runtime/summary.hpp"
#include "hypnos/runtime/transfer.hpp"
#include "store_plan.hpp"

namespace hypnos::cli {

int merge(Words const& words) {
  namespace po = boost::program_options;
  po::options_description options;
  std::string output;
  options.add_options()("output,o", po::value(&output)->required());
  auto const arguments = parse_arguments(words, options, "hypnos merge A B ... -o FILE", 2, words.size());
  Lock const lock(output);
  auto const plan = merge_stores(arguments.positional, output, catalogue(), provenance(1));
  reduce_store(output, plan);
  sync_file(output);
  auto const counts = counts_of(StoreReader(output));
  std::printf("%s: %llu of %llu tasks done\n", output.c_str(), static_cast<unsigned long long>(counts.done),
              static_cast<unsigned long long>(counts.tasks));
  return exit_done;
}

}  // namespace hypnos::cli

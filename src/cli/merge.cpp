#include <boost/program_options/value_semantic.hpp>

#include "arguments.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/lock.hpp"
#include "hypnos/runtime/provenance.hpp"
#include "hypnos/runtime/store_path.hpp"
#include "hypnos/runtime/summary.hpp"
#include "hypnos/runtime/transfer.hpp"
#include "store_counts.hpp"

namespace hypnos::cli {

int merge(Words const& words) {
  namespace po = boost::program_options;
  po::options_description options;
  std::string output;
  options.add_options()("output,o", po::value(&output)->required());
  auto const arguments = parse_arguments(words, options, "hypnos merge A B ... -o FILE", 2, words.size());
  output = store_path(output);
  Lock const lock(output);
  auto const left_out = merge_stores(arguments.positional, output, provenance(1));
  if (!left_out.empty())
    std::fprintf(stderr, "%s: merged without %s, which not all parts have\n", output.c_str(),
                 joined(left_out, ", ").c_str());
  reduce_store(output);
  sync_file(output);
  auto const counts = counts_of(StoreReader(output));
  std::uint64_t done = 0;
  for (auto const& part : arguments.positional) done += counts_of(StoreReader(part)).done;
  if (done > counts.done)
    std::fprintf(stderr, "%s: %llu done rows of the parts do not have their checksum and are left open\n",
                 output.c_str(), static_cast<unsigned long long>(done - counts.done));
  std::printf("%s: %llu of %llu tasks done\n", output.c_str(), static_cast<unsigned long long>(counts.done),
              static_cast<unsigned long long>(counts.tasks));
  return exit_done;
}

}  // namespace hypnos::cli

#include "hypnos/runtime/run.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <filesystem>

#include "arguments.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "summary_table.hpp"
#include "user_job.hpp"

namespace hypnos::cli {

namespace {

RunRequest read_request(Words const& words) {
  namespace po = boost::program_options;
  RunRequest request;
  po::options_description options;
  options.add_options()("output,o", po::value(&request.output))("ranks-per-task", po::value(&request.ranks_per_task))(
      "quiet", po::bool_switch(&request.quiet));
  auto const [given, positional] = parse_arguments(
      words, options, "hypnos run JOB [key=value ...] [-o FILE] [--ranks-per-task r] [--quiet]", 1, words.size());
  if (request.output.empty()) request.output = std::filesystem::path(positional[0]).stem().string() + ".h5";
  request.job = user_job(positional);
  return request;
}

}  // namespace

int run(Words const& words) {
  constexpr std::uint64_t most_lines = 40;
  std::string output;
  auto const result = hypnos::run(catalogue(), [&] {
    auto request = read_request(words);
    output = request.output;
    return request;
  });
  // mpirun ends all ranks as soon as one fails: a code from another rank could end the first before it says why
  if (!result.is_first_rank) return exit_done;
  print_scalars(StoreReader(output), false, most_lines, stdout);
  std::printf("\n%s\n", output.c_str());
  return result.exit_code;
}

}  // namespace hypnos::cli

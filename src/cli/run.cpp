#include "hypnos/runtime/run.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <filesystem>

#include "arguments.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "hypnos/runtime/stop.hpp"
#include "hypnos/runtime/sync_file.hpp"
#include "summary_table.hpp"
#include "user_job.hpp"

namespace hypnos::cli {

namespace {

RunRequest read_request(Words const& words) {
  namespace po = boost::program_options;
  RunRequest request;
  std::string time_limit, sync = "end";
  po::options_description options;
  auto add = options.add_options();
  add("output,o", po::value(&request.output));
  add("ranks-per-task", po::value(&request.ranks_per_task));
  add("extend", po::bool_switch(&request.extend));
  add("time-limit", po::value(&time_limit));
  add("checkpoint-interval", po::value(&request.checkpoint_interval));
  add("sync", po::value(&sync));
  add("quiet", po::bool_switch(&request.quiet));
  auto const [given, positional] = parse_arguments(
      words, options,
      "hypnos run JOB [key=value ...] [-o FILE] [--extend] [--ranks-per-task r] [--time-limit D-HH:MM:SS] "
      "[--checkpoint-interval seconds] [--sync task|minute|end|seconds] [--quiet]",
      1, words.size());
  if (!time_limit.empty()) request.time_limit = parse_time_limit(time_limit);
  request.sync_interval = parse_sync_interval(sync);
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
  // mpirun ends all ranks as soon as one fails, so only the first rank, which prints the reason, returns an error code
  if (!result.is_first_rank) return exit_done;
  if (result.exit_code == exit_incomplete)
    std::printf("stopped before the end; the same command continues %s\n", output.c_str());
  else print_scalars(StoreReader(output), false, most_lines, stdout);
  std::printf("\n%s\n", output.c_str());
  return result.exit_code;
}

}  // namespace hypnos::cli

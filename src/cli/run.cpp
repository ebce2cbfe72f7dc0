#include "hypnos/runtime/run.hpp"

#include <boost/program_options/value_semantic.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "hypnos/runtime/stop.hpp"
#include "hypnos/runtime/sync_file.hpp"
#include "launch.hpp"
#include "summary_table.hpp"
#include "user_job.hpp"

namespace hypnos::cli {

namespace {

RunRequest read_request(Words const& words) {
  Arguments const arguments(run(), words);
  RunRequest request;
  request.ranks_per_task = arguments.value<int>("ranks-per-task");
  request.extend = arguments.flag("extend");
  request.quiet = arguments.flag("quiet");
  request.checkpoint_interval = arguments.value<double>("checkpoint-interval");
  request.sync_interval = parse_sync_interval(arguments.value<std::string>("sync"));
  if (arguments.given("time-limit")) request.time_limit = parse_time_limit(arguments.value<std::string>("time-limit"));
  request.job = user_job(arguments.positional());
  request.output = arguments.given("output") ? arguments.value<std::string>("output") : default_output(request.job);
  return request;
}

int run_job(Words const& words) {
  if (!is_launched())
    if (Arguments const arguments(cli::run(), words); arguments.given("ranks"))
      return launch(arguments.value<int>("ranks"), words);
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
    std::printf("stopped before the end (%s); the same command continues %s\n", result.stop_reason.c_str(),
                output.c_str());
  else print_scalars(StoreReader(output), Format::table, most_lines, stdout);
  std::printf("\n%s\n", output.c_str());
  return result.exit_code;
}

}  // namespace

Command const& run() {
  namespace po = boost::program_options;
  static Command const command = [] {
    Command declared{
        .name = "run",
        .words = "[JOB] [key=value ...]",
        .summary = "runs a job or continues it; under mpirun on all ranks",
        .details =
            "JOB is a text file of lines `key = value`, or - for standard input. Settings of the command line replace "
            "those of the file; with experiment=NAME no file is needed. If the store exists, it is continued.\n\n"
            "A line on stderr shows the progress: the time left is estimated from the declared costs of the tasks, and "
            "the load is the part of the elapsed time that was spent on tasks, mean over teams of ranks and least.\n\n"
            "SIGUSR1, SIGTERM, SIGINT (Ctrl-C), SIGHUP and the approaching time limit stop the job: no new tasks "
            "begin, long ones write checkpoints, and the exit code is 75. A second Ctrl-C ends the program. With -n "
            "all of these signals reach all ranks. The mpirun of Open MPI itself forwards SIGUSR1 only: after the "
            "others it gives the ranks a second and returns 1.",
        .least = 1,
        .most = any_number,
        .run = run_job};
    auto add = declared.options.add_options();
    add("output,o", po::value<std::string>()->value_name("FILE"), "the store; without it JOB.h5, or NAME.h5");
    add("ranks,n", po::value<int>()->value_name("RANKS"),
        "starts `mpirun -n RANKS` (or what HYPNOS_LAUNCHER names) itself, so that any signal stops the job well");
    add("extend", po::bool_switch(), "adds realizations or values to the store");
    add("ranks-per-task", po::value<int>()->default_value(1)->value_name("R"), "ranks that share one large task");
    add("time-limit", po::value<std::string>()->value_name("D-HH:MM:SS"),
        "stop before it; without it the limit of the Slurm job, if any");
    add("checkpoint-interval", po::value<double>()->default_value(600)->value_name("SECONDS"),
        "between two checkpoints of a long task");
    add("sync", po::value<std::string>()->default_value("end")->value_name("task|minute|end|SECONDS"),
        "when rows are forced to the disk; before that only a machine without power loses them");
    add("quiet", po::bool_switch(), "no progress and no notes on stderr");
    return declared;
  }();
  return command;
}

}  // namespace hypnos::cli

#include "hypnos/runtime/plan.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <cmath>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/estimate.hpp"
#include "hypnos/runtime/progress.hpp"
#include "hypnos/runtime/terminal.hpp"
#include "shape_text.hpp"
#include "table.hpp"
#include "user_job.hpp"

namespace hypnos::cli {

namespace {

// The largest memory of this process so far: the program, its libraries, the data it has read, tasks it has measured.
std::uint64_t memory_bytes() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

void print_shape(Plan const& plan) {
  Table axes;
  for (auto const& axis : plan.sweep())
    for (auto const& member : axis.members)
      axes.add({&member == &axis.members.front() ? "sweep" : "  with", member.name, std::to_string(member.size()),
                values_text(member)});
  axes.add({"disorder", "realization", std::to_string(plan.realizations()), values_text(plan.realization())});
  for (auto const& dimension : plan.axes())
    axes.add({"axis", dimension.name, std::to_string(dimension.size()), values_text(dimension)});
  axes.print(stdout);
}

std::string task_text(Plan const& plan, Estimate const& estimate, std::uint64_t point) {
  auto const where = plan.sweep().empty() ? "" : ": " + plan.describe_point(point);
  return duration_text(estimate.seconds[point]) + where;
}

void print_times(Plan const& plan, double seconds) {
  auto const found = estimate(plan, seconds);
  std::size_t parts = 0, failed = 0;
  double spent = 0;
  for (auto const& probe : found.probes) {
    parts += probe.whole ? 0 : 1;
    failed += probe.error.empty() ? 0 : 1;
    spent += probe.seconds;
  }
  Table times;
  std::puts("");
  times.add({"memory", size_text(memory_bytes()) + " per rank (measured, without MPI)"});
  times.add({"measured", std::to_string(found.probes.size()) + " tasks in " + duration_text(spent) + ", " +
                             std::to_string(parts) + " of them in part"});
  if (failed > 0)
    times.add(
        {"failed", std::to_string(failed) + " of these tasks: " + [&] {
           return std::ranges::find_if(found.probes, [](auto const& probe) { return !probe.error.empty(); })->error;
         }()});
  if (std::isnan(found.seconds.front())) {
    times.add({"one task", "more than " + duration_text(spent) + "; --measure SECONDS measures longer"});
    return times.print(stdout);
  }
  times.add({"cheapest task", task_text(plan, found, found.cheapest())});
  times.add({"dearest task", task_text(plan, found, found.dearest())});
  times.add({"all tasks", duration_text(found.total_seconds()) + " of one core like this"});
  for (std::uint64_t ranks = 1; ranks <= plan.tasks() && ranks <= 4096; ranks *= 8)
    times.add({std::to_string(ranks) + (ranks == 1 ? " rank" : " ranks"), duration_text(found.wall_seconds(ranks))});
  times.add({"", "more than " + std::to_string(plan.tasks()) + " ranks " +
                     (plan.experiment().shared_by_team ? "help only with --ranks-per-task" : "do not help")});
  times.print(stdout);
}

int print_plan(Words const& words) {
  Arguments const arguments(cli::plan(), words);
  auto const seconds = arguments.value<double>("measure");
  if (!(seconds > 0 && seconds <= 86400))
    throw BadInput("--measure " + format_number(seconds) + ", but must be a number of seconds above 0, up to 86400");
  Plan const plan(user_job(arguments.positional()));

  std::printf("%s: %s\n\n", painted(plan.experiment().name, Paint::heading, stdout).c_str(),
              plan.experiment().summary.c_str());
  print_shape(plan);
  std::puts("");
  Table sizes;
  sizes.add({"tasks", std::to_string(plan.tasks())});
  sizes.add({"file", size_text(plan.bytes())});
  sizes.add({"memory", "at least " + size_text(memory_bytes() + plan.row_bytes()) + " per rank, before any task"});
  sizes.print(stdout);
  std::fflush(stdout);
  for (auto const& note : plan.notes())
    std::fprintf(stderr, "%s %s\n", painted("note:", Paint::warning, stderr).c_str(), note.c_str());
  if (!arguments.flag("no-measure")) print_times(plan, seconds);
  return exit_done;
}

}  // namespace

Command const& plan() {
  namespace po = boost::program_options;
  static Command const command = [] {
    Command declared{
        .name = "plan",
        .words = "[JOB] [key=value ...]",
        .summary = "axes, tasks, file size, memory, and how long a job takes; creates nothing",
        .details =
            "Axes, tasks, file size and least memory are printed at once. Then tasks from cheap to dear are computed, "
            "whole or in part, for a bounded time of one core, and all others are scaled by their declared costs: the "
            "cheapest and the dearest task, all tasks together, and the elapsed time on some numbers of ranks. Times "
            "are those of the processor, so that other programs on this machine hardly matter. Where learning ends at "
            "a criterion, its number of steps is not known before: such estimates may be wrong by a factor of two.",
        .least = 1,
        .most = any_number,
        .run = print_plan};
    auto add = declared.options.add_options();
    add("measure", po::value<double>()->default_value(8)->value_name("SECONDS"), "how long to measure");
    add("no-measure", po::bool_switch(), "nothing is computed, and no times are printed");
    return declared;
  }();
  return command;
}

}  // namespace hypnos::cli

#include "hypnos/runtime/plan.hpp"

#include <sys/resource.h>

#include <boost/program_options/value_semantic.hpp>
#include <chrono>

#include "arguments.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/progress.hpp"
#include "table.hpp"
#include "user_job.hpp"

namespace hypnos::cli {

namespace {

std::string size_text(std::uint64_t bytes) {
  char text[32];
  double const size = static_cast<double>(bytes);
  if (size < 1e6) std::snprintf(text, sizeof text, "%.1f kB", size / 1e3);
  else if (size < 1e9) std::snprintf(text, sizeof text, "%.1f MB", size / 1e6);
  else std::snprintf(text, sizeof text, "%.1f GB", size / 1e9);
  return text;
}

std::string values_text(Dimension const& dimension) {
  constexpr std::uint64_t most = 12;
  std::vector<std::string> labels;
  for (std::uint64_t k = 0; k < dimension.size(); ++k)
    if (dimension.size() <= most || k < most - 2 || k + 1 == dimension.size()) labels.push_back(dimension.label(k));
    else if (k == most - 2) labels.push_back("...");
  return joined(labels, ", ");
}

// The largest memory of this process so far: the program, its libraries, the task that was measured.
std::uint64_t memory_bytes() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

double measured_seconds(Plan const& plan) {
  Alone team;
  NoCheckpoints checkpoints;
  Realization realization(plan.job().seed, plan.realization(0), team, checkpoints);
  auto const start = std::chrono::steady_clock::now();
  plan.experiment().run(plan.point(0), realization);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int plan(Words const& words) {
  namespace po = boost::program_options;
  po::options_description options;
  options.add_options()("no-measure", po::bool_switch());
  auto const arguments =
      parse_arguments(words, options, "hypnos plan JOB [key=value ...] [--no-measure]", 1, words.size());
  Plan const plan(user_job(arguments.positional));

  std::printf("%s: %s\n\n", plan.experiment().name.c_str(), plan.experiment().summary.c_str());
  Table axes;
  for (auto const& axis : plan.sweep())
    for (auto const& member : axis.members)
      axes.add({&member == &axis.members.front() ? "sweep" : "  with", member.name, std::to_string(member.size()),
                values_text(member)});
  axes.add({"disorder", "realization", std::to_string(plan.realizations()), values_text(plan.realization())});
  for (auto const& dimension : plan.axes())
    axes.add({"axis", dimension.name, std::to_string(dimension.size()), values_text(dimension)});
  axes.print(stdout);

  Table costs;
  costs.add({"tasks", std::to_string(plan.tasks())});
  costs.add({"file", size_text(plan.bytes())});
  if (!arguments.options["no-measure"].as<bool>()) {
    // the table is printed before the measurement, which may take long
    std::fflush(stdout);
    double const seconds = measured_seconds(plan);
    double const total = seconds * static_cast<double>(plan.tasks());
    costs.add({"memory", size_text(memory_bytes()) + " per rank (measured, without MPI)"});
    costs.add({"one task", duration_text(seconds) + " (measured here: " + plan.describe(0) + ")"});
    for (std::uint64_t ranks = 1; ranks <= plan.tasks() && ranks <= 4096; ranks *= 8) {
      auto const rounds = (plan.tasks() + ranks - 1) / ranks;
      costs.add(
          {std::to_string(ranks) + (ranks == 1 ? " rank" : " ranks"),
           duration_text(ranks == 1 ? total : seconds * static_cast<double>(rounds)) + " if all tasks cost the same"});
    }
    costs.add({"", "more than " + std::to_string(plan.tasks()) + " ranks " +
                       (plan.experiment().shared_by_team ? "help only with --ranks-per-task" : "do not help")});
  }
  std::puts("");
  costs.print(stdout);
  return exit_done;
}

}  // namespace hypnos::cli

#include <unistd.h>

#include <boost/program_options/value_semantic.hpp>
#include <chrono>
#include <cmath>
#include <thread>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/progress.hpp"
#include "hypnos/runtime/store.hpp"
#include "hypnos/runtime/terminal.hpp"
#include "own_process.hpp"
#include "store_counts.hpp"

namespace hypnos::cli {

namespace {

constexpr std::size_t most_messages = 10;

void print_failures(StoreReader const& store) {
  auto const tasks = store.file().open_dataset("failures/task").read<std::int64_t>();
  auto const messages = store.file().open_dataset("failures/message").read_texts();
  auto const states = store.states();
  std::size_t printed = 0;
  for (std::size_t k = 0; k < tasks.size() && printed < most_messages; ++k) {
    if (tasks[k] < 0 || states.at(static_cast<std::size_t>(tasks[k])) != TaskState::failed) continue;
    std::printf("  task %lld: %s\n", static_cast<long long>(tasks[k]), printable(messages[k]).c_str());
    ++printed;
  }
}

// The present state; returns the exit code.
int print_status(std::string const& path) {
  StoreReader const store(path);
  auto const counts = counts_of(store);
  auto const done = std::to_string(counts.done) + " of " + std::to_string(counts.tasks) + " tasks done";
  auto const failed = std::to_string(counts.failed) + " failed", left = std::to_string(counts.left()) + " left";
  std::printf("%s: %s, %s, %s, %s\n", store.path().c_str(), printable(store.experiment()).c_str(),
              (counts.exit_code() == exit_done ? painted(done, Paint::good, stdout) : done).c_str(),
              (counts.failed > 0 ? painted(failed, Paint::bad, stdout) : failed).c_str(),
              (counts.left() > 0 ? painted(left, Paint::warning, stdout) : left).c_str());

  double total = 0;
  std::uint64_t timed = 0;
  for (double const seconds : store.file().open_dataset("realizations/seconds").read<double>())
    if (!std::isnan(seconds)) {
      total += seconds;
      ++timed;
    }
  if (timed > 0) {
    double const mean = total / static_cast<double>(timed);
    std::printf("a task takes %s on average", duration_text(mean).c_str());
    if (counts.left() > 0)
      std::printf(", what is left %s on one rank", duration_text(mean * static_cast<double>(counts.left())).c_str());
    std::puts("");
  }
  if (counts.failed > 0) print_failures(store);
  return counts.exit_code();
}

// Rates are those since the watch began: the file does not contain the number of ranks that run, or their load.
int watch(std::string const& path) {
  using Clock = std::chrono::steady_clock;
  bool const live = ::isatty(STDOUT_FILENO) != 0;
  auto const start = Clock::now();
  auto const at_start = counts_of(StoreReader(path));
  while (true) {
    auto const counts = counts_of(StoreReader(path));
    auto const finished = counts.done + counts.failed - at_start.done - at_start.failed;
    auto text = std::to_string(counts.done) + '/' + std::to_string(counts.tasks) + " done, " +
                std::to_string(counts.failed) + " failed";
    if (finished > 0 && counts.left() > 0) {
      double const elapsed = std::chrono::duration<double>(Clock::now() - start).count();
      text +=
          ", " + duration_text(elapsed / static_cast<double>(finished) * static_cast<double>(counts.left())) + " left";
    }
    std::printf(live ? "\r%s\033[K" : "%s\n", text.c_str());
    std::fflush(stdout);
    if (counts.left() == 0) break;
    std::this_thread::sleep_for(std::chrono::seconds(live ? 2 : 30));
  }
  if (live) std::puts("");
  return print_status(path);
}

int report(Words const& words) {
  Arguments const arguments(status(), words);
  auto const& path = arguments.positional()[0];
  if (auto const code = code_of_own_process(path)) return *code;
  return arguments.flag("watch") ? watch(path) : print_status(path);
}

}  // namespace

Command const& status() {
  namespace po = boost::program_options;
  static Command const command = [] {
    Command declared{.name = "status",
                     .words = "FILE",
                     .summary = "tasks of a store that are done, failed, left; also while a job runs",
                     .details = "Exit code 0: the store is complete, 1: tasks have failed, 75: tasks are left.",
                     .least = 1,
                     .most = 1,
                     .run = report};
    declared.options.add_options()("watch", po::bool_switch(), "repeats it until no tasks are left");
    return declared;
  }();
  return command;
}

}  // namespace hypnos::cli

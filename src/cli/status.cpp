#include <cmath>

#include "arguments.hpp"
#include "hypnos/runtime/progress.hpp"
#include "hypnos/runtime/store.hpp"
#include "store_plan.hpp"

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
    std::printf("  task %lld: %s\n", static_cast<long long>(tasks[k]), messages[k].c_str());
    ++printed;
  }
}

}  // namespace

int status(Words const& words) {
  auto const arguments = parse_arguments(words, {}, "hypnos status FILE", 1, 1);
  StoreReader const store(arguments.positional[0]);
  auto const counts = counts_of(store);
  std::printf("%s: %s, %llu of %llu tasks done, %llu failed, %llu left\n", store.path().c_str(),
              store.experiment().c_str(), static_cast<unsigned long long>(counts.done),
              static_cast<unsigned long long>(counts.tasks), static_cast<unsigned long long>(counts.failed),
              static_cast<unsigned long long>(counts.left()));

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

}  // namespace hypnos::cli

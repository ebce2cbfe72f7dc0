#include <algorithm>
#include <bit>
#include <boost/program_options/value_semantic.hpp>
#include <cmath>
#include <cstdint>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "hypnos/runtime/declaration.hpp"
#include "hypnos/runtime/store.hpp"
#include "own_process.hpp"

namespace hypnos::cli {

namespace {

// The number of values whose bits differ, and the largest difference among them.
struct Difference {
  std::size_t count = 0;
  double largest = 0;
};

Difference difference(std::vector<double> const& stored, std::vector<double> const& computed) {
  Difference result;
  for (std::size_t k = 0; k < stored.size(); ++k)
    if (std::bit_cast<std::uint64_t>(stored[k]) != std::bit_cast<std::uint64_t>(computed[k])) {
      ++result.count;
      result.largest = std::fmax(result.largest, std::abs(stored[k] - computed[k]));
    }
  return result;
}

// The number of the task, given as a word or as an option.
std::uint64_t task_of(Arguments const& arguments) {
  bool const word = arguments.positional().size() == 2;
  if (word == arguments.given("task"))
    throw BadInput(std::string(word ? "the task is given twice" : "no task is given") + "; usage: " + replay().usage());
  auto const text = word ? arguments.positional()[1] : arguments.value<std::string>("task");
  auto const number = parse_number(text);
  if (!number || *number != std::trunc(*number) || *number < 0 || *number > 0x1p53)
    throw BadInput("task '" + text + "' is not a whole number; usage: " + replay().usage());
  return static_cast<std::uint64_t>(*number);
}

int replay_task(Words const& words) {
  Arguments const arguments(replay(), words);
  auto const task = task_of(arguments);
  if (auto const code = code_of_own_process(arguments.positional()[0])) return *code;
  StoreReader const store(arguments.positional()[0]);
  auto const plan = plan_of(store, catalogue());
  require_declared(store, plan);
  if (task >= plan.tasks())
    throw BadInput("task " + std::to_string(task) + ", but " + store.path() + " has tasks 0 to " +
                   std::to_string(plan.tasks() - 1));
  if (store.states()[task] != TaskState::done)
    throw BadInput("task " + std::to_string(task) + " of " + store.path() +
                   " is not done, so there is nothing to compare");

  std::printf("task %llu: %s\n", static_cast<unsigned long long>(task), plan.describe(task).c_str());
  std::fflush(stdout);
  Alone team;
  NoCheckpoints checkpoints;
  Realization realization(plan.job().seed, plan.realization(task), team, checkpoints);
  auto const blocks = plan.experiment().run(plan.point(task), realization);
  bool equal = true;
  // observables that were added since are not in the file
  auto const in_file = names_of_observables(store.file());
  auto const& declared = plan.experiment().observables;
  for (std::size_t k = 0; k < declared.size(); ++k) {
    if (std::ranges::find(in_file, declared[k].name) == in_file.end()) continue;
    auto const& observable = *plan.find_observable(declared[k].name);
    std::vector<double> stored(observable.size);
    auto const [offset, count] = slab(plan, task, 1, observable.extents);
    store.file().open_dataset("realizations/" + observable.info.name).read(offset, count, std::span(stored));
    auto const [differing, largest] = difference(stored, stored_values(observable, blocks.at(k)));
    if (differing == 0) continue;
    equal = false;
    std::printf("%s: %zu of %zu values differ, by up to %s\n", observable.info.name.c_str(), differing, stored.size(),
                format_number(largest).c_str());
  }
  std::puts(equal ? "the same, bit by bit" : "not the same; another processor, compiler or version made it?");
  return equal ? exit_done : exit_failed;
}

}  // namespace

Command const& replay() {
  namespace po = boost::program_options;
  static Command const command = [] {
    Command declared{.name = "replay",
                     .words = "FILE [TASK]",
                     .summary = "computes one task again and compares it bit by bit",
                     .details = "TASK is the number of a row, from 0. Exit code 0: the same bits, 1: others.",
                     .least = 1,
                     .most = 2,
                     .run = replay_task};
    declared.options.add_options()("task", po::value<std::string>()->value_name("TASK"), "the same as the word TASK");
    return declared;
  }();
  return command;
}

}  // namespace hypnos::cli

#include "store_plan.hpp"

#include <algorithm>

#include "commands.hpp"
#include "hypnos/experiments/catalogue.hpp"

namespace hypnos::cli {

Plan plan_of(StoreReader const& store) { return hypnos::plan_of(store, catalogue()); }

int Counts::exit_code() const {
  if (left() > 0) return exit_incomplete;
  return failed > 0 ? exit_failed : exit_done;
}

Counts counts_of(StoreReader const& store) {
  auto const states = store.states();
  auto const count = [&](TaskState state) { return static_cast<std::uint64_t>(std::ranges::count(states, state)); };
  return {states.size(), count(TaskState::done), count(TaskState::failed)};
}

}  // namespace hypnos::cli

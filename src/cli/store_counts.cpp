#include "store_counts.hpp"

#include <algorithm>

#include "commands.hpp"

namespace hypnos::cli {

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

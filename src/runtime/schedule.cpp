#include "hypnos/runtime/schedule.hpp"

#include <algorithm>

namespace hypnos {

Schedule::Schedule(std::vector<TaskState> states) : states_(std::move(states)) {
  done_ = static_cast<std::uint64_t>(std::ranges::count(states_, TaskState::done));
}

std::optional<std::uint64_t> Schedule::next() {
  while (position_ < states_.size() && states_[position_] == TaskState::done) ++position_;
  if (position_ == states_.size()) return std::nullopt;
  return position_++;
}

void Schedule::finished(TaskState outcome) {
  (outcome == TaskState::done ? done_ : failed_)++;
  ++finished_now_;
}

}  // namespace hypnos

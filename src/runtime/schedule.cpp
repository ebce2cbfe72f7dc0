#include "hypnos/runtime/schedule.hpp"

#include <algorithm>
#include <numeric>

namespace hypnos {

Schedule::Schedule(std::vector<TaskState> states, std::vector<double> const& point_costs)
    : states_(std::move(states)),
      points_(point_costs.size()),
      tasks_a_point_(states_.size() / std::max<std::size_t>(1, point_costs.size())) {
  std::iota(points_.begin(), points_.end(), 0);
  std::ranges::stable_sort(points_, std::ranges::greater{}, [&](auto point) { return point_costs[point]; });
  done_ = static_cast<std::uint64_t>(std::ranges::count(states_, TaskState::done));
  not_handed_out_ = states_.size() - done_;
}

bool Schedule::find_open() {
  for (; point_ < points_.size(); ++point_, task_ = 0)
    for (; task_ < tasks_a_point_; ++task_)
      if (states_[points_[point_] * tasks_a_point_ + task_] != TaskState::done) return true;
  return false;
}

std::optional<Chunk> Schedule::next(std::uint64_t most) {
  if (!find_open()) return std::nullopt;
  auto const begin = points_[point_] * tasks_a_point_;
  Chunk chunk{begin + task_, 0};
  while (chunk.count < most && task_ < tasks_a_point_ && states_[begin + task_] != TaskState::done) {
    ++chunk.count;
    ++task_;
  }
  not_handed_out_ -= chunk.count;
  return chunk;
}

void Schedule::finished(TaskState outcome, std::uint64_t count) {
  (outcome == TaskState::done ? done_ : failed_) += count;
  finished_now_ += count;
}

std::uint64_t chunk_size(double task_seconds, std::uint64_t left, std::uint64_t teams) {
  constexpr double chunk_seconds = 0.05;
  constexpr std::uint64_t most = 4096;
  if (task_seconds <= 0) return 1;
  auto const long_enough = static_cast<std::uint64_t>(std::min(chunk_seconds / task_seconds, 1.0 * most));
  return std::max<std::uint64_t>(1, std::min(long_enough, left / (4 * teams)));
}

}  // namespace hypnos

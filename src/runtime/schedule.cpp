#include "hypnos/runtime/schedule.hpp"

#include <algorithm>
#include <cmath>
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
  for (std::size_t task = 0; task < states_.size() && !point_costs.empty(); ++task)
    if (states_[task] != TaskState::done) cost_ += point_costs[task / tasks_a_point_];
}

bool Schedule::find_open() {
  for (; point_ < points_.size(); ++point_, task_ = 0)
    for (; task_ < tasks_a_point_; ++task_)
      if (states_[points_[point_] * tasks_a_point_ + task_] != TaskState::done) return true;
  return false;
}

std::optional<Chunk> Schedule::next(std::uint64_t most) {
  if (!returned_.empty()) return next_returned(most);
  if (!find_open()) return std::nullopt;
  auto const here = [&] { return points_[point_] * tasks_a_point_ + task_; };
  Chunk chunk{here(), 0};
  while (chunk.count < most && find_open() && here() == chunk.first + chunk.count) {
    ++chunk.count;
    ++task_;
  }
  not_handed_out_ -= chunk.count;
  return chunk;
}

std::optional<Chunk> Schedule::next_returned(std::uint64_t most) {
  auto& rest = returned_.back();
  Chunk const chunk{rest.first, std::min(rest.count, most)};
  rest = {rest.first + chunk.count, rest.count - chunk.count};
  if (rest.count == 0) returned_.pop_back();
  not_handed_out_ -= chunk.count;
  return chunk;
}

void Schedule::take_back(Chunk chunk) {
  if (chunk.count == 0) return;
  returned_.push_back(chunk);
  not_handed_out_ += chunk.count;
}

void Schedule::finished(TaskState outcome, std::uint64_t count) {
  (outcome == TaskState::done ? done_ : failed_) += count;
  finished_now_ += count;
}

void Schedule::worked_off(double cost) { cost_worked_off_ += cost; }

void Pace::took(std::uint64_t tasks, double seconds) {
  if (tasks == 0) return;
  double const latest = seconds / static_cast<double>(tasks);
  task_seconds_ = task_seconds_ == 0 ? latest : (task_seconds_ + latest) / 2;
}

namespace {

constexpr double chunks_a_second = 2000;  // of all teams together; the dispatcher and file systems serve more

double round_seconds(std::uint64_t teams) { return static_cast<double>(teams) / chunks_a_second; }

}  // namespace

double chunk_seconds(std::uint64_t teams) { return std::max(0.05, round_seconds(teams)); }

std::uint64_t chunk_size(double task_seconds, std::uint64_t left, std::uint64_t teams) {
  constexpr double most = 4096;
  if (task_seconds <= 0) return 1;
  auto const lasting = [=](double seconds) {
    return static_cast<std::uint64_t>(std::min(std::round(seconds / task_seconds), most));
  };
  auto const share = std::max(left / (4 * teams), lasting(round_seconds(teams) / 4));
  return std::max<std::uint64_t>(1, std::min(lasting(chunk_seconds(teams)), share));
}

}  // namespace hypnos

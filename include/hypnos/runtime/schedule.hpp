#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Consecutive realizations of one sweep point, handed out together.
struct Chunk {
  std::uint64_t first = 0, count = 0;  ///< tasks

  bool operator==(Chunk const&) const = default;
};

/// Which tasks next, and how far the job is. Pure bookkeeping: knows no ranks, files or clocks.
class Schedule {
 public:
  /// Tasks that are not done in `states` will be handed out, once each: the points of highest cost first (a long
  /// task begun last would keep all ranks waiting), equal ones in order. `point_costs`: one number a sweep point, in
  /// any unit; task k belongs to point k / (tasks per point).
  Schedule(std::vector<TaskState> states, std::vector<double> const& point_costs);

  /// At most `most` consecutive tasks of one point; nothing if all have been handed out.
  std::optional<Chunk> next(std::uint64_t most = 1);
  void finished(TaskState outcome, std::uint64_t count = 1);

  std::uint64_t tasks() const { return states_.size(); }
  std::uint64_t done() const { return done_; }
  std::uint64_t failed() const { return failed_; }
  std::uint64_t left() const { return tasks() - done_ - failed_; }
  std::uint64_t not_handed_out() const { return not_handed_out_; }
  /// Finished since this schedule was made.
  std::uint64_t finished_now() const { return finished_now_; }

 private:
  bool find_open();  // moves to the next task that may be handed out

  std::vector<TaskState> states_;
  std::vector<std::uint64_t> points_;  // in the order of handing out
  std::uint64_t tasks_a_point_;
  std::uint64_t point_ = 0, task_ = 0;  // next: points_[point_], task task_ of it
  std::uint64_t done_ = 0, failed_ = 0, finished_now_ = 0, not_handed_out_ = 0;
};

/// How many tasks to hand out at once: enough to last a twentieth of a second, so that asking and writing cost little
/// beside them, but no more than a quarter of a fair share of what is left, so that all teams end together.
/// `task_seconds`: mean of the tasks so far, 0 if there were none.
std::uint64_t chunk_size(double task_seconds, std::uint64_t left, std::uint64_t teams);

}  // namespace hypnos

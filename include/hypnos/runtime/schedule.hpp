#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Consecutive tasks, handed out together.
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

  /// At most `most` consecutive tasks; nothing if all have been handed out.
  std::optional<Chunk> next(std::uint64_t most = 1);
  /// These will be handed out again: who had them took too long over the tasks before.
  void take_back(Chunk chunk);
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
  std::optional<Chunk> next_returned(std::uint64_t most);

  std::vector<TaskState> states_;
  std::vector<std::uint64_t> points_;  // in the order of handing out
  std::vector<Chunk> returned_;
  std::uint64_t tasks_a_point_;
  std::uint64_t point_ = 0, task_ = 0;  // next: points_[point_], task task_ of it
  std::uint64_t done_ = 0, failed_ = 0, finished_now_ = 0, not_handed_out_ = 0;
};

/// How long a task takes, judged by the latest: every report counts as much as all before it, since the tasks of the
/// next sweep point may take a thousand times as long.
class Pace {
 public:
  void took(std::uint64_t tasks, double seconds);
  /// 0 if nothing is known yet.
  double task_seconds() const { return task_seconds_; }

 private:
  double task_seconds_ = 0;
};

/// How long the tasks of a chunk should take together: a twentieth of a second, so that asking and writing cost little
/// beside them; longer with many teams, so that all together ask and write no more than 2000 times a second.
double chunk_seconds(std::uint64_t teams);

/// How many tasks to hand out at once: as many as last for chunk_seconds, but no more than a quarter of a fair share of
/// what is left, so that all teams end together (and, beside many teams, no less than lasts for a quarter of that time).
std::uint64_t chunk_size(double task_seconds, std::uint64_t left, std::uint64_t teams);

}  // namespace hypnos

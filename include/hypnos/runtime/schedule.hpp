#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Consecutive tasks that are assigned together.
struct Chunk {
  std::uint64_t first = 0, count = 0;  ///< tasks

  bool operator==(Chunk const&) const = default;
};

/// The order of tasks and the state of the job. Does not depend on ranks, files or clocks.
class Schedule {
 public:
  /// Tasks that are not done in `states` will be assigned, once each: the points of highest cost first (all ranks would
  /// have to wait for a long task that begins last), equal ones in order. `point_costs`: one number per sweep point, in
  /// any unit; task k belongs to point k / (tasks per point).
  Schedule(std::vector<TaskState> states, std::vector<double> const& point_costs);

  /// At most `most` consecutive tasks; nothing if all have been assigned.
  std::optional<Chunk> next(std::uint64_t most = 1);
  /// These will be assigned again: their team needed too long for the tasks before them.
  void take_back(Chunk chunk);
  void finished(TaskState outcome, std::uint64_t count = 1);
  /// The declared cost of finished tasks.
  void worked_off(double cost);

  std::uint64_t tasks() const { return states_.size(); }
  std::uint64_t done() const { return done_; }
  std::uint64_t failed() const { return failed_; }
  std::uint64_t left() const { return tasks() - done_ - failed_; }
  std::uint64_t not_handed_out() const { return not_handed_out_; }
  /// Finished since this schedule was made.
  std::uint64_t finished_now() const { return finished_now_; }
  /// The declared cost of the tasks that were open when this schedule was made and have been, or are not, finished.
  double cost_worked_off() const { return cost_worked_off_; }
  double cost_left() const { return cost_ - cost_worked_off_; }

 private:
  bool find_open();  // moves to the next task that may be assigned
  std::optional<Chunk> next_returned(std::uint64_t most);

  std::vector<TaskState> states_;
  std::vector<std::uint64_t> points_;  // in the order of assignment
  std::vector<Chunk> returned_;
  std::uint64_t tasks_a_point_;
  std::uint64_t point_ = 0, task_ = 0;  // next: points_[point_], task task_ of it
  std::uint64_t done_ = 0, failed_ = 0, finished_now_ = 0, not_handed_out_ = 0;
  double cost_ = 0, cost_worked_off_ = 0;
};

/// The expected duration of a task, from the latest ones: every report has the same weight as all reports before it,
/// since the tasks of the next sweep point may take a thousand times as long.
class Pace {
 public:
  void took(std::uint64_t tasks, double seconds);
  /// 0 before the first report.
  double task_seconds() const { return task_seconds_; }

 private:
  double task_seconds_ = 0;
};

/// How long the tasks of a chunk should take together: a twentieth of a second, so that requests and writes cost little
/// in comparison; longer with many teams, so that all together make no more than 2000 requests per second.
double chunk_seconds(std::uint64_t teams);

/// The number of tasks of a chunk: as many as take chunk_seconds, but no more than a quarter of an equal share of the
/// remaining tasks, so that all teams end together (and, with many teams, at least as many as take a quarter of
/// chunk_seconds).
std::uint64_t chunk_size(double task_seconds, std::uint64_t left, std::uint64_t teams);

}  // namespace hypnos

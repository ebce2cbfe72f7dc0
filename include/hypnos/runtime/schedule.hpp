#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Which task next, and how far the job is. Pure bookkeeping: knows no ranks, files or clocks.
class Schedule {
 public:
  /// Tasks that are not done in `states` will be handed out, once each, in ascending order.
  explicit Schedule(std::vector<TaskState> states);

  std::optional<std::uint64_t> next();
  void finished(TaskState outcome);

  std::uint64_t tasks() const { return states_.size(); }
  std::uint64_t done() const { return done_; }
  std::uint64_t failed() const { return failed_; }
  std::uint64_t left() const { return tasks() - done_ - failed_; }
  /// Finished since this schedule was made.
  std::uint64_t finished_now() const { return finished_now_; }

 private:
  std::vector<TaskState> states_;
  std::uint64_t position_ = 0, done_ = 0, failed_ = 0, finished_now_ = 0;
};

}  // namespace hypnos

#pragma once

#include <chrono>
#include <string>

#include "hypnos/runtime/schedule.hpp"

namespace hypnos {

/// Tells how far a job is, on stderr: one live line on a terminal, a line now and then (at most every ten seconds,
/// and at the end) in a log file.
class Progress {
 public:
  explicit Progress(bool quiet);
  void show(Schedule const& schedule, bool last = false);

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_, live_;
  Clock::time_point start_ = Clock::now(), shown_ = start_;
};

/// "12/80 done, 1 failed, 3.2 tasks/s, 21 s left"
std::string progress_text(Schedule const& schedule, double elapsed_seconds);

/// "42 s", "3 min 05 s", "2 h 07 min", "3 d 04 h"
std::string duration_text(double seconds);

}  // namespace hypnos

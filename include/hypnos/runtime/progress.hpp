#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "hypnos/runtime/schedule.hpp"

namespace hypnos {

/// The state of a running job besides its schedule.
struct Standing {
  std::vector<double> busy_seconds = {};  ///< spent on finished tasks, one number per team
  double in_hand = 0;                     ///< sum of the completed fractions of the running tasks
  double cost_in_hand = 0;                ///< declared cost of these fractions
  bool stopping = false;                  ///< no more tasks are assigned
};

/// Prints the progress of a job on stderr: one live line on a terminal, also on that of mpirun; lines in a log file,
/// after 1, 2, 4, 8, 16 seconds, then at least ten seconds apart, later ten minutes; and one at the end.
class Progress {
 public:
  explicit Progress(bool quiet);
  void show(Schedule const& schedule, Standing const& standing, bool last = false);
  /// A line of its own.
  void announce(std::string const& message);

 private:
  using Clock = std::chrono::steady_clock;
  Clock::duration interval(Clock::time_point now) const;

  bool quiet_, live_;
  Clock::time_point start_ = Clock::now(), shown_ = start_;
};

/// "12/80 done, 1 failed, 3.2 tasks/s, 21 s left, load 98 % (team 3: 91 %)". The time left is that of the declared cost
/// that is left, at the rate of cost so far (of the number of tasks, if no cost is known). The load is the mean over
/// teams of the time spent on finished tasks, then the least loaded team.
std::string progress_text(Schedule const& schedule, Standing const& standing, double elapsed_seconds);

/// After how long the next line of a log is due, `elapsed_seconds` after the start.
double seconds_between_lines(double elapsed_seconds);

/// "42 s", "3 min 05 s", "2 h 07 min", "3 d 04 h"
std::string duration_text(double seconds);

}  // namespace hypnos

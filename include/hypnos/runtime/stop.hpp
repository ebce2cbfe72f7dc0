#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace hypnos {

/// From now on SIGUSR1 and SIGTERM do not end this process but request a graceful stop.
void listen_to_signals();

/// Whether a graceful stop of this process has been requested, by SIGUSR1, SIGTERM or the time limit.
class StopRequest {
 public:
  /// `seconds_left`: until the time limit kills the process. The stop is requested earlier, to leave time for
  /// checkpoints: by a fiftieth of `seconds_left`, at least two seconds and at most a minute.
  explicit StopRequest(std::optional<double> seconds_left);
  bool asked() const;
  /// Until the stop is requested; infinite without a limit.
  double seconds_left() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> deadline_;
};

/// Seconds in Slurm's forms of a time limit: "90" (minutes), "MM:SS", "HH:MM:SS", "D-HH", "D-HH:MM", "D-HH:MM:SS".
/// Throws BadInput.
double parse_time_limit(std::string const& text);

/// Seconds until the limit of this Slurm job, if it is one with a limit.
std::optional<double> slurm_seconds_left();

}  // namespace hypnos

#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace hypnos {

/// From now on SIGUSR1 and SIGTERM do not end this process but ask it for a graceful stop.
void listen_to_signals();

/// Whether this process has been asked to stop gracefully: by SIGUSR1 or SIGTERM, or because its time is over.
class StopRequest {
 public:
  /// `seconds_left`: until the time limit ends everything by force; the stop is asked for a little earlier, in time for
  /// checkpoints: at least two seconds and a fiftieth of the rest, at most a minute.
  explicit StopRequest(std::optional<double> seconds_left);
  bool asked() const;
  /// Until the stop is asked for; infinite without a limit.
  double seconds_left() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> deadline_;
};

/// Seconds in Slurm's forms of a time limit: "90" (minutes), "MM:SS", "HH:MM:SS", "D-HH", "D-HH:MM", "D-HH:MM:SS".
/// Throws BadInput.
double parse_time_limit(std::string const& text);

/// What Slurm leaves this job, in seconds, if this is a Slurm job with a limit.
std::optional<double> slurm_seconds_left();

}  // namespace hypnos

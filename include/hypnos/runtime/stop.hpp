#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace hypnos {

/// From now on SIGUSR1, SIGTERM, SIGINT and SIGHUP do not end this process but request a graceful stop. A second SIGINT
/// ends it.
void listen_to_signals();

/// Why a stop was requested: the number of a signal, or one of these.
using StopCause = int;
constexpr StopCause no_stop = 0, limit_near = 1 << 16;

/// "SIGTERM"; a number for signals that request no stop.
std::string signal_name(int signal);

/// Whether a graceful stop of this process has been requested, by a signal or the time limit.
class StopRequest {
 public:
  /// `seconds_left`: until the time limit kills the process. The stop is requested earlier, to leave time for
  /// checkpoints: by a fiftieth of `seconds_left`, at least two seconds and at most a minute.
  explicit StopRequest(std::optional<double> seconds_left);
  bool asked() const { return cause() != no_stop; }
  StopCause cause() const;
  /// Until the stop is requested; infinite without a limit.
  double seconds_left() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> deadline_;
};

/// Seconds in Slurm's forms of a time limit: "90" (minutes), "MM:SS", "HH:MM:SS", "D-HH", "D-HH:MM", "D-HH:MM:SS".
/// Throws BadInput.
double parse_time_limit(std::string const& text);

/// A time limit, and where it was read.
struct TimeLimit {
  double seconds_left = 0;
  std::string origin;  ///< "Slurm, SLURM_JOB_END_TIME = 1764293460"
};

/// The limit of this Slurm job, if it is one with a limit.
std::optional<TimeLimit> slurm_time_limit();

}  // namespace hypnos

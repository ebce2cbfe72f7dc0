#include "hypnos/runtime/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace hypnos {

namespace {

std::string printed(char const* format, auto... values) {
  char buffer[128];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 0.1) return printed("%.2g s", seconds);
  if (seconds < 10) return printed("%.1f s", seconds);
  auto const whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return printed("%lld s", whole);
  if (whole < 3600) return printed("%lld min %02lld s", whole / 60, whole % 60);
  if (whole < 86400) return printed("%lld h %02lld min", whole / 3600, whole % 3600 / 60);
  return printed("%lld d %02lld h", whole / 86400, whole % 86400 / 3600);
}

std::string progress_text(Schedule const& schedule, Standing const& standing, double elapsed_seconds) {
  auto text = std::to_string(schedule.done()) + '/' + std::to_string(schedule.tasks()) + " done";
  if (schedule.failed() > 0) text += ", " + std::to_string(schedule.failed()) + " failed";
  if (standing.stopping && schedule.left() > 0) text += ", stopping";
  double const finished = static_cast<double>(schedule.finished_now()) + standing.in_hand;
  if (finished <= 0 || elapsed_seconds <= 0) return text;
  double const rate = finished / elapsed_seconds;
  text += printed(", %.3g tasks/s", rate);
  if (schedule.left() > 0 && !standing.stopping)
    text += ", " + duration_text((static_cast<double>(schedule.left()) - standing.in_hand) / rate) + " left";
  auto const& busy = standing.busy_seconds;
  if (schedule.finished_now() == 0 || busy.empty()) return text;
  auto const percent = [&](double seconds) { return std::min(100.0, 100 * seconds / elapsed_seconds); };
  double const mean = std::reduce(busy.begin(), busy.end()) / static_cast<double>(busy.size());
  text += printed(", load %.0f %%", percent(mean));
  if (busy.size() > 1) {
    auto const least = std::ranges::min_element(busy);
    text += printed(" (team %ld: %.0f %%)", static_cast<long>(least - busy.begin()), percent(*least));
  }
  return text;
}

Progress::Progress(bool quiet) : quiet_(quiet), live_(::isatty(STDERR_FILENO) != 0) {}

// The interval of lines in a log is a twentieth of the elapsed time.
Progress::Clock::duration Progress::interval(Clock::time_point now) const {
  if (live_) return std::chrono::milliseconds(200);
  return std::clamp<Clock::duration>((now - start_) / 20, std::chrono::seconds(10), std::chrono::minutes(10));
}

void Progress::show(Schedule const& schedule, Standing const& standing, bool last) {
  if (quiet_) return;
  auto const now = Clock::now();
  if (!last && now - shown_ < interval(now)) return;
  shown_ = now;
  auto const text = progress_text(schedule, standing, std::chrono::duration<double>(now - start_).count());
  // \033[K clears the rest of a longer previous line
  if (live_) std::fprintf(stderr, "\r%s\033[K%s", text.c_str(), last ? "\n" : "");
  else std::fprintf(stderr, "%s\n", text.c_str());
  std::fflush(stderr);
}

}  // namespace hypnos

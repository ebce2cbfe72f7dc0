#include "hypnos/runtime/progress.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdio>

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

std::string progress_text(Schedule const& schedule, double elapsed_seconds) {
  auto text = std::to_string(schedule.done()) + '/' + std::to_string(schedule.tasks()) + " done";
  if (schedule.failed() > 0) text += ", " + std::to_string(schedule.failed()) + " failed";
  if (schedule.finished_now() == 0 || elapsed_seconds <= 0) return text;
  double const rate = static_cast<double>(schedule.finished_now()) / elapsed_seconds;
  text += printed(", %.3g tasks/s", rate);
  if (schedule.left() > 0) text += ", " + duration_text(static_cast<double>(schedule.left()) / rate) + " left";
  return text;
}

Progress::Progress(bool quiet) : quiet_(quiet), live_(::isatty(STDERR_FILENO) != 0) {}

void Progress::show(Schedule const& schedule, bool last) {
  if (quiet_) return;
  auto const now = Clock::now();
  auto const interval = live_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10'000);
  if (!last && now - shown_ < interval) return;
  shown_ = now;
  auto const text = progress_text(schedule, std::chrono::duration<double>(now - start_).count());
  // \033[K clears the rest of a longer line before it
  if (live_) std::fprintf(stderr, "\r%s\033[K%s", text.c_str(), last ? "\n" : "");
  else std::fprintf(stderr, "%s\n", text.c_str());
  std::fflush(stderr);
}

}  // namespace hypnos

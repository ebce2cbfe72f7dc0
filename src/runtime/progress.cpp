#include "hypnos/runtime/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "hypnos/runtime/terminal.hpp"

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

namespace {

double seconds_left(Schedule const& schedule, Standing const& standing, double elapsed_seconds) {
  if (double const cost = schedule.cost_worked_off() + standing.cost_in_hand; cost > 0)
    return std::max(0.0, schedule.cost_left() - standing.cost_in_hand) / cost * elapsed_seconds;
  double const finished = static_cast<double>(schedule.finished_now()) + standing.in_hand;
  return (static_cast<double>(schedule.left()) - standing.in_hand) / finished * elapsed_seconds;
}

}  // namespace

double seconds_between_lines(double elapsed_seconds) {
  return std::clamp(std::max(std::min(elapsed_seconds, 10.0), elapsed_seconds / 20), 1.0, 600.0);
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
    text += ", " + duration_text(seconds_left(schedule, standing, elapsed_seconds)) + " left";
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

Progress::Progress(bool quiet) : quiet_(quiet), live_(stderr_is_shown_live()) {}

Progress::Clock::duration Progress::interval(Clock::time_point now) const {
  if (live_) return std::chrono::milliseconds(200);
  auto const elapsed = std::chrono::duration<double>(now - start_).count();
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds_between_lines(elapsed)));
}

void Progress::show(Schedule const& schedule, Standing const& standing, bool last) {
  if (quiet_) return;
  auto const now = Clock::now();
  if (!last && now - shown_ < interval(now)) return;
  shown_ = now;
  auto text = progress_text(schedule, standing, std::chrono::duration<double>(now - start_).count());
  auto const failed = std::to_string(schedule.failed()) + " failed";
  if (auto const at = text.find(failed); at != text.npos)
    text.replace(at, failed.size(), painted(failed, Paint::bad, stderr));
  // \033[K clears the rest of a longer previous line
  if (live_) std::fprintf(stderr, "\r%s\033[K%s", text.c_str(), last ? "\n" : "");
  else std::fprintf(stderr, "%s\n", text.c_str());
  if (last && text.find("load") != text.npos)
    std::fputs("load: part of the elapsed time spent on tasks, mean over teams of ranks (and the least of them)\n",
               stderr);
  std::fflush(stderr);
}

void Progress::announce(std::string const& message) {
  if (quiet_) return;
  std::fprintf(stderr, "%s%s\n", live_ ? "\r\033[K" : "", painted(message, Paint::warning, stderr).c_str());
  std::fflush(stderr);
}

}  // namespace hypnos

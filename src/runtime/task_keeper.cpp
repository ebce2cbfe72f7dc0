#include "task_keeper.hpp"

#include <cstdio>

namespace hypnos {

TaskKeeper::TaskKeeper(CheckpointFile file, MpiTeam& team, DeskClient& desk, StopRequest const& stop,
                       Clock::duration interval)
    : file_(std::move(file)), team_(team), desk_(desk), stop_(stop), interval_(interval) {}

std::vector<double> TaskKeeper::restored() {
  used_ = true;
  // members must go on from the same state, so the leader reads it for all
  return team_.from_leader(leads() ? file_.read().value_or(std::vector<double>{}) : std::vector<double>{});
}

void TaskKeeper::checkpoint(double fraction, State const& state) {
  used_ = true;
  auto const now = Clock::now();
  if (leads() && now - told_ > std::chrono::seconds(1)) {
    desk_.tell_fraction(fraction);
    told_ = now;
  }
  // 2: stop, 1: keep; the most urgent wish of all members counts, and no clock but the leader's
  int const wish = stop_.asked() ? 2 : leads() && now - kept_ >= interval_ ? 1 : 0;
  int const agreed = team_.largest(wish);
  if (agreed == 0) return;
  auto const kept = state();
  if (leads()) keep(kept);
  kept_ = Clock::now();
  if (agreed == 2) throw Interrupted{};
}

void TaskKeeper::keep(std::vector<double> const& state) {
  try {
    file_.write(state);
  } catch (std::exception const& error) {
    // no reason to give up the task, nor the state that was kept before
    std::fprintf(stderr, "hypnos: %s; the job goes on without it\n", error.what());
  }
}

void TaskKeeper::forget() {
  if (used_ && leads()) file_.remove();
}

}  // namespace hypnos

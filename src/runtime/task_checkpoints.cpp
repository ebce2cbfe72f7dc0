#include "task_checkpoints.hpp"

#include <algorithm>
#include <cstdio>

namespace hypnos {

TaskCheckpoints::TaskCheckpoints(CheckpointFile file, bool may_exist, double cost, MpiTeam& team,
                                 DispatcherClient& dispatcher, StopRequest const& stop, Clock::duration interval)
    : file_(std::move(file)),
      may_exist_(may_exist),
      cost_(cost),
      team_(team),
      dispatcher_(dispatcher),
      stop_(stop),
      interval_(interval) {}

std::vector<std::byte> TaskCheckpoints::restored() {
  used_ = true;
  if (!may_exist_) return {};
  kept_ = true;
  // all members must continue from the same state, so the leader reads it for all
  return team_.from_leader(leads() ? file_.read().value_or(std::vector<std::byte>{}) : std::vector<std::byte>{});
}

// Pieces of work may be much shorter than a message, so the members of a team communicate only after as many calls as
// the leader made in about ten milliseconds.
Checkpoints::Wish TaskCheckpoints::wish(double fraction) {
  if (++since_asked_ < until_asked_) return Wish::go_on;
  auto const now = Clock::now();
  if (leads() && now - told_ > std::chrono::seconds(1)) {
    dispatcher_.tell({fraction, fraction * cost_});
    told_ = now;
  }
  // the most urgent wish of all members counts; only the leader's clock is used
  auto const own = stop_.asked() ? Wish::stop : leads() && now - last_kept_ >= interval_ ? Wish::keep : Wish::go_on;
  if (team_.size() == 1) return own;
  constexpr auto pause = std::chrono::milliseconds(10);
  auto const piece = std::max<Clock::duration>((now - asked_) / since_asked_, std::chrono::nanoseconds(10));
  auto const [agreed, calls] = team_.largest(
      {static_cast<int>(own), leads() ? static_cast<int>(std::clamp<long>(pause / piece, 1, 100'000)) : 0});
  since_asked_ = 0;
  until_asked_ = calls;
  asked_ = now;
  return static_cast<Wish>(agreed);
}

void TaskCheckpoints::keep(std::vector<std::byte> const& state) {
  last_kept_ = Clock::now();
  if (!leads()) return;
  try {
    file_.write(state);
    kept_ = true;
  } catch (std::exception const& error) {
    // the task continues, and the checkpoint before stays
    std::fprintf(stderr, "hypnos: %s; the job continues without it\n", error.what());
  }
}

void TaskCheckpoints::poll() {
  if (stop_.asked()) throw Interrupted{};
}

void TaskCheckpoints::forget() {
  if (kept_ && leads()) file_.remove();
}

}  // namespace hypnos

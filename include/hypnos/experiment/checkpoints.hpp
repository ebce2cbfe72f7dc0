#pragma once

#include <cstddef>
#include <vector>

namespace hypnos {

/// Leaves a task that the job has no time for. Not a std::exception: only the runtime catches it.
struct Interrupted {};

/// Where the state of a long task is kept when the task has to be left. Made by the runtime.
class Checkpoints {
 public:
  virtual ~Checkpoints() = default;
  /// The state that an interrupted attempt at this task left; empty if there was none.
  virtual std::vector<std::byte> restored() = 0;

  enum class Wish { go_on, keep, stop };
  /// Called between two pieces of work, `fraction` of the task being done; the same answer for all members of a team.
  virtual Wish wish(double fraction) = 0;
  virtual void keep(std::vector<std::byte> const& state) = 0;

  /// Called within a piece of work: throws Interrupted if the job has to stop.
  virtual void poll() = 0;
};

/// Keeps nothing and interrupts nothing.
class NoCheckpoints final : public Checkpoints {
 public:
  std::vector<std::byte> restored() override { return {}; }
  Wish wish(double) override { return Wish::go_on; }
  void keep(std::vector<std::byte> const&) override {}
  void poll() override {}
};

}  // namespace hypnos

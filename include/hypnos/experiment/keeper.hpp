#pragma once

#include <functional>
#include <vector>

namespace hypnos {

/// Computes the state of a task: all it needs to go on from here, whole numbers up to 2^53 included.
using State = std::function<std::vector<double>()>;

/// Where a long task may be interrupted, and how it goes on afterwards. Made by the runtime.
class Keeper {
 public:
  virtual ~Keeper() = default;
  /// The state in which an interrupted attempt at this task was last kept; empty if there was none.
  virtual std::vector<double> restored() = 0;
  /// `fraction` of the task is done. May keep `state()`, and may not return but leave the task for a later run.
  virtual void checkpoint(double fraction, State const& state) = 0;
};

/// Keeps nothing and interrupts nothing.
class NoKeeper final : public Keeper {
 public:
  std::vector<double> restored() override { return {}; }
  void checkpoint(double, State const&) override {}
};

}  // namespace hypnos

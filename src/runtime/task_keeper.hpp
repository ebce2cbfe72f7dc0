#pragma once

#include <chrono>
#include <exception>

#include "desk.hpp"
#include "hypnos/experiment/keeper.hpp"
#include "hypnos/runtime/checkpoint_file.hpp"
#include "hypnos/runtime/stop.hpp"
#include "mpi_team.hpp"

namespace hypnos {

/// Ends a task that the job has no time for; its state is kept. Not a std::exception: nothing but the runtime should
/// catch it.
struct Interrupted {};

/// Keeps the state of one task in a file every `interval`, and when the job has to stop.
class TaskKeeper final : public Keeper {
 public:
  using Clock = std::chrono::steady_clock;

  TaskKeeper(CheckpointFile file, MpiTeam& team, DeskClient& desk, StopRequest const& stop, Clock::duration interval);

  std::vector<double> restored() override;
  void checkpoint(double fraction, State const& state) override;

  /// Whether the task ever called checkpoint.
  bool used() const { return used_; }
  /// The task is done: nothing needs to be kept.
  void forget();

 private:
  bool leads() const { return team_.rank() == 0; }
  void keep(std::vector<double> const& state);

  CheckpointFile file_;
  MpiTeam& team_;
  DeskClient& desk_;
  StopRequest const& stop_;
  Clock::duration interval_;
  Clock::time_point kept_ = Clock::now(), told_ = kept_;
  bool used_ = false;
};

}  // namespace hypnos

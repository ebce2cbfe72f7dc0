#pragma once

#include <chrono>

#include "dispatcher.hpp"
#include "hypnos/experiment/checkpoints.hpp"
#include "hypnos/runtime/checkpoint_file.hpp"
#include "hypnos/runtime/stop.hpp"
#include "mpi_team.hpp"

namespace hypnos {

/// Writes the state of one task to a file every `interval`, and when the job has to stop.
class TaskCheckpoints final : public Checkpoints {
 public:
  using Clock = std::chrono::steady_clock;

  /// `may_exist`: whether an earlier run can have left a file; if not, none is searched.
  /// `cost`: of the task, as declared.
  TaskCheckpoints(CheckpointFile file, bool may_exist, double cost, MpiTeam& team, DispatcherClient& dispatcher,
                  StopRequest const& stop, Clock::duration interval);

  std::vector<std::byte> restored() override;
  Wish wish(double fraction) override;
  void keep(std::vector<std::byte> const& state) override;
  void poll() override;

  /// Whether the task has stages, so that it may be interrupted.
  bool used() const { return used_; }
  /// Whether there is, or may be, a file.
  bool kept() const { return kept_; }
  /// The task is done: removes the file.
  void forget();

 private:
  bool leads() const { return team_.rank() == 0; }

  CheckpointFile file_;
  bool may_exist_;
  double cost_;
  MpiTeam& team_;
  DispatcherClient& dispatcher_;
  StopRequest const& stop_;
  Clock::duration interval_;
  Clock::time_point last_kept_ = Clock::now(), told_ = last_kept_, asked_ = last_kept_;
  int since_asked_ = 0, until_asked_ = 0;  // calls of wish
  bool used_ = false, kept_ = false;
};

}  // namespace hypnos

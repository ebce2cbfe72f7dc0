#pragma once

#include <mpi.h>

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/experiment/checkpoints.hpp"
#include "hypnos/experiment/team.hpp"

namespace hypnos {

/// A task that this team agreed to give up, with the message of the member that found out.
class TeamFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the exception says; never empty.
std::string message_of(std::exception const& exception);

/// The ranks of one communicator sharing a task.
class MpiTeam final : public Team {
 public:
  explicit MpiTeam(MPI_Comm communicator);
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  MPI_Comm communicator() const { return communicator_; }
  std::vector<double> blocks(int count, int size, FillBlock const& fill) override;
  std::vector<std::vector<double>> gather(int count, MakeItem const& make) override;

  /// What became of a member's own work: an error message, empty if there is none; whether it was interrupted.
  struct Outcome {
    std::string error = {};
    bool interrupted = false;
  };
  /// Does the work and says what became of it. TeamFailure passes: all members have agreed on it already.
  static Outcome outcome_of(std::function<void()> const& work);

  /// Agrees on the outcome. Throws TeamFailure in all members if one has an error, else Interrupted in all of them if one
  /// was interrupted. All that is collective within a task begins with it, and so does a task's end, so a member that
  /// fails alone meets the others in their next call and none waits for ever.
  void agree(Outcome const& mine);

  /// The largest of the members' numbers, 0 and up. A member that failed alone meets this call, too.
  int largest(int value);
  std::pair<int, int> largest(std::pair<int, int> values);
  /// The leader's bytes.
  std::vector<std::byte> from_leader(std::vector<std::byte> bytes);

 private:
  MPI_Comm communicator_;
  int rank_ = 0, size_ = 1;
};

}  // namespace hypnos

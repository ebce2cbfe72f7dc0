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

/// A task that the team agreed to abandon, with the message of the member that failed.
class TeamFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The message of the exception; never empty.
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

  /// The outcome of a member's own work: an error message, empty if there is none; whether it was interrupted.
  struct Outcome {
    std::string error = {};
    bool interrupted = false;
  };
  /// Does the work and returns its outcome. TeamFailure passes: all members have agreed on it already.
  static Outcome outcome_of(std::function<void()> const& work);

  /// Agrees on the outcome. Throws TeamFailure in all members if one has an error, else Interrupted in all of them if one
  /// was interrupted. Every collective call within a task begins with it, and so does the end of a task. A member that
  /// fails alone takes part in the next agreement of the others, so none of them waits without end.
  void agree(Outcome const& mine);

  /// The largest of the members' numbers, which are not negative. Begins with an agreement.
  int largest(int value);
  std::pair<int, int> largest(std::pair<int, int> values);
  /// The bytes of the leader, on all members.
  std::vector<std::byte> from_leader(std::vector<std::byte> bytes);

 private:
  MPI_Comm communicator_;
  int rank_ = 0, size_ = 1;
};

}  // namespace hypnos

#pragma once

#include <mpi.h>

#include <stdexcept>
#include <string>

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

  /// Agrees on whether all members are well. Every member calls it with its own error message, empty if none;
  /// throws TeamFailure in all of them if one has an error. All that is collective within a task
  /// begins with it, and so does a task's end, so a member that fails alone meets the others in their next call and
  /// nobody waits for ever.
  void agree(std::string const& error);

  /// The largest of the members' numbers, 0 and up. A member that failed alone meets this call, too.
  int largest(int value);
  /// The leader's numbers.
  std::vector<double> from_leader(std::vector<double> values);

 private:
  MPI_Comm communicator_;
  int rank_ = 0, size_ = 1;
};

}  // namespace hypnos

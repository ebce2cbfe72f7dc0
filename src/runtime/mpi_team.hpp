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
  std::vector<double> blocks(int count, int size, FillBlock const& fill) override;

  /// Agrees on whether all members are well. Every member calls it with its own error message, empty if none;
  /// throws TeamFailure in all of them if one has an error. Both `blocks` and the end of a task call it and nothing
  /// else is collective in between, so a member that fails alone, outside of `blocks`, meets the others in their
  /// next call and nobody waits for ever.
  void agree(std::string const& error);

 private:
  MPI_Comm communicator_;
  int rank_ = 0, size_ = 1;
};

}  // namespace hypnos

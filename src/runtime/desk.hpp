#pragma once

#include <mpi.h>

#include <optional>
#include <thread>

#include "hypnos/runtime/progress.hpp"
#include "hypnos/runtime/schedule.hpp"

namespace hypnos {

/// Where tasks are handed out: a thread beside rank 0's own computing that answers the leaders of all teams with
/// two-sided messages, which work on any network. Needs MPI_THREAD_MULTIPLE.
class Desk {
 public:
  /// Serves until every one of `leaders` has been told that there is no more to do.
  Desk(MPI_Comm communicator, Schedule& schedule, Progress& progress, int leaders);
  ~Desk() { thread_.join(); }
  Desk(Desk const&) = delete;

 private:
  void serve();

  MPI_Comm communicator_;
  Schedule& schedule_;
  Progress& progress_;
  int leaders_;
  std::int64_t failure_slots_given_ = 0;
  std::thread thread_;
};

/// The leader's side of the desk at rank 0 of the communicator.
class DeskClient {
 public:
  explicit DeskClient(MPI_Comm communicator) : communicator_(communicator) {}
  /// Reports how the last task ended (nothing at first) and asks for the next one.
  std::optional<std::uint64_t> next_task(std::optional<TaskState> last);
  /// A place in /failures that nobody else has.
  std::uint64_t failure_slot();

 private:
  std::int64_t ask(std::int64_t question);
  MPI_Comm communicator_;
};

}  // namespace hypnos

#pragma once

#include <mpi.h>

#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "hypnos/runtime/progress.hpp"
#include "hypnos/runtime/schedule.hpp"
#include "hypnos/runtime/stop.hpp"

namespace hypnos {

/// What a team has done since its last message to the dispatcher.
struct Report {
  std::int64_t done = 0, failed = 0;
  double seconds = 0;          ///< spent on these tasks
  double longest_seconds = 0;  ///< of a single one
  double cost = 0;             ///< of these tasks, as declared
  std::int64_t stop = 0;       ///< StopCause: whether a stop of this process has been requested, and why
  std::int64_t keeps = 0;      ///< 1: these tasks keep their state by checkpoints
  Chunk returned = {};         ///< tasks that were not begun, since those before them took too long
};

/// What is done of a running task.
struct PartialTask {
  double fraction = 0;
  double cost = 0;  ///< of this fraction, as declared
};

/// The dispatcher assigns tasks to teams. It is a thread at rank 0, beside the computation there, and answers the
/// leaders of all teams with two-sided messages, which work on any network. Needs MPI_THREAD_MULTIPLE.
class Dispatcher {
 public:
  struct Settings {
    int teams = 1;
    std::uint64_t row_bytes = 0;  ///< of one task in the store: rows wait in memory for their chunk
  };

  /// Serves until every team has left. Assigns no more tasks after a request to stop; nor if, according to the longest
  /// task so far, a task would not end before the stop, unless tasks write checkpoints.
  Dispatcher(MPI_Comm communicator, Schedule& schedule, Progress& progress, StopRequest const& stop, Settings settings);
  ~Dispatcher() { join(); }
  Dispatcher(Dispatcher const&) = delete;

  /// Waits until every team has left; then, why the job was stopped, if it was.
  StopCause stopped_by() {
    join();
    return cause_;
  }

 private:
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  void serve();
  void stop(StopCause cause);
  void take_in(Report const& report, int source);
  Chunk hand_out();
  void answer();
  Standing standing() const;

  MPI_Comm communicator_;
  Schedule& schedule_;
  Progress& progress_;
  StopRequest const& stop_;
  Settings settings_;
  StopCause cause_ = no_stop;
  bool stopped_ = false, keeps_ = false;
  int leaving_;
  std::int64_t failure_slots_given_ = 0;
  std::vector<double> busy_seconds_;    // by rank
  std::vector<PartialTask> partial_;    // by rank
  std::vector<std::uint64_t> in_hand_;  // tasks, by rank
  std::vector<int> asking_;             // ranks whose request has no answer yet
  double longest_seconds_ = 0;
  Pace pace_;
  std::thread thread_;
};

/// A team leader's side of the dispatcher at rank 0 of the communicator.
class DispatcherClient {
 public:
  explicit DispatcherClient(MPI_Comm communicator) : communicator_(communicator) {}

  /// Sends a report and requests tasks; `answer` receives them. An empty chunk means that there are no more tasks. This
  /// is final if the rank has none left; otherwise other teams may return some.
  void ask(Report const& report);
  Chunk answer();
  /// A free place in /failures.
  std::uint64_t failure_slot();
  /// What is done of the current task, for the display of progress.
  void tell(PartialTask done);
  /// The last report.
  void leave(Report const& report);

 private:
  MPI_Comm communicator_;
  MPI_Request request_ = MPI_REQUEST_NULL;
  Chunk chunk_;
};

}  // namespace hypnos

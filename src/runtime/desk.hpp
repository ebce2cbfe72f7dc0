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

/// What a team did since it last spoke to the desk.
struct Report {
  std::int64_t done = 0, failed = 0;
  double seconds = 0;          ///< spent on these tasks
  double longest_seconds = 0;  ///< of a single one
  std::int64_t stop = 0;       ///< 1: this process has been asked to stop
  std::int64_t keeps = 0;      ///< 1: these tasks keep their state by checkpoints
  Chunk returned = {};         ///< not begun, since the tasks before them took too long
};

/// Where tasks are handed out: a thread beside rank 0's own computing that answers the leaders of all teams with
/// two-sided messages, which work on any network. Needs MPI_THREAD_MULTIPLE.
class Desk {
 public:
  struct Settings {
    int teams = 1;
    std::uint64_t row_bytes = 0;  ///< of one task in the store: rows wait in memory for their chunk
  };

  /// Serves until every team has said good-bye. After a stop is asked for, no more tasks are handed out; nor when,
  /// judged by the longest so far, they would not end before it, unless tasks keep their state by checkpoints.
  Desk(MPI_Comm communicator, Schedule& schedule, Progress& progress, StopRequest const& stop, Settings settings);
  ~Desk() { thread_.join(); }
  Desk(Desk const&) = delete;

 private:
  void serve();
  void take_in(Report const& report, int source);
  Chunk hand_out();
  void answer();
  Standing standing() const;

  MPI_Comm communicator_;
  Schedule& schedule_;
  Progress& progress_;
  StopRequest const& stop_;
  Settings settings_;
  bool stopped_ = false, keeps_ = false;
  int leaving_;
  std::int64_t failure_slots_given_ = 0;
  std::vector<double> busy_seconds_, fractions_;  // by rank
  std::vector<std::uint64_t> in_hand_;            // tasks, by rank
  std::vector<int> asking_;                       // ranks that wait for an answer
  double longest_seconds_ = 0;
  Pace pace_;
  std::thread thread_;
};

/// A team leader's side of the desk at rank 0 of the communicator.
class DeskClient {
 public:
  explicit DeskClient(MPI_Comm communicator) : communicator_(communicator) {}

  /// Reports, and asks for tasks; the answer is taken in by `answer`. A chunk of none says that there are no more: for
  /// good if this rank has none in hand, otherwise for the time being, since others may give some back.
  void ask(Report const& report);
  Chunk answer();
  /// A place in /failures that nobody else has.
  std::uint64_t failure_slot();
  /// How far the task in hand is; for the progress line only.
  void tell_fraction(double fraction);
  /// The last report.
  void leave(Report const& report);

 private:
  MPI_Comm communicator_;
  MPI_Request request_ = MPI_REQUEST_NULL;
  Chunk chunk_;
};

}  // namespace hypnos

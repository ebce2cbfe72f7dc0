#pragma once

#include <mpi.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "dispatcher.hpp"
#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/run.hpp"
#include "hypnos/runtime/stop.hpp"
#include "hypnos/runtime/store.hpp"
#include "mpi_team.hpp"

namespace hypnos {

/// One rank's part of a job: with its team it gets tasks from the dispatcher and computes them. The leader of the team
/// writes their rows.
class Worker {
 public:
  struct Settings {
    std::string store;
    std::uint32_t checkpoint_identity = 0;  ///< of job and program
    std::chrono::duration<double> checkpoint_interval;
    std::chrono::duration<double> sync_interval;
    double patience = 1;  ///< s; tasks of a chunk that are not begun by then are returned to the dispatcher
  };

  /// Opening the store is collective over all ranks.
  Worker(Plan const& plan, Settings settings, StopRequest const& stop, MpiTeam& team, MPI_Comm dispatcher);

  /// Works until the dispatcher has no more tasks.
  void work();
  /// The current task, for the message of an error that ends the job.
  std::string where() const;

 private:
  bool leads() const { return team_.rank() == 0; }
  template <class T>
  T shared(T value);
  StopCause must_stop();
  double cost_of(std::uint64_t task);
  Chunk carry_out(Chunk chunk);
  bool carry_out(std::uint64_t task);
  void write_rows();
  void sync_rows();
  void write_failure(std::uint64_t task, std::string const& message, double seconds);
  void count(std::int64_t& tasks, double seconds);

  Plan const& plan_;
  Settings settings_;
  StopRequest const& stop_;
  MpiTeam& team_;
  MPI_Comm communicator_;
  DispatcherClient dispatcher_;
  int rank_ = 0;
  StoreWriter store_;
  bool checkpoints_exist_;  // of an earlier run
  std::optional<std::uint64_t> current_;
  Report report_;
  std::optional<std::pair<std::uint64_t, double>> cost_;  // of the tasks of the latest sweep point
  // rows of the current chunk that will be written together
  std::uint64_t first_row_ = 0;
  std::vector<StoreWriter::Row> rows_;
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

}  // namespace hypnos

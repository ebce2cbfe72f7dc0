#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/runtime/job.hpp"

namespace hypnos {

/// The arguments of `hypnos run`, on rank 0.
struct RunRequest {
  Job job;
  std::string output;                     ///< the store
  int ranks_per_task = 1;                 ///< size of the teams that share one task
  bool extend = false;                    ///< a store of fewer realizations or values may grow
  bool quiet = false;                     ///< no progress on stderr
  std::optional<double> time_limit = {};  ///< seconds; without it, the limit of Slurm, if any
  double checkpoint_interval = 600;       ///< seconds between the checkpoints of a long task
  /// Seconds after which written rows are forced to the disk: 0 after every chunk of rows, infinity at the end only. A
  /// killed program loses nothing either way; a machine without power loses what was not forced.
  double sync_interval = std::numeric_limits<double>::infinity();
};

struct RunResult {
  int exit_code = 0;             ///< 0 all tasks done, 1 some failed, 2 bad input on rank 0, 75 stopped before the end
  bool is_first_rank = true;     ///< whether this process prints to the user
  std::string stop_reason = {};  ///< of exit code 75, on rank 0: the signal, or the time limit and where it was read
};

/// Runs a job on all ranks of MPI_COMM_WORLD (one process if there is no mpirun) and fills the summary. Creates
/// the store, or continues it if it exists and belongs to the same job. Tasks that failed are computed again, and rows
/// that do not have their checksum. The job stops if the store is deleted, replaced or overwritten while it runs
/// (StoreGuard).
/// SIGUSR1, SIGTERM, SIGINT, SIGHUP or the approaching time limit stop gracefully: no new tasks, checkpoints of long
/// ones, exit code 75.
/// `read_request` is called on rank 0 only; without a launcher it is called before MPI begins. Throws BadInput there,
/// exit code 2. An error that is neither the user's nor a task's prints rank, task and message and aborts all ranks.
RunResult run(std::vector<Experiment> const& catalogue, std::function<RunRequest()> const& read_request);

}  // namespace hypnos

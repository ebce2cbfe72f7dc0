#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hypnos/runtime/job.hpp"

namespace hypnos {

/// What rank 0 was asked to do.
struct RunRequest {
  Job job;
  std::string output;      ///< the store
  int ranks_per_task = 1;  ///< size of the teams that share one task
  bool quiet = false;      ///< no progress on stderr
};

struct RunResult {
  int exit_code = 0;          ///< 0 all tasks done, 1 some failed, 2 bad input on rank 0
  bool is_first_rank = true;  ///< whether this process is the one that talks to the user
};

/// Runs a job on all ranks of MPI_COMM_WORLD (one process if there is no mpirun) and fills the summary. Creates
/// the store, or goes on with it if it exists and belongs to the same job; tasks that failed are tried again.
/// `read_request` is called on rank 0 only. Throws BadInput there, before anything is created; the other ranks return
/// exit code 2. An error that is neither the user's nor a task's prints rank, task and message and aborts all ranks.
RunResult run(std::vector<Experiment> const& catalogue, std::function<RunRequest()> const& read_request);

}  // namespace hypnos

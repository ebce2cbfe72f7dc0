#pragma once

#include "command.hpp"

namespace hypnos::cli {

/// Whether `launch` started this process, or the launcher that it started did.
bool is_launched();

/// Runs `hypnos run WORDS` on so many ranks: `mpirun -n RANKS hypnos run WORDS`, or with the words of the environment
/// variable HYPNOS_LAUNCHER instead of mpirun. Waits for the end and returns the exit code.
///
/// SIGINT (Ctrl-C), SIGTERM and SIGHUP are passed on as SIGUSR1: the mpirun of Open MPI forwards it to all ranks and
/// returns their exit code, while after the others it kills the ranks within a second and returns 1. A second SIGINT
/// is passed on as SIGTERM. Throws BadInput if this process has been started by a launcher itself.
int launch(int ranks, Words const& words);

}  // namespace hypnos::cli

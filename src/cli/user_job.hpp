#pragma once

#include "command.hpp"
#include "hypnos/runtime/job.hpp"

namespace hypnos::cli {

/// The job of the words [JOB] key=value ... in any order: JOB is the path of a job file, "-" is standard input, and
/// without it the words name the experiment. Throws BadInput.
Job user_job(Words const& words);

/// The name of a store for it: that of the job file, or of the experiment.
std::string default_output(Job const& job);

}  // namespace hypnos::cli

#pragma once

#include "commands.hpp"
#include "hypnos/runtime/job.hpp"

namespace hypnos::cli {

/// The job of the words JOB key=value... on the command line. Throws BadInput.
Job user_job(Words const& words);

}  // namespace hypnos::cli

#pragma once

#include "commands.hpp"
#include "hypnos/runtime/job.hpp"

namespace hypnos::cli {

/// The job that the words JOB key=value... mean. Throws BadInput.
Job user_job(Words const& words);

}  // namespace hypnos::cli

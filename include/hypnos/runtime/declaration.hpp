#pragma once

#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/store_reader.hpp"

/// What `run`, `--extend` and `replay` demand of a store that an earlier program may have made: they compute rows, so
/// they compare it with today's declaration of its experiment. `merge` takes from it only the defaults of parameters
/// that a file lacks. All other commands take everything from the file.
namespace hypnos {

/// The plan that today's declaration makes of the job of a store. Parameters that the file does not name have their
/// defaults: they were added since. Throws BadInput if the catalogue has no such experiment, or the experiment no such
/// parameter or value.
Plan plan_of(StoreReader const& store, std::vector<Experiment> const& catalogue);

/// The text of a job with the defaults of the parameters that it does not name, for these were added since. Unchanged
/// if the catalogue has no such experiment.
std::string with_defaults(std::string job_text, std::vector<Experiment> const& catalogue);

/// Throws BadInput unless the experiment still declares all that the store holds: each of its observables with the same
/// axes and unit, and the same coordinates. `plan` is that of the store's job. Observables that the file does not hold
/// were added since; they are neither written to it nor compared.
void require_declared(StoreReader const& store, Plan const& plan);

/// The parameters and keys in which two jobs of one experiment differ: "a: 0.1, 0.2 in the file, 0.3 in the job".
/// Values are compared, not texts.
std::vector<std::string> differences(Job const& stored, Job const& wanted);

}  // namespace hypnos

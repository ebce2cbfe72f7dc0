#pragma once

#include "hypnos/experiment/realization.hpp"
#include "lesson.hpp"
#include "parameters.hpp"

namespace hypnos::boltzmann_machine {

/// All final observables of the model at the end of learning and of the one that generated the data.
void measure(Parameters const& p, Lesson const& lesson, Stage const& end, Realization& realization, Observables& o);

}  // namespace hypnos::boltzmann_machine

#pragma once

#include "hypnos/experiment/realization.hpp"
#include "parameters.hpp"
#include "training_data.hpp"

namespace hypnos::boltzmann_machine {

/// All final observables of the model at the end of learning and of the model that generated the data.
void measure(Parameters const& p, TrainingData const& training, LearningState const& end, Realization& realization,
             Observables& o);

}  // namespace hypnos::boltzmann_machine

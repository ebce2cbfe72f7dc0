#pragma once

#include "hypnos/experiment/realization.hpp"
#include "parameters.hpp"
#include "training_data.hpp"

namespace hypnos::boltzmann_machine {

/// The times of the records, ascending.
std::vector<double> record_times(Parameters const& p);

/// The part of a task that is done after learning, roughly: for the display of progress.
constexpr double learnt = 0.7;

/// Learns from the training data; fills the trajectories.
Learned learned(Parameters const& p, TrainingData const& training, Realization& realization, Observables& o);

}  // namespace hypnos::boltzmann_machine

#pragma once

#include "hypnos/experiment/realization.hpp"
#include "parameters.hpp"
#include "training_data.hpp"

namespace hypnos::boltzmann_machine {

/// The times of the records, ascending.
std::vector<double> record_times(Parameters const& p);

/// The part of a task that is done after learning, roughly: for the display of progress.
constexpr double learnt = 0.7;

/// Estimated seconds on one core with AVX-512: of averages over all states, of sweeps of Markov chains, of a step.
double seconds_of_enumeration(Parameters const& p);
double seconds_of_sweeps(Parameters const& p, double sweeps);
double seconds_of_step(Parameters const& p);
/// Expected, of one task: max_steps, or fewer if a criterion ends learning.
double expected_steps(Parameters const& p);

/// Learns from the training data; fills the trajectories.
Learned learned(Parameters const& p, TrainingData const& training, Realization& realization, Observables& o);

}  // namespace hypnos::boltzmann_machine

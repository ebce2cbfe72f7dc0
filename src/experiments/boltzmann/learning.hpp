#pragma once

#include "hypnos/experiment/realization.hpp"
#include "lesson.hpp"
#include "parameters.hpp"

namespace hypnos::boltzmann_machine {

/// The law of learning that the parameters name.
Law law(Parameters const& p);

/// The times of the records, ascending.
std::vector<double> record_times(Parameters const& p);

/// Learns the lesson; fills the trajectories. Long learning is kept by checkpoints, and goes on to the same bits.
Learned learned(Parameters const& p, Lesson const& lesson, Realization& realization, Observables& o);

}  // namespace hypnos::boltzmann_machine

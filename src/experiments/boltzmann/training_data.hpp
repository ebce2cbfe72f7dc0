#pragma once

#include <optional>
#include <vector>

#include "hypnos/experiment/realization.hpp"
#include "hypnos/physics/boltzmann/divergence.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"
#include "parameters.hpp"

namespace hypnos::boltzmann_machine {

/// What a machine learns from.
struct TrainingData {
  Ensemble data;                    ///< what is learnt; of a recording with the pseudocount, if there is one
  std::optional<Ensemble> samples;  ///< of a recording: the same without the pseudocount
  std::optional<Ensemble> test;     ///< the samples held out
  std::optional<Ising> model;       ///< what generated the data; not known of a recording
  std::vector<int> columns;         ///< of the recording
};

/// The training data of this realization. Throws std::runtime_error if a neuron is constant in the samples to learn from.
TrainingData training_data(Parameters const& p, Realization& realization);

/// Wrong settings of data, recordings and their parts: BadInput.
void check_training_data(Parameters const& p);

}  // namespace hypnos::boltzmann_machine

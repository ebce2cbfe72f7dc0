#pragma once

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/dynamics/training_configurations.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

/// How training configurations of overlap 0+ with a pattern are sampled.
struct NoisySamples {
  Configurations samples = Configurations::fixed_points;
  double T = 0.5;
  int sweeps = 100;
  double f = 0.1;
  int proposals = 1000;

  ConfigurationLaw law(RandomPatterns const& patterns) const;
  /// Of one configuration.
  double cost(RandomPatterns const& patterns) const;

  static Part<NoisySamples, RandomPatterns> declaration();
};

}  // namespace hypnos

#pragma once

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/states/spin_states.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

/// How basins of fixed points are measured: from all states of small networks, otherwise from random ones.
struct BasinVolumes {
  int basin_samples = 10000;

  /// Whether all states of N neurons are followed.
  bool enumerated(int N) const;

  struct Measured {
    Eigen::ArrayXd volumes;  ///< the part of all states from which the dynamics ends in each fixed point
    Eigen::ArrayXd errors;   ///< their standard errors, 0 from all states
  };
  /// In symmetric couplings; empty without samples. `until`: as in Realization::complete.
  Measured measured(Eigen::MatrixXd const& J, SpinStates const& fixed_points, Realization& realization,
                    double until = 1) const;
  /// N neurons.
  double cost(int N) const;

  inline static constexpr Stream stream{"basin-volumes/samples"};

  static Part<BasinVolumes, RandomPatterns> declaration();
};

}  // namespace hypnos

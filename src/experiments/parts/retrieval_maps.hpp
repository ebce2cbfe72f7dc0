#pragma once

#include <cstdint>
#include <limits>

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

/// What retrieval from corrupted patterns comes to, for every initial overlap m_0.
struct Retrieved {
  Eigen::ArrayXd m_f, reconstructed;
  double basin_radius = std::numeric_limits<double>::quiet_NaN();
  double basin_radius_98 = std::numeric_limits<double>::quiet_NaN();
  int unconverged = 0;  ///< trajectories that were left at the largest number of flips

  static std::vector<Observed<Retrieved>> observables();
};

/// How patterns are retrieved: the axis m_0, and trajectories from every pattern.
struct RetrievalMaps {
  int retrieval_points = 21;
  int retrieval_trials = 5;
  Order retrieval_order = Order::random_site;
  double tolerated_error = 0.05;

  /// In the couplings J; nothing is measured with no points. `until`: as in Realization::complete.
  Retrieved measured(Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi, Realization& realization, double until = 1,
                     std::int64_t most_flips = std::numeric_limits<std::int64_t>::max()) const;
  std::vector<double> m_0() const;
  /// Of one map: about N / 4 flips a trajectory, each an addition of a row.
  double cost(RandomPatterns const& patterns) const;

  static Part<RetrievalMaps, RandomPatterns> declaration();
};

}  // namespace hypnos

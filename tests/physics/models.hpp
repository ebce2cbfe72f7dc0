#pragma once

#include <Eigen/Core>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/divergence.hpp"
#include "hypnos/physics/boltzmann/hebbian_start.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"

namespace hypnos {

// A spin glass with couplings of standard deviation `scale` and fields of the size of `field`; another for each number.
inline Ising spin_glass(int N, double scale, double field, std::uint32_t number) {
  Rng rng(1, number, streams::couplings);
  Ising model{sk_couplings(N, scale * scale, rng), Eigen::VectorXd(N)};
  for (double& h : model.h) h = field * rng.normal();
  return model;
}

inline Ensemble averages(Ising const& model) { return ensemble(exact_moments(model, 1)); }

inline Ising no_coupling(int N) { return {Eigen::MatrixXd::Zero(N, N), Eigen::VectorXd::Zero(N)}; }

}  // namespace hypnos

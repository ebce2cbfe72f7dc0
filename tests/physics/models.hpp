#pragma once

#include <Eigen/Core>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/divergence.hpp"
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

// J = c_d - m_d m_d without the diagonal, h = atanh m_d (Ventura et al., Eqs. 10, 11).
inline Ising hebbian(Ensemble const& data) {
  Ising model{data.c - data.m * data.m.transpose(), data.m.array().atanh()};
  model.J.diagonal().setZero();
  return model;
}

}  // namespace hypnos

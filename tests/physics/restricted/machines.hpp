#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>

#include "hypnos/base/random.hpp"
#include "hypnos/base/stream.hpp"
#include "hypnos/physics/restricted/restricted_machine.hpp"

namespace hypnos {

inline Rng machine_stream(std::uint64_t seed) { return {seed, 0, Stream("tests/restricted-machines")}; }

inline Eigen::MatrixXd normal_matrix(Eigen::Index rows, Eigen::Index columns, double deviation, Rng& rng) {
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return deviation * rng.normal(); });
}

/// Gaussian weights and biases of these standard deviations; without biases if that is 0.
inline RestrictedMachine<double> gaussian_machine(Eigen::Index V, Eigen::Index H, double weights, double biases,
                                                  std::uint64_t seed) {
  Rng rng = machine_stream(seed);
  Eigen::MatrixXd const W = normal_matrix(V, H, weights, rng);
  if (biases == 0) return RestrictedMachine<double>(W);
  Eigen::VectorXd const a = normal_matrix(V, 1, biases, rng), b = normal_matrix(H, 1, biases, rng);
  return RestrictedMachine<double>(W, a, b);
}

/// Independent spins, (units x states).
inline Eigen::MatrixXd random_spins(Eigen::Index units, Eigen::Index states, std::uint64_t seed) {
  Rng rng = machine_stream(seed);
  return Eigen::MatrixXd::NullaryExpr(units, states, [&] { return rng.bits() >> 31 != 0 ? 1. : -1.; });
}

/// State number x of some units: +1 where a bit is set.
inline Eigen::VectorXd spins_of(std::uint64_t x, Eigen::Index units) {
  return Eigen::VectorXd::NullaryExpr(units, [&](Eigen::Index i) { return (x >> i & 1) != 0 ? 1. : -1.; });
}

/// E(v, h) by loops over the weights.
inline double plain_energy(RestrictedMachine<double> const& machine, Eigen::VectorXd const& v,
                           Eigen::VectorXd const& h) {
  auto const W = machine.weights();
  double energy = 0;
  for (Eigen::Index i = 0; i < v.size(); ++i) {
    energy -= machine.visible_biases()(i) * v(i);
    for (Eigen::Index alpha = 0; alpha < h.size(); ++alpha) energy -= v(i) * W(i, alpha) * h(alpha);
  }
  for (Eigen::Index alpha = 0; alpha < h.size(); ++alpha) energy -= machine.hidden_biases()(alpha) * h(alpha);
  return energy;
}

}  // namespace hypnos

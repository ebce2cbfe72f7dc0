#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "hypnos/physics/boltzmann/exact_moments.hpp"

namespace hypnos {

namespace {

using Real = long double;

// State number k: bit i is set where s_i = -1.
Real spin(unsigned k, int i) { return (k >> i & 1u) ? -1 : 1; }

Real energy(Ising const& model, unsigned k) {
  Real E = 0;
  for (int i = 0; i < model.size(); ++i) {
    E -= model.h(i) * spin(k, i);
    for (int j = 0; j < i; ++j) E -= model.J(i, j) * spin(k, i) * spin(k, j);
  }
  return E;
}

}  // namespace

Moments enumerated_moments(Ising const& model, double beta) {
  int const N = model.size();
  if (N < 1 || N > 24)
    throw std::domain_error("enumeration of all states of " + std::to_string(N) + " spins, but N must lie in [1, 24]");
  unsigned const states = 1u << N;

  // Energies are measured from the ground state's, so that no exponential overflows.
  Real lowest = energy(model, 0);
  for (unsigned k = 1; k < states; ++k) lowest = std::min(lowest, energy(model, k));

  Real Z = 0, first = 0;
  std::vector<Real> m(N), c(N * N);
  for (unsigned k = 0; k < states; ++k) {
    Real const E = energy(model, k) - lowest;
    Real const weight = std::exp(-beta * E);
    Z += weight;
    first += weight * E;
    for (int i = 0; i < N; ++i) {
      m[i] += weight * spin(k, i);
      for (int j = 0; j < N; ++j) c[i * N + j] += weight * spin(k, i) * spin(k, j);
    }
  }

  Real const mean = first / Z;
  Real second = 0;
  for (unsigned k = 0; k < states; ++k) {
    Real const E = energy(model, k) - lowest;
    second += std::exp(-beta * E) * (E - mean) * (E - mean);
  }

  Moments moments{.log_Z = static_cast<double>(std::log(Z) - beta * lowest),
                  .energy = static_cast<double>(lowest + mean),
                  .energy_variance = static_cast<double>(second / Z),
                  .m = Eigen::VectorXd(N),
                  .c = Eigen::MatrixXd(N, N)};
  for (int i = 0; i < N; ++i) {
    moments.m(i) = static_cast<double>(m[i] / Z);
    for (int j = 0; j < N; ++j) moments.c(i, j) = static_cast<double>(c[i * N + j] / Z);
  }
  return moments;
}

}  // namespace hypnos

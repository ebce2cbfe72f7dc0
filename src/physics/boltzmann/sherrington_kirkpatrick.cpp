#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"

#include <cmath>

namespace hypnos {

Eigen::MatrixXd sk_couplings(int N, double variance, Rng& rng) {
  double const scale = std::sqrt(variance);
  Eigen::MatrixXd J = Eigen::MatrixXd::Zero(N, N);
  for (int i = 0; i < N; ++i)
    for (int j = i + 1; j < N; ++j) J(i, j) = J(j, i) = scale * rng.normal();
  return J;
}

}  // namespace hypnos

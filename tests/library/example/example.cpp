#include <cmath>
#include <cstdio>

#include "hypnos/base/random.hpp"
#include "hypnos/physics/boltzmann/exact_moments.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"

using namespace hypnos;

int main() {
  // Two spins with J = 1 in no field: C_12 = tanh J.
  Ising const pair{(Eigen::MatrixXd(2, 2) << 0, 1, 1, 0).finished(), Eigen::VectorXd::Zero(2)};
  double const c = exact_moments(pair, 1).c(0, 1);
  std::printf("c_12 = %.6f, tanh 1 = %.6f\n", c, std::tanh(1.0));

  Rng rng(1, 0, Stream("example"));
  Eigen::MatrixXd const xi = random_patterns(30, 100, rng);
  Unlearning network(xi, {1, 100}, {}, rng);  // epsilon = 0.01
  double const before = network.stabilities().minCoeff();
  network.dream(2500);
  double const after = network.stabilities().minCoeff();
  std::printf("minimum stability %.2f, after 2500 dreams %.2f\n", before, after);

  double const margin = support_vector_machine(xi, 1e-3, 10'000).margin.mean();
  std::printf("mean of the largest margins %.2f\n", margin);
  return std::abs(c - std::tanh(1.0)) < 1e-12 && after > before && margin > after ? 0 : 1;
}

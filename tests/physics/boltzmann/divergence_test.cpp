#include "hypnos/physics/boltzmann/divergence.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "../models.hpp"
#include "hypnos/physics/boltzmann/specific_heat.hpp"

namespace hypnos::divergence_test {

namespace {

// P(s) of every state at inverse temperature beta, by the definition.
std::vector<double> probabilities(Ising const& model, double beta) {
  int const N = model.size();
  std::vector<double> weights;
  double Z = 0;
  for (unsigned state = 0; state < 1u << N; ++state) {
    auto const s = [state](int i) { return state >> i & 1u ? 1.0 : -1.0; };
    double E = 0;
    for (int i = 0; i < N; ++i) {
      E -= model.h(i) * s(i);
      for (int j = i + 1; j < N; ++j) E -= model.J(i, j) * s(i) * s(j);
    }
    weights.push_back(std::exp(-beta * E));
    Z += weights.back();
  }
  for (double& weight : weights) weight /= Z;
  return weights;
}

double divergence(std::vector<double> const& p, std::vector<double> const& q) {
  double sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k) sum += p[k] * std::log(p[k] / q[k]);
  return sum;
}

}  // namespace

// Sums over 32 states of numbers up to about 10: rounding stays below 1e-13.

TEST_CASE("the divergence from averages is the sum over all states") {
  int const N = 5;
  auto const p = spin_glass(N, 0.6, 0.4, 0), q = spin_glass(N, 0.6, 0.4, 1);
  for (double const beta : {0.3, 1.0, 2.0}) {
    double const log_Z = exact_moments(q, beta).log_Z;
    CHECK(std::abs(kl_divergence(averages(p), q, log_Z, beta) -
                   divergence(probabilities(p, 1), probabilities(q, beta))) < 1e-13);
  }
}

TEST_CASE("entropy and likelihood are averages of the logarithm of the probability") {
  auto const p = spin_glass(5, 0.6, 0.4, 0), q = spin_glass(5, 0.6, 0.4, 1);
  for (double const beta : {0.5, 1.0}) {
    auto const moments = exact_moments(p, beta);
    double entropy = 0, likelihood = 0;
    auto const P = probabilities(p, beta), Q = probabilities(q, 2);
    for (std::size_t k = 0; k < P.size(); ++k) {
      entropy -= P[k] * std::log(P[k]);
      likelihood += P[k] * std::log(Q[k]);
    }
    CHECK(std::abs(ensemble(moments, beta).entropy - entropy) < 1e-13);
    CHECK(std::abs(log_likelihood(ensemble(moments, beta), q, exact_moments(q, 2).log_Z, 2) - likelihood) < 1e-13);
  }
  Ising const free{Eigen::MatrixXd::Zero(5, 5), Eigen::VectorXd::Zero(5)};
  CHECK(averages(free).entropy == doctest::Approx(5 * std::numbers::ln2).scale(0).epsilon(1e-14));
}

TEST_CASE("the symmetric divergence is the sum of both, and vanishes for equal models only") {
  for (std::uint32_t number = 0; number < 20; ++number) {
    int const N = 3 + static_cast<int>(number % 7);
    auto const p = spin_glass(N, 0.4, 0.2, 2 * number), q = spin_glass(N, 0.4, 0.2, 2 * number + 1);
    auto const of_p = exact_moments(p, 1), of_q = exact_moments(q, 1);
    double const there = kl_divergence(ensemble(of_p), q, of_q.log_Z),
                 back = kl_divergence(ensemble(of_q), p, of_p.log_Z);
    CHECK(there > 0);
    CHECK(back > 0);
    CHECK(std::abs(symmetric_kl_divergence(p, ensemble(of_p), q, ensemble(of_q)) - there - back) < 1e-13);
    CHECK(std::abs(kl_divergence(ensemble(of_p), p, of_p.log_Z)) < 1e-13);
    CHECK(symmetric_kl_divergence(p, ensemble(of_p), p, ensemble(of_p)) == 0);
  }
}

TEST_CASE("the specific heat is the derivative of the mean energy") {
  for (double const field : {0.0, 0.3}) {
    auto const model = spin_glass(7, 0.5, field, 3);
    for (double const beta : {0.2, 1.0, 3.0}) {
      // Error of the central difference: d^2 d^3<E>/dbeta^3 / 6, about 1e-6 at the most, and 1e-14 / d from rounding.
      double const d = 1e-4;
      double const slope = (exact_moments(model, beta + d).energy - exact_moments(model, beta - d).energy) / (2 * d);
      CHECK(specific_heat(model, beta) == doctest::Approx(-beta * beta * slope).scale(0).epsilon(1e-5));
    }
    CHECK(specific_heat(model, 0) == 0);
  }
}

}  // namespace hypnos::divergence_test

#include "hypnos/physics/memories/pseudo_inverse.hpp"

#include <doctest/doctest.h>

#include <Eigen/LU>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::pseudo_inverse_test {

using Eigen::MatrixXd;

namespace {

MatrixXd patterns(int P, int N) {
  Rng rng(5, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// Of projectors by an inverse of matrices whose condition is below 1000.
constexpr double rounding = 1e-11;

}  // namespace

TEST_CASE("pseudo-inverse couplings are those of the inverse correlation matrix, for independent patterns") {
  for (auto const& [P, N] : {std::pair{1, 1}, {1, 2}, {2, 7}, {13, 33}, {40, 100}}) {
    CAPTURE(N);
    auto const xi = patterns(P, N);
    MatrixXd const C = xi * xi.transpose() / N;
    MatrixXd A = xi.transpose() * C.inverse() * xi / N;
    A.diagonal().setZero();
    CHECK((pseudo_inverse(xi) - A).cwiseAbs().maxCoeff() < rounding);
  }
}

TEST_CASE("all patterns have the same stability at a neuron, and its mean is that of the theory") {
  for (double const alpha : {0.3, 0.5, 0.8}) {
    int const N = 200, P = static_cast<int>(alpha * N);
    auto const xi = patterns(P, N);
    MatrixXd const delta = stabilities(xi, pseudo_inverse(xi));
    MatrixXd const A = xi.transpose() * (xi * xi.transpose()).inverse() * xi;
    for (int i = 0; i < N; ++i) {
      double const expected = std::sqrt((1 - A(i, i)) / A(i, i));
      CHECK((delta.col(i).array() - expected).abs().maxCoeff() < rounding * N);
    }
    CHECK(A.trace() == doctest::Approx(P).epsilon(rounding));
    // A_ii has mean alpha and variance 2 alpha^2 (1 - alpha)^2 / (alpha (1 - alpha) N), as a beta variable: the mean
    // over i of a function with a curvature of order 1 is off by some 1 / N = 0.005 times a factor below 4 at these
    // loads.
    CHECK(std::abs(delta.mean() - std::sqrt((1 - alpha) / alpha)) < 0.02);
  }
}

TEST_CASE("patterns that depend on each other count once") {
  auto xi = patterns(6, 40);
  MatrixXd const independent = xi.topRows(4);
  xi.row(4) = -xi.row(1);
  xi.row(5) = xi.row(0);
  CHECK((pseudo_inverse(xi) - pseudo_inverse(independent)).cwiseAbs().maxCoeff() < rounding);
}

TEST_CASE("patterns that span all states leave no couplings") {
  CHECK(pseudo_inverse(patterns(60, 20)).isZero(0));
  CHECK(pseudo_inverse(MatrixXd::Ones(1, 1)).isZero(0));
}

TEST_CASE("the pseudo-inverse rule refuses what are no patterns") {
  CHECK_THROWS_AS(pseudo_inverse(MatrixXd::Zero(2, 5)), std::domain_error);
  CHECK_THROWS_AS(pseudo_inverse(MatrixXd::Ones(0, 5)), std::domain_error);
}

}  // namespace hypnos::pseudo_inverse_test

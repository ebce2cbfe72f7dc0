#include "hypnos/physics/memories/stabilities.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::stabilities_test {

namespace {

Eigen::MatrixXd patterns(int P, int N) {
  Rng rng(2, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

Eigen::MatrixXd asymmetric(int N) {
  Rng rng(2, 0, streams::couplings);
  Eigen::MatrixXd J(N, N);
  for (double& coupling : J.reshaped()) coupling = rng.normal();
  return J;
}

double stability(Eigen::MatrixXd const& xi, Eigen::MatrixXd const& J, int mu, int i) {
  double field = 0, square = 0;
  for (int j = 0; j < J.cols(); ++j) {
    field += J(i, j) * xi(mu, j);
    square += J(i, j) * J(i, j);
  }
  return xi(mu, i) * field / std::sqrt(square);
}

}  // namespace

TEST_CASE("stabilities are fields along the pattern over the norm of the row, in either precision") {
  for (int const N : {1, 2, 7, 33})
    for (int const P : {1, 4, 17}) {
      auto const xi = patterns(P, N);
      auto const J = asymmetric(N);
      auto const delta = stabilities(xi, J);
      auto const single = stabilities<float>(xi, J.cast<float>());
      REQUIRE(delta.rows() == P);
      REQUIRE(delta.cols() == N);
      for (int mu = 0; mu < P; ++mu)
        for (int i = 0; i < N; ++i) {
          // Up to 33 terms below the norm, each rounded: 1e-16 and 6e-8 times a few dozens.
          CHECK(std::abs(delta(mu, i) - stability(xi, J, mu, i)) < 1e-14);
          CHECK(std::abs(static_cast<double>(single(mu, i)) - stability(xi, J, mu, i)) < 1e-5);
        }
    }
}

TEST_CASE("the stability of a single pattern in Hebb's couplings is the largest possible, sqrt(N - 1)") {
  for (int const N : {2, 10, 65}) {
    auto const xi = patterns(1, N);
    auto const range = range_of(stabilities(xi, hebbian_sums(xi)));
    CHECK(range.min == doctest::Approx(std::sqrt(N - 1.0)).scale(0).epsilon(1e-14));
    CHECK(range.max == doctest::Approx(std::sqrt(N - 1.0)).scale(0).epsilon(1e-14));
  }
}

TEST_CASE("a row of zeros has the stability 0") {
  Eigen::MatrixXd J = asymmetric(5);
  J.row(3).setZero();
  auto const delta = stabilities(patterns(4, 5), J);
  CHECK(delta.col(3).isZero(0));
  CHECK((delta.col(2).array() != 0).all());
}

TEST_CASE("the range of stabilities is the smallest, the mean and the largest") {
  Eigen::MatrixXd delta(2, 3);
  delta << 1, -2, 3, 4, 0, 0;
  auto const range = range_of(delta);
  CHECK(range.min == -2);
  CHECK(range.av == 1);
  CHECK(range.max == 4);
  CHECK(std::isnan(range_of(Eigen::MatrixXd(0, 3)).av));
}

}  // namespace hypnos::stabilities_test

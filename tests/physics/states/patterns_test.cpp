#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/base/streams.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

using namespace hypnos;

namespace {

Eigen::MatrixXd patterns(int P, int N, std::uint32_t realization = 0) {
  Rng rng(1, realization, streams::patterns);
  return random_patterns(P, N, rng);
}

}  // namespace

TEST_CASE("random patterns are +1 and -1 alike, on every neuron and in every pattern") {
  auto const xi = patterns(400, 70);
  CHECK((xi.array().abs() == 1).all());
  // Means of 400 and 70 signs have errors 1/20 and 0.12: beyond six of these with a probability of 2e-9 each, of which
  // there are 470.
  CHECK(xi.colwise().mean().cwiseAbs().maxCoeff() < 6.0 / 20);
  CHECK(xi.rowwise().mean().cwiseAbs().maxCoeff() < 6 / std::sqrt(70.0));
  // So are products of two neurons, 2415 pairs: no bit is used twice.
  auto const products = (xi.transpose() * xi / 400).eval();
  for (int i = 0; i < 70; ++i)
    for (int j = 0; j < i; ++j) CHECK(std::abs(products(i, j)) < 6.0 / 20);
}

TEST_CASE("more patterns begin with the same ones, and another realization has others") {
  for (int const N : {1, 31, 32, 33, 64}) {
    CHECK(patterns(9, N).topRows(4) == patterns(4, N));
    if (N > 1) CHECK(patterns(9, N) != patterns(9, N, 1));
  }
}

TEST_CASE("Hebb's sums count patterns in which two neurons agree, less those in which they do not") {
  for (int const N : {1, 2, 17, 64}) {
    auto const xi = patterns(5, N);
    auto const J = hebbian_sums(xi);
    REQUIRE(J.rows() == N);
    for (int i = 0; i < N; ++i)
      for (int j = 0; j < N; ++j) {
        int sum = 0;
        for (int mu = 0; mu < 5; ++mu) sum += xi(mu, i) == xi(mu, j) ? 1 : -1;
        CHECK(J(i, j) == (i == j ? 0 : sum));
      }
  }
}

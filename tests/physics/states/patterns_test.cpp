#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/base/streams.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

namespace hypnos::patterns_test {

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

}  // namespace hypnos::patterns_test

#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::sherrington_kirkpatrick_test {

TEST_CASE("SK couplings are symmetric and drawn row by row") {
  Rng rng(1, 0, streams::couplings), same(1, 0, streams::couplings);
  auto const J = sk_couplings(4, 9, rng);
  CHECK(J == J.transpose());
  CHECK(J.diagonal().isZero(0));
  for (double const coupling : pairs(J)) CHECK(coupling == 3 * same.normal());
}

TEST_CASE("SK couplings have zero mean and the given variance") {
  Rng rng(1, 0, streams::couplings);
  auto const couplings = pairs(sk_couplings(100, 0.04, rng));
  // 4950 of them: the mean has standard error 0.2 / 70, the standard deviation one of 1 %. Beyond six errors with a
  // probability of 4e-9, and the seed is fixed.
  CHECK(std::abs(couplings.mean()) < 6 * 0.2 / 70);
  CHECK(standard_deviation(couplings) == doctest::Approx(0.2).scale(0).epsilon(0.06));
}

}  // namespace hypnos::sherrington_kirkpatrick_test

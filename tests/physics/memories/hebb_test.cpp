#include "hypnos/physics/memories/hebb.hpp"

#include <doctest/doctest.h>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::hebb_test {

TEST_CASE("Hebb's sums count patterns in which two neurons agree, less those in which they do not") {
  for (int const N : {1, 2, 17, 64}) {
    Rng rng(1, 0, streams::patterns);
    auto const xi = random_patterns(5, N, rng);
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

}  // namespace hypnos::hebb_test

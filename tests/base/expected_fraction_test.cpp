#include "hypnos/base/expected_fraction.hpp"

#include <doctest/doctest.h>

namespace hypnos::expected_fraction_test {

TEST_CASE("the part that is done is 0.9 at the expected number of steps and 1 at the largest") {
  CHECK(expected_fraction(0, 50, 1000) == 0);
  CHECK(expected_fraction(25, 50, 1000) == doctest::Approx(0.45));
  CHECK(expected_fraction(50, 50, 1000) == doctest::Approx(0.9));
  CHECK(expected_fraction(525, 50, 1000) == doctest::Approx(0.95));
  CHECK(expected_fraction(1000, 50, 1000) == 1);
  CHECK(expected_fraction(500, 1e9, 1000) == doctest::Approx(0.45));
  CHECK(expected_fraction(0, 0, 10) == 0);
  CHECK(expected_fraction(0, 10, 0) == 1);
  for (int steps = 1; steps <= 100; ++steps)
    CHECK(expected_fraction(steps, 30, 100) > expected_fraction(steps - 1, 30, 100));
}

}  // namespace hypnos::expected_fraction_test

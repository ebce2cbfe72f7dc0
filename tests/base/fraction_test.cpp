#include "hypnos/base/fraction.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace hypnos::fraction_test {

TEST_CASE("a decimal is read as the fraction it stands for") {
  auto const is = [](double x, int r, int q) {
    auto const found = fraction(x);
    return found && found->r == r && found->q == q;
  };
  CHECK(is(0.01, 1, 100));
  CHECK(is(0.03, 3, 100));
  CHECK(is(0.015, 3, 200));
  CHECK(is(1 / 3., 1, 3));
  CHECK(is(1, 1, 1));
  CHECK(is(2.5, 5, 2));
  CHECK(is(1e-6, 1, 1'000'000));
  CHECK(is(0.001, 1, 1000));
  for (int q = 1; q < 3000; ++q) CHECK(is(1. / q, 1, q));
}

TEST_CASE("numbers that are no simple fraction, or not positive, have none") {
  for (double const x : {0.0123456789, 0., -0.01, 1e-7, 1e7, std::numeric_limits<double>::quiet_NaN(),
                         std::numeric_limits<double>::infinity()})
    CHECK(!fraction(x));
}

}  // namespace hypnos::fraction_test

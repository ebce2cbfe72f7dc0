#include "table.hpp"

#include <doctest/doctest.h>

#include <limits>

using hypnos::cli::with_error;

TEST_CASE("a mean is printed to the two digits that its error allows") {
  CHECK(with_error(0.12344, 0.0056) == "0.1234(56)");
  CHECK(with_error(-10.08, 0.12) == "-10.08(12)");
  CHECK(with_error(4.5, 0.3) == "4.50(30)");
  CHECK(with_error(202, 21) == "202(21)");
  CHECK(with_error(1.0, 0.0996) == "1.00(10)");
  CHECK(with_error(1.0, 0.09949) == "1.000(99)");
}

TEST_CASE("without an error a mean is printed to six digits") {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(with_error(1.0 / 3, nan) == "0.333333");
  CHECK(with_error(nan, nan) == "nan");
}

TEST_CASE("an error that is mere rounding is no error") {
  CHECK(with_error(1, 0) == "1(0)");
  CHECK(with_error(1, 3e-17) == "1(0)");
  CHECK(with_error(4.79123, 1e-14) == "4.79123(0)");
}

TEST_CASE("an error larger than the mean's digits is written out") {
  CHECK(with_error(12345, 678) == "12345(6.8e+02)");
}

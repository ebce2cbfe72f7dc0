#include "table.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace hypnos::table_test {

using cli::with_error;

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

TEST_CASE("without spread, and with an error that is mere rounding, there is only the mean") {
  CHECK(with_error(1, 0) == "1");
  CHECK(with_error(0, 0) == "0");
  CHECK(with_error(1, 3e-17) == "1");
  CHECK(with_error(4.79123, 1e-14) == "4.79123");
}

TEST_CASE("an error of 100 and more rounds the mean before the decimal point") {
  CHECK(with_error(6019.31, 270) == "6020(270)");
  CHECK(with_error(6019.31, 99.4) == "6019(99)");
  CHECK(with_error(6019.31, 99.6) == "6020(100)");
  CHECK(with_error(12345, 678) == "12350(680)");
  CHECK(with_error(-12345, 1234) == "-12300(1200)");
  CHECK(with_error(12, 300) == "10(300)");
  CHECK(with_error(123456, 23456) == "123000(23000)");
}

TEST_CASE("very large and very small numbers have a power of ten behind the brackets") {
  CHECK(with_error(1.234e12, 5e10) == "1.234(50)e12");
  CHECK(with_error(1.234e-12, 5e-14) == "1.234(50)e-12");
  CHECK(with_error(-1e-20, 3e-19) == "-0.1(30)e-19");
}

}  // namespace hypnos::table_test

#include "hypnos/runtime/sweep.hpp"

#include <doctest/doctest.h>

#include "hypnos/base/error.hpp"

namespace hypnos::sweep_test {

using Texts = std::vector<std::string>;

namespace {

std::string message(std::string const& text) {
  try {
    expand_values("a", text);
  } catch (BadInput const& error) {
    CHECK(error.key() == "a");
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a range contains its stop, and the numbers a person would type") {
  CHECK(expand_values("a", "0.04:0:-0.02") == Texts{"0.04", "0.02", "0"});
  CHECK(expand_values("a", "0.4:0:-0.02").back() == "0");
  CHECK(expand_values("a", "-0.3:0.3:0.1")[3] == "0");
  CHECK(expand_values("a", "0.1:0.9:0.1") == Texts{"0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"});
  CHECK(expand_values("a", "1:-1:-0.5") == Texts{"1", "0.5", "0", "-0.5", "-1"});
  CHECK(expand_values("a", "3:3:1") == Texts{"3"});
}

TEST_CASE("a logarithmic range is evenly spaced in the logarithm") {
  CHECK(expand_values("a", "log(1e-4:1e-1:4)") == Texts{"0.0001", "0.001", "0.01", "0.1"});
  CHECK(expand_values("a", "log(8:1:4)") == Texts{"8", "4", "2", "1"});
}

TEST_CASE("pieces of all kinds mix in a list") {
  CHECK(expand_values("a", "0, 0.5:1:0.25 ,log(10:1000:3),7") ==
        Texts{"0", "0.5", "0.75", "1", "10", "100", "1000", "7"});
  CHECK(expand_values("a", "hello") == Texts{"hello"});
}

TEST_CASE("a malformed range says what a range looks like") {
  CHECK(message("1:2") == "a = 1:2, but a range is written start:stop:step, as in 0.1:0.9:0.1");
  CHECK(message("1:2:x") == "a = 1:2:x, but a range is written start:stop:step, as in 0.1:0.9:0.1");
  CHECK(message("1:2:0") == "a = 1:2:0, but the step must lead from start to stop");
  CHECK(message("1:2:-1") == "a = 1:2:-1, but the step must lead from start to stop");
  CHECK(message("0.1:1:0.2") == "a = 0.1:1:0.2, but steps of 0.2 do not reach the end; it would be 0.9 or 1.1");
  CHECK(message("0:1:1e-9") == "a = 0:1:1e-9, but a range may have at most 1000000 values");
  CHECK(message("log(1:2)") == "a = log(1:2), but a range is written log(start:stop:count), as in log(1e-4:1e-1:4)");
  CHECK(message("log(1:2:3") == "a = log(1:2:3, but a range is written log(start:stop:count), as in log(1e-4:1e-1:4)");
  CHECK(message("log(0:1:3)") == "a = log(0:1:3), but both ends of a logarithmic range must be positive");
  CHECK(message("log(1:2:2.5)") ==
        "a = log(1:2:2.5), but the count of a logarithmic range must be a whole number from 2 to 1000000");
  CHECK(message("1,,2") == "a = 1,,2, but a piece between commas is empty");
  CHECK(message("1,") == "a = 1,, but a piece between commas is empty");
}

}  // namespace hypnos::sweep_test

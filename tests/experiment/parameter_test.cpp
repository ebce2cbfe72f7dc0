#include "hypnos/experiment/parameter.hpp"

#include <doctest/doctest.h>

#include "hypnos/base/error.hpp"

namespace hypnos::parameter_test {

namespace {

ParameterInfo const N{"N", Kind::integer, "", {2, 40}, {}, "neurons", std::int64_t{18}};
ParameterInfo const alpha{"alpha", Kind::real, "1", {0, 2}, {}, "load P/N", 0.3};
ParameterInfo const rule{"rule", Kind::choice, "", {}, {{"unlearning", ""}, {"l1", ""}}, "the rule", std::string("l1")};

std::string message(ParameterInfo const& parameter, std::string const& text) {
  try {
    parse_value(parameter, text);
  } catch (BadInput const& error) {
    CHECK(error.key() == parameter.name);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a value inside its range is read as what it is") {
  CHECK(std::get<std::int64_t>(parse_value(N, "40")) == 40);
  CHECK(std::get<std::int64_t>(parse_value(N, "2e1")) == 20);
  CHECK(std::get<double>(parse_value(alpha, "0.3")) == 0.3);
  CHECK(std::get<std::string>(parse_value(rule, "unlearning")) == "unlearning");
}

TEST_CASE("a value outside is refused with what was expected") {
  CHECK(message(alpha, "-0.3") == "alpha = -0.3, but must lie in [0, 2] (load P/N)");
  CHECK(message(N, "41") == "N = 41, but must lie in [2, 40] (neurons)");
  CHECK(message(N, "2.5") == "N = 2.5, but N must be a whole number");
  CHECK(message(alpha, "a lot") == "alpha = a lot, but alpha must be a number");
  CHECK(message(alpha, "") == "alpha is empty, but must be a number");
  CHECK(message(alpha, "nan") == "alpha = nan, but alpha must be a number");
  CHECK(message(rule, "l2") == "rule = l2, but must be unlearning | l1 (did you mean 'l1'?)");
}

TEST_CASE("a real number may be a fraction of two, an integer may not") {
  CHECK(std::get<double>(parse_value(alpha, "1/3")) == 1.0 / 3);
  CHECK(std::get<double>(parse_value(alpha, "0.5 / 2")) == 0.25);
  CHECK(message(alpha, "7/3") == "alpha = 7/3, but must lie in [0, 2] (load P/N)");
  for (auto const* text : {"1/0", "1/", "/3", "1/2/3", "1/x"})
    CHECK(message(alpha, text) == std::string("alpha = ") + text + ", but alpha must be a number");
  CHECK(message(N, "8/2") == "N = 8/2, but N must be a whole number");
}

TEST_CASE("a whole number beyond 2^53 is refused, not rounded into the range") {
  ParameterInfo const seed{"seed", Kind::integer, "", {0, 0x1p53}, {}, "seed", std::int64_t{1}};
  CHECK(std::get<std::int64_t>(parse_value(seed, "9007199254740991")) == 9007199254740991);
  CHECK(std::get<std::int64_t>(parse_value(seed, "9007199254740992")) == 9007199254740992);
  for (auto const* text : {"9007199254740993", "9223372036854775807", "9223372036854775808", "1e300"})
    CHECK(message(seed, text) == std::string("seed = ") + text + ", but must lie in [0, 9007199254740992] (seed)");
  ParameterInfo const any{"n", Kind::integer, "", {}, {}, "a number", std::int64_t{1}};
  for (auto const* text : {"9007199254740993", "-9007199254740993", "-9223372036854775808"})
    CHECK(message(any, text).find("but must lie in") != std::string::npos);
}

TEST_CASE("what is formatted reads back") {
  CHECK(format_value(parse_value(alpha, "0.1")) == "0.1");
  CHECK(format_value(parse_value(N, "7")) == "7");
  CHECK(format_value(std::vector<double>{0.1, 2}) == "0.1, 2");
}

}  // namespace hypnos::parameter_test

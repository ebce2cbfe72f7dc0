#include "hypnos/experiment/parameter.hpp"

#include <doctest/doctest.h>

#include "hypnos/base/error.hpp"

using namespace hypnos;

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

TEST_CASE("what is formatted reads back") {
  CHECK(format_value(parse_value(alpha, "0.1")) == "0.1");
  CHECK(format_value(parse_value(N, "7")) == "7");
  CHECK(format_value(std::vector<double>{0.1, 2}) == "0.1, 2");
}

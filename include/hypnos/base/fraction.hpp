#pragma once

#include <optional>

namespace hypnos {

/// r / q in lowest terms, both positive.
struct Fraction {
  int r, q;

  static constexpr int largest_q = 1'000'000;
};

/// The fraction that a decimal stands for: 0.01 is 1 / 100, 0.03 is 3 / 100. None unless x > 0 is, to the last digit of
/// a double, a fraction with q <= largest_q, and at most largest_q itself.
std::optional<Fraction> fraction(double x);

}  // namespace hypnos

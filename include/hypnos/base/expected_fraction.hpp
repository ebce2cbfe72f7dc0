#pragma once

#include <algorithm>

namespace hypnos {

/// The part of an iteration that is done after `steps`, if it is expected to converge after `expected` steps and ends
/// after `most` in any case: 0.9 at `expected`, and 1 at `most`.
inline double expected_fraction(double steps, double expected, double most) {
  if (most <= 0 || steps >= most) return 1;
  expected = std::clamp(expected, 1.0, most);
  if (steps <= expected) return 0.9 * steps / expected;
  return 0.9 + 0.1 * (steps - expected) / (most - expected);
}

}  // namespace hypnos

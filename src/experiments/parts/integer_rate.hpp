#pragma once

#include <cstdint>
#include <string>

#include "hypnos/base/fraction.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

/// The rate `x` of the parameter `name` where couplings are integers, multiples of 1 / (q N). BadInput if it is no
/// simple fraction r / q.
Fraction integer_rate(std::string const& name, double x);

/// BadInput if sums of a row of |J_ij|, in units of 1 / (q N), may exceed `largest` within `steps` steps that add r N
/// to them, from Hebb's couplings of the patterns: random ones have sums of mean q (N - 1) (2 P / pi)^1/2 and variance
/// q^2 N P (1 - 2 / pi), of which six standard deviations are left.
void require_room(std::string const& name, double x, RandomPatterns const& patterns, std::int64_t largest, int steps);

}  // namespace hypnos

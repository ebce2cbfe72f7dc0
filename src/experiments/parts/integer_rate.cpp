#include "parts/integer_rate.hpp"

#include <cmath>
#include <numbers>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

Fraction integer_rate(std::string const& name, double x) {
  if (auto const found = fraction(x)) return *found;
  throw BadInput(name, name + " = " + format_number(x) +
                           ", but must be a fraction of whole numbers, above 0 and with a denominator up to " +
                           std::to_string(Fraction::largest_q) +
                           " (couplings are kept as integers): write it with fewer digits");
}

void require_room(std::string const& name, double x, RandomPatterns const& patterns, std::int64_t largest, int steps) {
  auto const [r, q] = integer_rate(name, x);
  double const N = patterns.N, P = patterns.count(), of_mean = 2 / std::numbers::pi;
  double const sum = (N - 1) * std::sqrt(of_mean * P) + 6 * std::sqrt((1 - of_mean) * N * P);
  if (q * sum + steps * N * r <= static_cast<double>(largest)) return;
  throw BadInput(name, name + " = " + format_number(x) + " = " + std::to_string(r) + "/" + std::to_string(q) +
                           " makes couplings of " + std::to_string(patterns.count()) + " patterns in " +
                           std::to_string(patterns.N) + " neurons too large for 32 bits; give " + name +
                           " as a fraction of smaller numbers");
}

}  // namespace hypnos

#include "hypnos/base/fraction.hpp"

#include <cmath>
#include <utility>

namespace hypnos {

// The fractions on the way to x by the Euclidean algorithm; the first that rounds to it is the simplest that does.
std::optional<Fraction> fraction(double x) {
  constexpr double largest = Fraction::largest_q;
  if (!(x > 0 && x <= largest)) return {};
  double r = 1, q = 0, r_before = 0, q_before = 1, rest = x;
  while (true) {
    double const integer = std::floor(rest);
    r_before = std::exchange(r, integer * r + r_before);
    q_before = std::exchange(q, integer * q + q_before);
    if (q > largest) return {};
    if (r / q == x) return Fraction{static_cast<int>(r), static_cast<int>(q)};
    rest = 1 / (rest - integer);
  }
}

}  // namespace hypnos

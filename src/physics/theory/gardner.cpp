#include "hypnos/physics/theory/gardner.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace hypnos {

namespace {

// I_n(u) = int_{-u}^infinity (t + u)^n Dt
double I1(double u) {
  boost::math::normal const normal;
  return u * cdf(normal, u) + pdf(normal, u);
}

double I2(double u) {
  boost::math::normal const normal;
  return (1 + u * u) * cdf(normal, u) + u * pdf(normal, u);
}

// Where the increasing function f has the `value`, between low and high; NaN if f(low) exceeds it.
template <class F>
double where(F const& f, double value, double low, double high) {
  if (f(low) == value) return low;
  if (f(low) > value) return std::numeric_limits<double>::quiet_NaN();
  std::uintmax_t evaluations = 200;
  auto const bracket = boost::math::tools::toms748_solve([&](double u) { return f(u) - value; }, low, high,
                                                         boost::math::tools::eps_tolerance<double>(52), evaluations);
  return (bracket.first + bracket.second) / 2;
}

void check(double alpha) {
  if (!(alpha > 0) || !std::isfinite(alpha)) throw std::domain_error("the load alpha must be positive and finite");
}

}  // namespace

double gardner_k(double alpha) {
  check(alpha);
  // I_2(u) > u^2 for u > 0 bounds the root.
  return where(I2, 1 / alpha, 0, 1 / std::sqrt(alpha));
}

double symmetric_gardner_k(double alpha) {
  check(alpha);
  // u + I_1(u) = 0: the u of k = 0.
  static double const lowest = where([](double u) { return u + I1(u); }, 0, -1, 0);
  auto const u = where([](double v) { return I2(v) + I1(v) * I1(v); }, 1 / (2 * alpha), lowest, 1 / std::sqrt(alpha));
  return std::isnan(u) ? u : u + I1(u);
}

}  // namespace hypnos

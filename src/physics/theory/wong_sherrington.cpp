#include "hypnos/physics/theory/wong_sherrington.hpp"

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "normal.hpp"

namespace hypnos {

namespace {

using boost::math::double_constants::one_div_root_two;
using boost::math::double_constants::root_two_pi;

// A standard normal variable lies beyond with probability 1e-18.
constexpr double largest_w = 8.8;
constexpr double infinity = std::numeric_limits<double>::infinity();

// The root of f between low and high. Signs there are equal only by rounding at an end that is the root itself.
template <class F>
double root(F const& f, double low, double high) {
  double const at_low = f(low), at_high = f(high);
  if (at_low == 0 || at_high == 0 || (at_low < 0) == (at_high < 0))
    return std::abs(at_low) < std::abs(at_high) ? low : high;
  std::uintmax_t evaluations = 300;
  auto const bracket = boost::math::tools::toms748_solve(f, low, high, at_low, at_high,
                                                         boost::math::tools::eps_tolerance<double>(50), evaluations);
  return (bracket.first + bracket.second) / 2;
}

void check_overlap(double m) {
  if (!(m >= 0 && m < 1)) throw std::domain_error("the overlap m must lie in [0, 1)");
}

}  // namespace

WongSherrington::WongSherrington(double alpha, double m, PatternLoss loss)
    : loss_(loss), scale_(std::sqrt((1 - m) * (1 + m)) / m) {
  if (!(alpha > 0) || !std::isfinite(alpha)) throw std::domain_error("the load alpha must be positive and finite");
  check_overlap(m);
  if (m == 0) throw std::domain_error("the overlap m must be positive");

  auto const excess = [&](double strength) {
    set_strength(strength);
    return scale_ * scale_ * mean([&](double u, double v) { return (u - v) * (u - v); }) - 1 / alpha;
  };
  // u - v <= exp(strength) bounds the root from below.
  double low = -std::log(scale_) - std::log(alpha) / 2, step = 1;
  while (excess(low) > 0) low -= step;  // by rounding only
  double high = low + step;
  for (; excess(high) < 0; high += step) {
    low = high;
    step *= 2;
  }
  set_strength(root(excess, low, high));
}

// The logarithm of g' up to a constant: exp(-u^2 / 2) of erf, Phi(-u) of the perceptron.
double WongSherrington::shape(double u) const {
  if (loss_ == PatternLoss::one_step_retrieval) return -u * u / 2;
  if (u < 35) return std::log(Phi(-u));
  double const r = 1 / (u * u);  // the next term of the asymptotic series is 945 r^5 < 4e-13
  return -u * u / 2 - std::log(u * root_two_pi) + std::log1p(-r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r))));
}

double WongSherrington::slope_of_shape(double u) const {
  return loss_ == PatternLoss::one_step_retrieval ? -u : -std::exp(-u * u / 2 - shape(u)) / root_two_pi;
}

double WongSherrington::v(double u) const { return u - std::exp(strength_ + shape(u)); }

// v increases with u outside of the gap.
double WongSherrington::u(double v) const {
  auto const f = [&](double u) { return this->v(u) - v; };
  if (gap_ && v < gap_->at) return root(f, v, gap_->low);
  // shape(u) <= -u^2 / 2 for u >= 0, and <= 0 for all u.
  double const high = std::max(v + 1, std::sqrt(2 * std::max(strength_, 0.)));
  if (gap_) return root(f, gap_->high, high);
  // Where the exponential is larger than exp(600), the root is at larger u.
  return root(f, std::max(v, strength_ > 600 ? std::sqrt(2 * (strength_ - 600)) : v), high);
}

void WongSherrington::set_strength(double strength) {
  strength_ = strength;
  gap_.reset();
  // dv/du = 1 + u exp(strength - u^2 / 2) has zeros u_1 < -1 < u_2 < 0 if it is negative at its minimum, u = -1. For
  // strengths beyond 600 the jump is at w < -10^100.
  if (loss_ != PatternLoss::one_step_retrieval || strength <= 0.5 || strength > 600) return;
  auto const slope = [&](double u) { return 1 + u * std::exp(strength - u * u / 2); };
  double const far = -2 - std::sqrt(2 * strength) * 2;  // |u| exp(-u^2 / 2) < exp(-strength) there
  double const u_1 = root(slope, far, -1), u_2 = root(slope, -1, 0);
  double const v_1 = v(u_1), v_2 = v(u_2);
  auto const lower = [&](double at) { return root([&](double u) { return v(u) - at; }, at, u_1); };
  auto const upper = [&](double at) {
    double const high = std::max(at + 1, std::sqrt(2 * strength));
    return root([&](double u) { return v(u) - at; }, u_2, high);
  };
  // The difference of both maxima of chi g(x) - (x - w)^2 / 2, in units of scale^2: minus int (v(u) - at) du between.
  auto const difference = [&](double at) {
    double const a = lower(at), b = upper(at);
    return std::exp(strength) * root_two_pi * (Phi(b) - Phi(a)) - (b - a) * ((a + b) / 2 - at);
  };
  double const farthest = std::max(v_2, -largest_w / scale_);
  if (farthest < v_1 && difference(farthest) < 0) {
    double const at = root(difference, farthest, v_1);
    gap_ = Gap{lower(at), upper(at), at};
  } else {
    gap_ = Gap{-infinity, upper(std::min(farthest, v_1)), -infinity};  // no w is on the lower branch
  }
}

// <F(u, v)> over w = scale v.
template <class F>
double WongSherrington::mean(F const& of_u) const {
  auto const integrand = [&](double w) {
    double const v = w / scale_;
    return phi(w) * of_u(u(v), v);
  };
  // As m -> 1, x* has a sharp bend; parts of equal length keep it from being missed.
  double sum = 0;
  auto const add = [&](double from, double to) {
    constexpr int parts = 8;
    for (int k = 0; k < parts; ++k)
      sum += boost::math::quadrature::gauss_kronrod<double, 21>::integrate(
          integrand, from + (to - from) * k / parts, from + (to - from) * (k + 1) / parts, 8, 1e-9);
  };
  double const jump = gap_ ? std::clamp(scale_ * gap_->at, -largest_w, largest_w) : -largest_w;
  if (jump > -largest_w) add(-largest_w, jump);
  add(jump, largest_w);
  return sum;
}

// u - v = exp(strength + shape) = chi g'(x) / scale.
double WongSherrington::chi() const {
  // g'(x) = sqrt(2 / pi) / scale exp(shape), or m exp(shape), m = 1 / sqrt(1 + scale^2).
  double const slope = loss_ == PatternLoss::one_step_retrieval
                           ? std::sqrt(2 / boost::math::double_constants::pi) / scale_
                           : 1 / std::sqrt(1 + scale_ * scale_);
  return scale_ * std::exp(strength_) / slope;
}

double WongSherrington::loss(double m_prime) const {
  check_overlap(m_prime);
  double const factor = m_prime / std::sqrt((1 - m_prime) * (1 + m_prime)) * scale_ * one_div_root_two;
  return -mean([&](double u, double) { return std::erf(factor * u); });
}

double WongSherrington::density(double delta) const {
  double const u = delta / scale_;
  if (gap_ && u > gap_->low && u < gap_->high) return 0;
  double const w = scale_ * v(u);
  if (!(std::abs(w) < 40)) return 0;
  return phi(w) * (1 - std::exp(strength_ + shape(u)) * slope_of_shape(u));
}

double WongSherrington::cumulative(double delta) const {
  double const u = delta / scale_;
  return Phi(scale_ * (gap_ && u > gap_->low && u < gap_->high ? gap_->at : v(u)));
}

std::optional<WongSherrington::Gap> WongSherrington::gap() const {
  if (!gap_ || gap_->at == -infinity) return {};
  return Gap{scale_ * gap_->low, scale_ * gap_->high, scale_ * gap_->at};
}

}  // namespace hypnos

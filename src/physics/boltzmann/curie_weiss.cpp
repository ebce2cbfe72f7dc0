#include "hypnos/physics/boltzmann/curie_weiss.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>

#include "hypnos/base/text.hpp"

namespace hypnos {

Eigen::MatrixXd curie_weiss_couplings(int N, double J) {
  Eigen::MatrixXd couplings = Eigen::MatrixXd::Constant(N, N, J / N);
  couplings.diagonal().setZero();
  return couplings;
}

CurieWeiss::CurieWeiss(int N) : N_(N), m2_(N + 1), log_binomial_(N + 1) {
  for (int up = 0; up <= N; ++up) {
    double const m = (2.0 * up - N) / N;
    m2_(up) = m * m;
    log_binomial_(up) = std::lgamma(N + 1.0) - std::lgamma(up + 1.0) - std::lgamma(N - up + 1.0);
  }
}

Eigen::ArrayXd CurieWeiss::distribution(double K) const {
  Eigen::ArrayXd exponent = log_binomial_ + K * N_ / 2 * m2_;
  exponent -= exponent.maxCoeff();
  Eigen::ArrayXd const weight = exponent.exp();
  return weight / weight.sum();
}

double CurieWeiss::decorrelation(double K) const { return N_ / (N_ - 1.0) * (distribution(K) * (1 - m2_)).sum(); }

double CurieWeiss::Cv(double K) const {
  auto const p = distribution(K);
  double const mean = (p * m2_).sum();
  double const scale = N_ * K / 2;
  return scale * scale * (p * (m2_ - mean).square()).sum();
}

namespace {

// c(J) - (1 - a) c(a J) - a c(beta_d), which vanishes where Eq. 41 holds; written with 1 - c, which keeps its digits
// where the magnet is nearly ordered.
std::function<double(double)> excess_correlation(CurieWeiss const& magnet, double a, double beta_d) {
  return [&magnet, a, data = magnet.decorrelation(beta_d)](double J) {
    return a * data + (1 - a) * magnet.decorrelation(a * J) - magnet.decorrelation(J);
  };
}

// The roots of f between low and high, ascending, told apart if they lie in different cells of a grid.
std::vector<double> roots(std::function<double(double)> const& f, double low, double high, int cells) {
  std::vector<double> found;
  double left = low, at_left = f(low);
  for (int k = 1; k <= cells; ++k) {
    double const right = low + (high - low) * k / cells, at_right = f(right);
    if (at_right == 0) {
      found.push_back(right);
    } else if ((at_left < 0 && at_right > 0) || (at_left > 0 && at_right < 0)) {
      std::uintmax_t evaluations = 100;
      auto const bracket = boost::math::tools::toms748_solve(
          f, left, right, at_left, at_right, boost::math::tools::eps_tolerance<double>(52), evaluations);
      found.push_back((bracket.first + bracket.second) / 2);
    }
    left = right;
    at_left = at_right;
  }
  return found;
}

}  // namespace

std::vector<double> curie_weiss_solutions(CurieWeiss const& magnet, double a, double beta_d) {
  if (a == 0 || beta_d == 0) return {0};
  // Beyond beta_d there is none: the excess a (c(J) - c_d) + (1 - a) (c(J) - c(a J)) is positive there, for a < 1 in
  // both terms, for a > 1 because it grows with J and is (a - 1) (c(a beta_d) - c_d) at beta_d. The grid ends a little
  // later, so that rounding does not hide a solution close to beta_d.
  double const bound = 1.01 * beta_d;
  // c(J) bends around J = 1 on the scale N^(-1/2), which this spacing resolves up to N = 10^4.
  return roots(excess_correlation(magnet, a, beta_d), 0, bound, static_cast<int>(bound / 0.005) + 100);
}

double curie_weiss_coupling(CurieWeiss const& magnet, double a, double beta_d) {
  if (a == 0 || beta_d == 0) return 0;

  double J = beta_d, reached = 1, step = a - reached;
  while (reached != a) {
    double const next = std::abs(a - reached) <= std::abs(step) ? a : reached + step;
    double const reach = 0.1 * std::max(J, 0.01);
    auto const near = roots(excess_correlation(magnet, next, beta_d), std::max(J - reach, 0.0), J + reach, 16);
    if (near.size() == 1) {
      J = near[0];
      reached = next;
      step *= 2;
    } else {
      step /= 2;
      if (std::abs(step) <= 16 * std::numeric_limits<double>::epsilon() * reached)
        throw std::runtime_error(
            "the solution of Eq. 41 that is connected to a = 1 ends at a = " + format_number(reached) +
            " and does not reach a = " + format_number(a) + " (beta_d = " + format_number(beta_d) + ")");
    }
  }
  return J;
}

}  // namespace hypnos

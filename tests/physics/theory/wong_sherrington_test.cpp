#include "hypnos/physics/theory/wong_sherrington.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/theory/gardner.hpp"
#include "hypnos/physics/theory/stability_distributions.hpp"

namespace hypnos::wong_sherrington_test {

namespace {

constexpr PatternLoss both[] = {PatternLoss::one_step_retrieval, PatternLoss::noisy_perceptron};

double phi(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }
double Phi(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

double loss_of_pattern(PatternLoss loss, double m, double delta) {
  double const s = std::sqrt(1 - m * m), u = m * delta / s;
  return loss == PatternLoss::one_step_retrieval ? -std::erf(u / std::numbers::sqrt2) : s * (phi(u) - u * Phi(-u));
}

double slope_of_pattern(PatternLoss loss, double m, double delta) {
  double const s = std::sqrt(1 - m * m), u = m * delta / s;
  return loss == PatternLoss::one_step_retrieval ? -2 * m / s * phi(u) : -m * Phi(-u);
}

// int F(Delta) rho(Delta) dDelta, part by part between jumps of the density.
template <class F>
double mean_over_density(WongSherrington const& theory, F const& of_delta, double from = -10, double to = 14) {
  std::vector<double> ends{from, to};
  if (auto const gap = theory.gap())
    for (double const end : {gap->low, gap->high})
      if (end > from && end < to) ends.push_back(end);
  std::ranges::sort(ends);
  double sum = 0;
  for (std::size_t k = 1; k < ends.size(); ++k)
    sum += boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
        [&](double x) { return of_delta(x) * theory.density(x); }, ends[k - 1], ends[k], 12, 1e-10);
  return sum;
}

}  // namespace

TEST_CASE("the largest of all values on a grid, over normal w, gives the same chi, loss and fraction below zero") {
  constexpr double step_of_w = 0.02, step_of_x = 0.004;
  for (auto const loss : both)
    for (auto const& [alpha, m] : {std::pair{0.3, 0.3}, {0.3, 0.5}, {0.45, 0.5}, {0.45, 0.7}, {1., 0.9}}) {
      CAPTURE(static_cast<int>(loss));
      CAPTURE(alpha);
      CAPTURE(m);
      WongSherrington const theory(alpha, m, loss);
      double squares = 0, unstable = 0, mean_loss = 0;
      for (double w = -7; w < 7; w += step_of_w) {
        double best = -std::numeric_limits<double>::infinity(), at = 0;
        for (double x = w; x < w + 8; x += step_of_x) {  // losses decrease, so x* > w
          double const value = -theory.chi() * loss_of_pattern(loss, m, x) - (x - w) * (x - w) / 2;
          if (value > best) best = value, at = x;
        }
        double const weight = phi(w) * step_of_w;
        squares += weight * (at - w) * (at - w);
        unstable += weight * (at < 0);
        mean_loss += weight * loss_of_pattern(PatternLoss::one_step_retrieval, m, at);
      }
      // Jumps and x = 0 are found to a step of w of weight up to 0.4 step_of_w; x* to half a step of x, evenly spread.
      CHECK(std::abs(alpha * squares - 1) < 5e-3);
      CHECK(std::abs(theory.fraction_unstable() - unstable) < 0.4 * step_of_w);
      CHECK(std::abs(theory.loss(m) - mean_loss) < 5e-3);
    }
}

TEST_CASE("fractions of unstable stabilities and minima of the loss at the loads of figures 1, 2 and 7") {
  auto const unstable = [](double alpha, double m, PatternLoss loss) {
    return WongSherrington(alpha, m, loss).fraction_unstable();
  };
  // Half a unit of the last digit of values that were found independently.
  CHECK(std::abs(unstable(0.45, 0.3, PatternLoss::noisy_perceptron) - 0.0132) < 5e-5);
  CHECK(std::abs(unstable(0.45, 0.3, PatternLoss::one_step_retrieval) - 0.0449) < 5e-5);
  CHECK(std::abs(unstable(0.45, 0.5, PatternLoss::noisy_perceptron) - 0.0007) < 5e-5);
  CHECK(std::abs(unstable(0.45, 0.5, PatternLoss::one_step_retrieval) - 0.0181) < 5e-5);
  for (auto const& [m, fraction] : {std::pair{0.1, 3.1e-2}, {0.3, 1.5e-2}, {0.5, 1.6e-3}, {0.7, 1.5e-5}})
    CHECK(unstable(0.3, m, PatternLoss::one_step_retrieval) == doctest::Approx(fraction).epsilon(0.04));

  WongSherrington const theory(0.3, 0.5, PatternLoss::one_step_retrieval);
  CHECK(std::abs(theory.loss(0.5) + 0.670) < 5e-4);
  REQUIRE(theory.gap());
  CHECK(std::abs(theory.gap()->low + 2.305) < 5e-4);
  CHECK(std::abs(theory.gap()->high + 1.195) < 5e-4);
}

TEST_CASE("a gap opens at chi m^2 / (1 - m^2) = sqrt(pi e / 2), between equal areas, and not for the perceptron") {
  double const threshold = std::sqrt(std::numbers::pi * std::numbers::e / 2);
  for (double const alpha : {0.2, 0.3, 0.45, 0.7, 1.0, 3.0})
    for (double const m : {0.2, 0.4, 0.5, 0.6, 0.7}) {
      CAPTURE(alpha);
      CAPTURE(m);
      CHECK(!WongSherrington(alpha, m, PatternLoss::noisy_perceptron).gap());
      WongSherrington const theory(alpha, m, PatternLoss::one_step_retrieval);
      auto const gap = theory.gap();
      // The gap may also lie where no w of double precision falls.
      if (gap) CHECK(theory.chi() * m * m / (1 - m * m) > threshold);
      if (!gap) continue;
      auto const potential = [&](double x) {
        return -theory.chi() * loss_of_pattern(PatternLoss::one_step_retrieval, m, x) - std::pow(x - gap->at, 2) / 2;
      };
      CHECK(potential(gap->low) == doctest::Approx(potential(gap->high)).epsilon(1e-9));
      for (double const x : {gap->low, gap->high})
        CHECK(x + theory.chi() * slope_of_pattern(PatternLoss::one_step_retrieval, m, x) ==
              doctest::Approx(gap->at).epsilon(1e-9));
      double const inside = (gap->low + gap->high) / 2;
      CHECK(theory.density(inside) == 0);
      CHECK(theory.cumulative(inside) == doctest::Approx(theory.cumulative(gap->high)).scale(0).epsilon(1e-9));
    }
  // Either side of the threshold: chi m^2 / (1 - m^2) is 2.05 and 2.14.
  CHECK(WongSherrington(0.3, 0.494, PatternLoss::one_step_retrieval).gap());
  CHECK(!WongSherrington(0.3, 0.490, PatternLoss::one_step_retrieval).gap());
}

TEST_CASE("densities are normalized, their integrals are the cumulative fractions, and losses their means") {
  for (auto const loss : both)
    for (auto const& [alpha, m] : {std::pair{0.1, 0.2}, {0.3, 0.5}, {0.45, 0.7}, {1., 0.9}, {2.5, 0.5}}) {
      CAPTURE(alpha);
      CAPTURE(m);
      WongSherrington const theory(alpha, m, loss);
      CHECK(mean_over_density(theory, [](double) { return 1.; }) == doctest::Approx(1).epsilon(1e-8));
      for (double const x : {-1., 0., 0.7, 2.})
        CHECK(mean_over_density(
                  theory, [](double) { return 1.; }, -10, x) ==
              doctest::Approx(theory.cumulative(x)).epsilon(1e-7).scale(1e-3));
      for (double const m_prime : {0., 0.3, 0.8})
        CHECK(mean_over_density(theory, [&](double x) {
                return loss_of_pattern(PatternLoss::one_step_retrieval, m_prime, x);
              }) == doctest::Approx(theory.loss(m_prime)).epsilon(1e-7));
    }
}

TEST_CASE("the couplings that minimize a loss have a lower mean of it than those that minimize another") {
  for (double const alpha : {0.3, 0.45, 1.0})
    for (double const m : {0.3, 0.5, 0.7}) {
      CAPTURE(alpha);
      CAPTURE(m);
      WongSherrington const retrieval(alpha, m, PatternLoss::one_step_retrieval),
          perceptron(alpha, m, PatternLoss::noisy_perceptron);
      for (double const other : {m - 0.1, m + 0.1})
        CHECK(retrieval.loss(m) < WongSherrington(alpha, other, PatternLoss::one_step_retrieval).loss(m) - 1e-5);
      CHECK(retrieval.loss(m) < perceptron.loss(m) - 1e-4);
      auto const perceptron_loss = [&](double x) { return loss_of_pattern(PatternLoss::noisy_perceptron, m, x); };
      CHECK(mean_over_density(perceptron, perceptron_loss) < mean_over_density(retrieval, perceptron_loss) - 1e-4);
    }
}

TEST_CASE("m -> 0 is Hebb's rule: stabilities are normal with mean 1 / sqrt(alpha) and unit variance") {
  for (auto const loss : both)
    for (double const alpha : {0.1, 0.5, 1.0, 3.0})
      for (double const x : {-1., 0., 1., 2.5}) {
        // Corrections are of order m.
        WongSherrington const theory(alpha, 1e-6, loss);
        CHECK(theory.cumulative(x) == doctest::Approx(Phi(x - 1 / std::sqrt(alpha))).epsilon(1e-4));
        CHECK(theory.density(x) == doctest::Approx(phi(x - 1 / std::sqrt(alpha))).epsilon(1e-4));
      }
}

TEST_CASE("m -> 1 is the largest margin: no stabilities below Gardner's k, and a normal density above") {
  for (auto const loss : both)
    for (double const alpha : {0.3, 0.5, 1.0}) {
      CAPTURE(alpha);
      LargestMarginStabilities const limit(alpha);
      WongSherrington const theory(alpha, 1 - 1e-7, loss);
      // x* bends at k over a width of order sqrt(1 - m^2).
      CHECK(theory.cumulative(limit.k - 0.01) < 1e-12);
      for (double const distance : {0.01, 0.3, 1.})
        CHECK(theory.cumulative(limit.k + distance) ==
              doctest::Approx(limit.cumulative(limit.k + distance)).epsilon(1e-4));
      CHECK(theory.density(limit.k + 0.5) == doctest::Approx(limit.density(limit.k + 0.5)).epsilon(1e-4));
      for (double const m : {0.3, 0.5})
        CHECK(theory.loss(m) ==
              doctest::Approx(limit.at_k * loss_of_pattern(PatternLoss::one_step_retrieval, m, limit.k) +
                              boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
                                  [&](double x) {
                                    return loss_of_pattern(PatternLoss::one_step_retrieval, m, x) * limit.density(x);
                                  },
                                  limit.k, 12., 10, 1e-10))
                  .epsilon(1e-4));
    }
}

TEST_CASE("few patterns, many patterns and every overlap have a solution") {
  for (auto const loss : both)
    for (double const alpha : {1e-4, 0.01, 0.3, 2.0, 30.})
      for (double const m : {1e-8, 0.05, 0.5, 0.95, 1 - 1e-12}) {
        CAPTURE(alpha);
        CAPTURE(m);
        WongSherrington const theory(alpha, m, loss);
        CHECK(theory.chi() > 0);
        CHECK(theory.loss(0.5) < 0);
        CHECK(theory.loss(0.5) >= -1);
        CHECK(theory.cumulative(-20) == doctest::Approx(0));
        CHECK(theory.cumulative(130) == doctest::Approx(1));
      }
}

TEST_CASE(
    "rows of couplings that minimize either loss by gradient descent have its minimum and its unstable fraction") {
  constexpr int N = 300, P = 135, rows = 24;
  constexpr double m = 0.3;
  for (auto const loss : both) {
    WongSherrington const theory(static_cast<double>(P) / N, m, loss);
    Rng rng(5, 0, streams::patterns);
    double mean_loss = 0, unstable = 0;
    for (int row = 0; row < rows; ++row) {
      // x_j^mu = xi_i^mu xi_j^mu
      Eigen::MatrixXd const x = Eigen::MatrixXd::NullaryExpr(P, N, [&] { return rng.below(2) == 0 ? -1. : 1.; });
      Eigen::VectorXd J = x.colwise().sum().transpose().normalized(), delta = x * J;
      for (int step = 0; step < 400; ++step) {
        Eigen::VectorXd const slopes = delta.unaryExpr([&](double d) { return slope_of_pattern(loss, m, d); });
        J = (J - 0.2 / m * x.transpose() * slopes / N).normalized();
        delta = x * J;
      }
      for (double const d : delta) {
        mean_loss += loss_of_pattern(PatternLoss::one_step_retrieval, m, d) / (P * rows);
        unstable += (d < 0) / static_cast<double>(P * rows);
      }
    }
    CAPTURE(static_cast<int>(loss));
    // 3240 stabilities, taken as independent: standard errors 0.003 and 0.0036, five of them; false alarms 6e-7.
    CHECK(std::abs(mean_loss - theory.loss(m)) < 0.015);
    CHECK(std::abs(unstable - theory.fraction_unstable()) < 0.018);
  }
}

TEST_CASE("loads and overlaps outside of their ranges are refused") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (auto const loss : both) {
    for (double const alpha : {0., -1., std::numeric_limits<double>::infinity(), nan})
      CHECK_THROWS_AS(WongSherrington(alpha, 0.5, loss), std::domain_error);
    for (double const m : {0., 1., -0.1, 1.1, nan}) CHECK_THROWS_AS(WongSherrington(0.3, m, loss), std::domain_error);
    WongSherrington const theory(0.3, 0.5, loss);
    for (double const m : {1., -0.1, nan}) CHECK_THROWS_AS(theory.loss(m), std::domain_error);
    CHECK(theory.loss(0) == 0);
  }
}

}  // namespace hypnos::wong_sherrington_test

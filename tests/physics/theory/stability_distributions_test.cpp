#include "hypnos/physics/theory/stability_distributions.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <Eigen/LU>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::stability_distributions_test {

using Eigen::MatrixXd;

namespace {

template <class Distribution>
double integral(Distribution const& d, double from, double to) {
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate([&](double x) { return d.density(x); }, from, to,
                                                                       10, 1e-10);
}

}  // namespace

TEST_CASE("densities are normalized, and their integrals are the cumulative fractions") {
  for (double const alpha : {0.1, 0.3, 0.9}) {
    LargestMarginStabilities const largest(alpha);
    CHECK(largest.at_k + integral(largest, largest.k, 12) == doctest::Approx(1).epsilon(1e-9));
    CHECK(largest.at_k + integral(largest, largest.k, largest.k + 1) ==
          doctest::Approx(largest.cumulative(largest.k + 1)).epsilon(1e-9));
    CHECK(largest.cumulative(largest.k) == largest.at_k);
    CHECK(largest.cumulative(largest.k - 1e-9) == 0);
    CHECK(largest.density(largest.k - 1e-9) == 0);

    PseudoInverseStabilities const inverse(alpha, 200);
    auto const [mean, deviation] = inverse;
    CHECK(integral(inverse, mean - 9 * deviation, mean + 9 * deviation) == doctest::Approx(1).epsilon(1e-9));
    CHECK(integral(inverse, mean - 9 * deviation, mean + deviation) ==
          doctest::Approx(inverse.cumulative(mean + deviation)).epsilon(1e-9));
  }
  CHECK(std::isnan(LargestMarginStabilities(2.5).cumulative(1)));
  CHECK(std::isnan(LargestMarginStabilities(2.5).density(1)));
}

TEST_CASE("support vector machines have the stabilities of the largest margin") {
  constexpr int N = 200, P = 100;
  Rng rng(3, 0, streams::patterns);
  auto const xi = random_patterns(P, N, rng);
  auto const delta = stabilities(xi, support_vector_machine(xi, 1e-4, 20000).J);
  LargestMarginStabilities const theory(static_cast<double>(P) / N);
  // 20,000 stabilities; k has corrections of a few per cent at this N.
  for (double const x : {0.3, 0.8, 1.5}) {
    double const fraction = (delta.array() < theory.k + x).cast<double>().mean();
    CHECK(std::abs(fraction - theory.cumulative(theory.k + x)) < 0.02);
  }
}

TEST_CASE(
    "the pseudo-inverse with zero diagonal has one stability a neuron, with the mean and variance of the theory") {
  constexpr int N = 400, samples = 10;
  for (double const alpha : {0.2, 0.3, 0.5}) {
    CAPTURE(alpha);
    int const P = static_cast<int>(std::lround(alpha * N));
    PseudoInverseStabilities const theory(alpha, N);
    double sum = 0, squares = 0;
    for (std::uint32_t sample = 0; sample < samples; ++sample) {
      Rng rng(3, sample, streams::patterns);
      auto const xi = random_patterns(P, N, rng);
      MatrixXd const overlaps = xi * xi.transpose();
      MatrixXd J = xi.transpose() * overlaps.inverse() * xi;
      J.diagonal().setZero();
      MatrixXd const delta = stabilities<double>(xi, J);
      // Roundings of an inverse of condition 30.
      CHECK((delta.rowwise() - delta.row(0)).cwiseAbs().maxCoeff() < 1e-10);
      for (double const d : delta.row(0)) {
        sum += d - theory.mean;
        squares += (d - theory.mean) * (d - theory.mean);
      }
    }
    double const count = N * samples, shift = sum / count, variance = squares / count - shift * shift;
    // The trace of Q is P, so the mean fluctuates less than that of 4000 independent stabilities. Its correction is of
    // order 1/N; five standard errors, false alarms 6e-7, would be 0.08 of a deviation.
    CHECK(std::abs(shift) < 2. / N + 0.08 * theory.deviation);
    // Standard error 0.022 by 4000 independent normal stabilities, corrections of order 1/N: five and 1/40.
    CHECK(std::abs(variance / (theory.deviation * theory.deviation) - 1) < 5 * 0.0224 + 10. / N);
  }
  CHECK(std::abs(PseudoInverseStabilities(0.3, 100).mean - 1.5275) < 5e-5);
  CHECK(std::abs(PseudoInverseStabilities(0.4, 100).mean - 1.2247) < 5e-5);
  CHECK(PseudoInverseStabilities(0.5, 100).mean == 1);
}

TEST_CASE("loads that have no such couplings are refused") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (double const alpha : {0., 1., -0.3, nan})
    CHECK_THROWS_AS(PseudoInverseStabilities(alpha, 10), std::domain_error);
  CHECK_THROWS_AS(PseudoInverseStabilities(0.5, 0), std::domain_error);
  CHECK_THROWS_AS(LargestMarginStabilities(0), std::domain_error);
}

TEST_CASE("stabilities of Hebb's couplings are those of large networks") {
  HebbianStabilities const theory(0.3);
  CHECK(integral(theory, -8, 12) == doctest::Approx(1).epsilon(1e-9));
  CHECK(integral(theory, -8, 1) == doctest::Approx(theory.cumulative(1)).epsilon(1e-9));
  CHECK_THROWS_AS(HebbianStabilities(0), std::domain_error);
  // N = 400: 48,000 stabilities, correlated within a neuron by 1/N; mean and variance are off by a few times
  // (120 x 400)^-1/2 = 0.005 and by terms of order 1/N. Six times as much, a false alarm of 2e-9.
  Rng rng(5, 0, streams::patterns);
  auto const xi = random_patterns(120, 400, rng);
  auto const delta = stabilities(xi, hebbian_sums(xi));
  double const mean = delta.mean();
  CHECK(std::abs(mean - theory.mean) < 0.03);
  CHECK(std::abs((delta.array() - mean).square().mean() - 1) < 0.06);
  for (double const x : {0., 1., 2., 3.})
    CHECK(std::abs((delta.array() <= x).cast<double>().mean() - theory.cumulative(x)) < 0.02);
}

}  // namespace hypnos::stability_distributions_test

#include "hypnos/physics/theory/gardner.hpp"

#include <doctest/doctest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace hypnos::gardner_test {

namespace {

// int_{-u}^infinity (t + u)^n Dt by quadrature.
double moment(double u, int n) {
  auto const f = [=](double t) { return std::pow(t + u, n) * std::exp(-t * t / 2) / std::sqrt(2 * std::numbers::pi); };
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(f, -u, std::numeric_limits<double>::infinity(),
                                                                       15, 1e-12);
}

}  // namespace

TEST_CASE("Gardner's k solves her integral") {
  for (double const alpha : {0.01, 0.1, 0.3, 0.5, 1.0, 1.5, 1.99}) {
    CAPTURE(alpha);
    CHECK(alpha * moment(gardner_k(alpha), 2) == doctest::Approx(1).scale(0).epsilon(1e-11));
  }
}

TEST_CASE("the symmetric k solves the cavity equations") {
  for (double const alpha : {0.01, 0.1, 0.3, 0.5, 1.0, 1.27}) {
    CAPTURE(alpha);
    // u from k = u + I_1(u), whose slope lies between 1 and 2, by bisection.
    double const k = symmetric_gardner_k(alpha);
    double low = -1, high = k + 1;
    for (int n = 0; n < 100; ++n) {
      double const u = (low + high) / 2;
      (u + moment(u, 1) < k ? low : high) = u;
    }
    double const I1 = moment(low, 1);
    CHECK(2 * alpha * (moment(low, 2) + I1 * I1) == doctest::Approx(1).scale(0).epsilon(1e-10));
  }
}

TEST_CASE("at k = 0 a neuron stores two patterns, with symmetric couplings 1.278") {
  CHECK(gardner_k(2) == 0);
  CHECK(gardner_k(2 - 1e-9) > 0);
  CHECK(std::isnan(gardner_k(2 + 1e-9)));
  // Known to three decimals.
  CHECK(symmetric_gardner_k(1.2775) > 0);
  CHECK(std::isnan(symmetric_gardner_k(1.2785)));
  CHECK(symmetric_gardner_k(1.2775) < 0.002);
}

TEST_CASE("k at the loads of the literature") {
  // Gardner's at 0.3, 0.4, 0.5 and 1; the symmetric ones beside the values 1.296, 0.988 and 0.768 of Benedetti et al.,
  // which were found less precisely.
  CHECK(std::abs(gardner_k(0.3) - 1.534) < 5e-4);
  CHECK(std::abs(gardner_k(0.4) - 1.242) < 5e-4);
  CHECK(std::abs(gardner_k(0.5) - 1.034) < 5e-4);
  CHECK(std::abs(gardner_k(1.0) - 0.471) < 5e-4);
  CHECK(std::abs(symmetric_gardner_k(0.3) - 1.2949) < 5e-5);
  CHECK(std::abs(symmetric_gardner_k(0.4) - 0.9862) < 5e-5);
  CHECK(std::abs(symmetric_gardner_k(0.5) - 0.7671) < 5e-5);
}

TEST_CASE("few patterns do not see each other: k tends to 1 / sqrt(alpha), symmetric or not") {
  // Corrections are exponentially small but for the spread of the fields: 1 / alpha = 1 + k^2, and k = 2 u with
  // 1 / (2 alpha) = 1 + 2 u^2.
  for (double const alpha : {1e-2, 1e-4, 1e-8}) {
    CHECK(gardner_k(alpha) == doctest::Approx(std::sqrt(1 / alpha - 1)).scale(0).epsilon(1e-12));
    CHECK(symmetric_gardner_k(alpha) == doctest::Approx(std::sqrt(1 / alpha - 2)).scale(0).epsilon(2e-7));
  }
}

TEST_CASE("symmetry costs stability, and so does every pattern") {
  for (double alpha = 0.05; alpha < 1.27; alpha += 0.05) {
    CHECK(symmetric_gardner_k(alpha) < gardner_k(alpha));
    CHECK(symmetric_gardner_k(alpha + 0.005) < symmetric_gardner_k(alpha));
    CHECK(gardner_k(alpha + 0.005) < gardner_k(alpha));
  }
}

TEST_CASE("a load that is not positive is refused") {
  for (double const alpha :
       {0.0, -0.3, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(gardner_k(alpha), std::domain_error);
    CHECK_THROWS_AS(symmetric_gardner_k(alpha), std::domain_error);
  }
}

}  // namespace hypnos::gardner_test

#include "hypnos/physics/statistics/comparison.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace hypnos::comparison_test {

using Eigen::MatrixXd, Eigen::Vector3d, Eigen::Vector4d, Eigen::VectorXd;

// All sums below have a few terms of order one: 1e-14 is rounding.

TEST_CASE("pairs are the entries above the diagonal, row by row") {
  MatrixXd matrix(3, 3);
  matrix << 9, 1, 2,  //
      7, 9, 3,        //
      7, 7, 9;
  CHECK(pairs(matrix) == Vector3d(1, 2, 3));
  CHECK(pairs(MatrixXd::Ones(1, 1)).size() == 0);
}

TEST_CASE("the standard deviation is that of the whole population") {
  CHECK(standard_deviation(Vector4d(1, 2, 3, 4)) == doctest::Approx(std::sqrt(1.25)).scale(0).epsilon(1e-14));
}

TEST_CASE("omega is the slope of the line over its abscissa, with an intercept") {
  Vector3d const x(1, 2, 4), y(2, 3, 7);  // covariance 8/3, variances 14/9 and 14/3
  CHECK(slope(x, y) == doctest::Approx(12.0 / 7).scale(0).epsilon(1e-14));
  CHECK(slope(y, x) == doctest::Approx(4.0 / 7).scale(0).epsilon(1e-14));
  CHECK(pearson(x, y) == doctest::Approx(4 * std::sqrt(3.0) / 7).scale(0).epsilon(1e-14));
  CHECK(slope(x, y.array() + 5) == doctest::Approx(12.0 / 7).scale(0).epsilon(1e-14));
  CHECK(pearson(x.array() + 5, y) == doctest::Approx(4 * std::sqrt(3.0) / 7).scale(0).epsilon(1e-14));
}

TEST_CASE("correlations k times too large have omega = 1/k and rho = 1") {
  Vector4d const c_d(0.1, -0.3, 0.25, 0.02);
  for (double const k : {0.2, 1.0, 7.0}) {
    CHECK(slope(k * c_d, c_d) == doctest::Approx(1 / k).scale(0).epsilon(1e-14));
    CHECK(pearson(k * c_d, c_d) == doctest::Approx(1).scale(0).epsilon(1e-14));
  }
}

TEST_CASE("numbers that are alike up to rounding have neither slope nor Pearson coefficient") {
  Vector3d const spread(0.1, 0.2, 0.3), alike(0.3, 0.3 + 1e-14, 0.3 - 1e-14), barely(0.3, 0.3 + 1e-11, 0.3 - 1e-11);
  for (auto const measure : {slope, pearson}) {
    CHECK(std::isnan(measure(alike, spread)));
    CHECK(std::isnan(measure(spread, alike)));
    CHECK(std::isnan(measure(VectorXd(), VectorXd())));
    CHECK(std::isfinite(measure(barely, spread)));
    CHECK(std::isfinite(measure(spread, barely)));
  }
}

TEST_CASE("the cosine is 1 along, 0 across, -1 against, and nothing without a direction") {
  Vector3d const x(1, 2, -2);
  CHECK(cosine(x, 3 * x) == doctest::Approx(1).scale(0).epsilon(1e-14));
  CHECK(cosine(x, -x) == doctest::Approx(-1).scale(0).epsilon(1e-14));
  CHECK(cosine(x, Vector3d(2, 1, 2)) == 0);
  CHECK(std::isnan(cosine(x, Vector3d::Zero())));
}

}  // namespace hypnos::comparison_test

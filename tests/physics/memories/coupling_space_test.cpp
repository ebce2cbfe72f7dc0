#include "hypnos/physics/memories/coupling_space.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::coupling_space_test {

using Eigen::MatrixXd, Eigen::VectorXd;

// Sums of at most a few hundred terms of order one: 1e-13 is rounding.
constexpr double rounding = 1e-13;

namespace {

MatrixXd random_couplings(int N, std::uint32_t number) {
  Rng rng(1, number, streams::couplings);
  MatrixXd J(N, N);
  for (double& entry : J.reshaped()) entry = rng.normal();
  return J + J.transpose();
}

}  // namespace

TEST_CASE("positions are couplings over the root of their mean square, whatever their scale and diagonal") {
  MatrixXd J(3, 3);
  J << 9, 1, 2,  //
      1, 8, -2,  //
      2, -2, 7;
  CHECK((position(J) - Eigen::Vector3d(1, 2, -2) / std::sqrt(3.0)).norm() < rounding);
  for (int const N : {2, 3, 17}) {
    auto const random = random_couplings(N, 0);
    auto const r = position(random);
    CHECK(r.norm() == doctest::Approx(std::sqrt(N * (N - 1) / 2.0)).epsilon(rounding));
    CHECK((r - pairs(random).normalized() * r.norm()).norm() < rounding);
    CHECK((position(0.3 * random) - r).norm() < rounding);
  }
  CHECK(position(MatrixXd::Zero(4, 4)).array().isNaN().all());
}

TEST_CASE("a point is measured along the reference line, which a straight path follows") {
  VectorXd const start = position(random_couplings(9, 1)), end = position(random_couplings(9, 2));
  double const distance = (end - start).norm();
  ReferenceLine const line(start, end, MatrixXd::Identity(36, 2));
  CHECK(line.start() == start);
  CHECK(line.directions() == 2);
  CHECK(line.point(start).along == 0);
  CHECK(line.point(start).distance == 0);
  CHECK(line.point(end).along == doctest::Approx(distance).epsilon(rounding));
  CHECK(line.point(end).distance == doctest::Approx(distance).epsilon(rounding));
  CHECK((line.point(end).projection - end.head(2).array()).abs().maxCoeff() < rounding);

  // a straight path ...
  for (double const t : {0.1, 0.5, 0.8}) {
    auto const step = line.displacement(start + t * (end - start), start + (t + 0.2) * (end - start));
    CHECK(step.length == doctest::Approx(0.2 * distance).epsilon(rounding));
    CHECK(step.along == doctest::Approx(step.length).epsilon(rounding));
  }
  // ... back, and one at right angles
  CHECK(line.displacement(end, start).along == doctest::Approx(-distance).epsilon(rounding));
  VectorXd const v = (end - start) / distance, w = position(random_couplings(9, 3)), perpendicular = w - w.dot(v) * v;
  auto const step = line.displacement(end, end + perpendicular);
  CHECK(step.length == doctest::Approx(perpendicular.norm()).epsilon(rounding));
  CHECK(std::abs(step.along) < rounding);
}

TEST_CASE("along a line without length nothing is defined") {
  VectorXd const start = position(random_couplings(5, 1)), other = position(random_couplings(5, 2));
  ReferenceLine const line(start, start, MatrixXd::Identity(10, 1));
  CHECK(std::isnan(line.point(other).along));
  CHECK(std::isnan(line.displacement(start, other).along));
  CHECK(line.point(other).distance == doctest::Approx((other - start).norm()).epsilon(rounding));
}

TEST_CASE("random directions have unit length and are uniform") {
  Rng rng(1, 0, streams::directions);
  int const N = 10, count = 200;
  auto const directions = random_directions(count, N, rng);
  REQUIRE(directions.rows() == 45);
  REQUIRE(directions.cols() == count);
  CHECK((directions.colwise().norm().array() - 1).abs().maxCoeff() < rounding);
  // On each axis count M d^2 is nearly chi^2 with 200 degrees of freedom: outside of (80, 380) with 1e-11 each. The sum
  // of all components of an axis, over sqrt(count / M), is nearly normal: 7 deviations have 3e-12.
  for (auto const& axis : directions.rowwise()) {
    CHECK(45 * axis.squaredNorm() > 80);
    CHECK(45 * axis.squaredNorm() < 380);
    CHECK(std::abs(axis.sum()) < 7 * std::sqrt(count / 45.0));
  }
}

}  // namespace hypnos::coupling_space_test

#include "hypnos/physics/statistics/crossings.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace hypnos;
using Eigen::ArrayXd;

namespace {

ArrayXd curve(std::initializer_list<double> values) {
  ArrayXd y(static_cast<Eigen::Index>(values.size()));
  std::ranges::copy(values, y.begin());
  return y;
}

}  // namespace

TEST_CASE("a curve is above zero from its first rise to its last fall, on the lines between its points") {
  auto const x = curve({0, 1, 2, 4, 5, 6, 8});
  // below, through zero at 1 + 1/4; below again; above; through zero at 6 + 2 * 3/4
  auto const y = curve({-2, -1, 3, -1, 2, 3, -1});
  CHECK(first_rise(x, y) == 1.25);
  CHECK(last_fall(x, y) == 7.5);
}

TEST_CASE("zero itself counts as above") {
  auto const x = curve({0, 1, 2, 3});
  CHECK(first_rise(x, curve({-1, 0, -1, -1})) == 1);
  CHECK(last_fall(x, curve({-1, 0, -1, -1})) == 1);
  CHECK(first_rise(x, curve({0, -1, -1, -1})) == 0);
}

TEST_CASE("a curve that is never above zero neither rises nor falls; one that ends above does not fall") {
  auto const x = curve({0, 1, 2});
  CHECK(std::isnan(first_rise(x, curve({-3, -1, -2}))));
  CHECK(std::isnan(last_fall(x, curve({-3, -1, -2}))));
  CHECK(first_rise(x, curve({1, -1, 2})) == 0);
  CHECK(std::isnan(last_fall(x, curve({1, -1, 2}))));
}

TEST_CASE("the peak of a parabola is found wherever its points lie") {
  ArrayXd const x = 3 + ArrayXd::LinSpaced(41, 0, 4).square();
  for (double const top : {5., 9.123, 12.}) {
    ArrayXd const y = 0.7 - 0.02 * (x - top).square();
    auto const peak = local_peak(x, y, 2);
    // a condition of some hundred for the three powers, and the place is only as exact as the root of the rounding of y
    // over the curvature if it had to be searched; from the slope it is far better than 1e-9
    CHECK(peak.place == doctest::Approx(top).epsilon(1e-9));
    CHECK(peak.height == doctest::Approx(0.7).epsilon(1e-9));
  }
}

TEST_CASE("only points within reach of the highest count, and equal weights make it least squares") {
  auto const x = curve({0, 1, 2, 3, 4});
  // The parabola through (1, 0), (2, 1), (3, 0.5): 1 - 0.75 (x - 2)^2 + 0.25 (x - 2), at its top 2 + 1/6.
  for (double const outside : {-100., 0., 0.9}) {
    auto const peak = local_peak(x, curve({outside, 0, 1, 0.5, outside}), 1);
    CHECK(peak.place == doctest::Approx(2 + 1 / 6.).epsilon(1e-14));  // a handful of roundings
    CHECK(peak.height == doctest::Approx(1 + 1 / 48.).epsilon(1e-14));
  }
  // Symmetric about the middle, five points: c + d u^2 with sum u^2 = 10, sum u^4 = 34; here y = 0, 1, 3, 1, 0, so
  // 5 c + 10 d = 5, 10 c + 34 d = 2 and c = 15/7.
  auto const peak = local_peak(x, curve({0, 1, 3, 1, 0}), 2);
  CHECK(peak.place == doctest::Approx(2).epsilon(1e-14));
  CHECK(peak.height == doctest::Approx(15 / 7.).epsilon(1e-14));
}

TEST_CASE("where no parabola has its maximum among the points, the highest of them stands") {
  auto const x = curve({0, 1, 2, 3, 4});
  auto const same = [&](Peak peak, double place, double height) {
    return peak.place == place && peak.height == height;
  };
  CHECK(same(local_peak(x, curve({1, 2, 3, 4, 5}), 2), 4, 5));            // a line
  CHECK(same(local_peak(x, curve({0, 1, 3, 6, 10}), 4), 4, 10));          // open upwards
  CHECK(same(local_peak(x, curve({10, 7, 5, 4, 3.9}), 4), 0, 10));        // the same from the other side
  CHECK(same(local_peak(x, curve({0, 1, 3, 2, 0}), 0.5), 2, 3));          // nothing else within reach
  CHECK(same(local_peak(x, curve({0, 3, 1, 3, 0}), 0.5), 1, 3));          // the first of equals
  CHECK(same(local_peak(x, curve({0, 1.9, 3.6, 5.1, 6.4}), 4), 4, 6.4));  // a maximum, but further on
  CHECK(same(local_peak(curve({7}), curve({-1}), 1), 7, -1));
}

#include "hypnos/physics/statistics/peak.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace hypnos::peak_test {

using Eigen::ArrayXd;

namespace {

ArrayXd curve(std::initializer_list<double> values) {
  ArrayXd y(static_cast<Eigen::Index>(values.size()));
  std::ranges::copy(values, y.begin());
  return y;
}

}  // namespace

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
  CHECK(same(local_peak(x, curve({0, 1, 3, 2, 0}), 0.5), 2, 3));  // nothing else within reach
  CHECK(same(local_peak(x, curve({0, 3, 1, 3, 0}), 0.5), 1, 3));  // the first of equals
  // open upwards: sum of y (u^2 - 2) over u = -2 ... 2 is 1
  CHECK(same(local_peak(x, curve({1.75, 0, 2, 0, 1.75}), 2), 2, 2));
}

TEST_CASE(
    "a maximum at the edge is none: where the first or the last point is the highest, or it is too near to them") {
  auto const x = curve({0, 1, 2, 3, 4});
  auto const none = [](Peak peak) { return std::isnan(peak.place) && std::isnan(peak.height); };
  for (double const reach : {0.5, 2., 4.}) {
    CHECK(none(local_peak(x, curve({1, 2, 3, 4, 5}), reach)));
    CHECK(none(local_peak(x, curve({10, 7, 5, 4, 3.9}), reach)));
    CHECK(none(local_peak(curve({7}), curve({-1}), reach)));
  }
  CHECK(none(local_peak(x, curve({0, 1.9, 3.6, 5.1, 6.4}), 4)));  // a parabola with its maximum further on
  CHECK(none(local_peak(x, curve({0, 1, 2, 4, 3.9}), 2.5)));      // the last but one, and the parabola rises on
  // Parabolas with their maximum around a distance of reach / 2 = 1 from the end or the beginning, points on both sides.
  ArrayXd const fine = ArrayXd::LinSpaced(101, 0, 10);
  for (double const distance : {0.05, 0.5, 0.95, 1.05, 2.})
    for (bool const at_end : {true, false}) {
      double const top = at_end ? 10 - distance : distance;
      auto const peak = local_peak(fine, 3 - (fine - top).square(), 2);
      CAPTURE(top);
      CHECK(none(peak) == (distance < 1));
      if (distance > 1) CHECK(peak.place == doctest::Approx(top).epsilon(1e-9));
    }
}

}  // namespace hypnos::peak_test

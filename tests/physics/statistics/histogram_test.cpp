#include "hypnos/physics/statistics/histogram.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace hypnos::histogram_test {

TEST_CASE("bins include their lower edges and leave out what is outside") {
  Bins const bins{-1, 0.5, 4};
  CHECK(bins.centres() == std::vector<double>{-0.75, -0.25, 0.25, 0.75});
  CHECK(bins_between(-1, 1, 0.5).centres() == bins.centres());
  CHECK(bins_between(-1, 1, 0.3).count == 7);  // up to 1.1
  CHECK(bins.of(-1) == 0);
  CHECK(bins.of(-0.500001) == 0);
  CHECK(bins.of(-0.5) == 1);
  CHECK(bins.of(0.999) == 3);
  CHECK(bins.of(1) == -1);
  CHECK(bins.of(-1.001) == -1);
  CHECK(bins.of(std::numeric_limits<double>::quiet_NaN()) == -1);
  CHECK(bins.of(std::numeric_limits<double>::infinity()) == -1);
}

TEST_CASE("a density integrates to the part inside the bins") {
  Bins const bins{0, 0.25, 4};
  Eigen::ArrayXd x(5);
  x << 0.1, 0.1, 0.6, 1.2, -0.2;
  auto const found = density(x, bins);
  CHECK(found(0) == doctest::Approx(2 / (5 * 0.25)));
  CHECK(found(1) == 0);
  CHECK(found(2) == doctest::Approx(1 / (5 * 0.25)));
  CHECK(found.sum() * 0.25 == doctest::Approx(3.0 / 5));
  CHECK(std::isnan(density(Eigen::ArrayXd(0), bins)(0)));
}

}  // namespace hypnos::histogram_test

#include <cmath>
#include <string>

#include "hypnos/base/error.hpp"
#include "settings.hpp"

namespace hypnos::gibbs_accessibility_test {

TEST_CASE("gibbs-accessibility: std multiplies the weights, and with them the ground state") {
  for (std::string const weights : {"regularized", "gaussian", "uniform"}) {
    auto const shared = "V=10 H=60 K=4 weights=" + weights;
    auto const one = measured("gibbs-accessibility", shared + " std=1");
    auto const ten = measured("gibbs-accessibility", shared + " std=10");
    CAPTURE(weights);
    CHECK(ten.at("sigma_W")[0] == doctest::Approx(10 * one.at("sigma_W")[0]));
    CHECK(ten.at("ground_energy")[0] == doctest::Approx(10 * one.at("ground_energy")[0]));
    // 600 weights, or products of 4 patterns of 10 and of 60 units, whose mean square has a spread of about 0.1
    CHECK(std::abs(one.at("sigma_W")[0] - 1) < 0.6);
  }
}

TEST_CASE("gibbs-accessibility: the standard deviation of independent weights is std") {
  for (std::string const weights : {"gaussian", "uniform"}) {
    auto const found = measured("gibbs-accessibility", "V=2 H=5000 weights=" + weights + " std=0.3");
    // of 10,000 numbers: 0.7 % for Gaussian ones, less for others; six of these, false alarm 4e-9
    CHECK(std::abs(found.at("sigma_W")[0] / 0.3 - 1) < 6 * 0.0071);
  }
}

TEST_CASE("gibbs-accessibility: one pattern and large weights lead to the ground state") {
  auto const found = measured("gibbs-accessibility", "V=15 H=60 K=1 std=20 chains=50");
  // V is odd, so no field vanishes; the odds of a unit against its field of 20 are exp(-40)
  CHECK(found.at("accessibility")[0] == doctest::Approx(1).epsilon(1e-6));
  CHECK(found.at("accessibility_best")[0] == doctest::Approx(1).epsilon(1e-6));
  CHECK(found.at("ground_energy")[0] == doctest::Approx(-20 * 15 * 60));
}

TEST_CASE("gibbs-accessibility: tiny weights leave the units independent") {
  int const chains = 2000;
  auto const found =
      measured("gibbs-accessibility", "V=12 H=80 weights=gaussian std=1e-4 chains=" + std::to_string(chains));
  // <E> = -sum W^2 = -1e-5, E of one state has the standard deviation sqrt(sum W^2); six errors, false alarm 2e-9
  double const sum = 12 * 80 * std::pow(found.at("sigma_W")[0], 2);
  CHECK(std::abs(found.at("accessibility")[0] * found.at("ground_energy")[0] + sum) < 6 * std::sqrt(sum / chains));
  // the lowest of so many is more than one standard deviation below: false alarm 0.84^2000
  CHECK(found.at("accessibility_best")[0] * -found.at("ground_energy")[0] > std::sqrt(sum));
}

TEST_CASE("gibbs-accessibility: layers too large for the ground state are named") {
  auto const& subject = experiment("gibbs-accessibility");
  CHECK_NOTHROW(subject.check(point(subject, "V=784 H=25")));
  CHECK_THROWS_WITH_AS(subject.check(point(subject, "V=26 H=30")),
                       "V = 26 and H = 30, but the exact ground state needs a layer of at most 25 units; give V=20 or "
                       "H=20",
                       BadInput);
}

}  // namespace hypnos::gibbs_accessibility_test

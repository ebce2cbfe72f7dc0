#include "hypnos/physics/theory/sk_minima.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace hypnos::sk_minima_test {

TEST_CASE("the mean number of minima is that of its integral, and of small networks by hand") {
  CHECK(std::exp(log_mean_sk_minima(1)) == 0);
  CHECK(std::exp(log_mean_sk_minima(2)) == doctest::Approx(2));
  // 2^3 int Phi(z)^3 phi(z) dz = 8 / 4
  CHECK(std::exp(log_mean_sk_minima(3)) == doctest::Approx(2).epsilon(1e-9));
  for (int const N : {4, 5, 10, 45, 300}) {
    double sum = 0;
    constexpr double step = 1e-3;
    for (double z = -12; z < 12 + 2 * std::sqrt(N); z += step) {
      double const stable = std::erfc(-z / std::sqrt(2. * (N - 2))) / 2;
      sum += step * std::exp(N * std::log(2 * stable) - z * z / 2) / std::sqrt(2 * std::numbers::pi);
    }
    CHECK(log_mean_sk_minima(N) == doctest::Approx(std::log(sum)).epsilon(1e-9));
  }
}

TEST_CASE("the number of minima grows at the rate of Bray and Moore") {
  CHECK((log_mean_sk_minima(20'000) - log_mean_sk_minima(10'000)) / 10'000 == doctest::Approx(0.1992).epsilon(3e-4));
}

TEST_CASE("no network has less than one neuron") { CHECK_THROWS_AS(log_mean_sk_minima(0), std::domain_error); }

}  // namespace hypnos::sk_minima_test

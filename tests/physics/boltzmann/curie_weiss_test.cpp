#include "hypnos/physics/boltzmann/curie_weiss.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/physics/boltzmann/exact_moments.hpp"
#include "hypnos/physics/boltzmann/specific_heat.hpp"

namespace hypnos::curie_weiss_test {

namespace {

// Right minus left side of Eq. 41.
double residual(CurieWeiss const& magnet, double J, double a, double beta_d) {
  return (1 - a) * magnet.c(a * J) + a * magnet.c(beta_d) - magnet.c(J);
}

}  // namespace

TEST_CASE("the sum over magnetizations is the sum over states") {
  for (int N = 2; N <= 12; ++N) {
    CurieWeiss const magnet(N);
    Ising const model{curie_weiss_couplings(N, 1), Eigen::VectorXd::Zero(N)};
    for (double const K : {0.0, 0.3, 1.0, 2.5}) {
      // c is of order 1, C_v of order 10: a thousand roundings.
      CHECK(std::abs(magnet.c(K) - exact_moments(model, K).c(0, 1)) < 1e-13);
      CHECK(std::abs(magnet.decorrelation(K) + magnet.c(K) - 1) < 1e-15);
      CHECK(std::abs(magnet.Cv(K) - specific_heat(model, K)) < 1e-12);
    }
  }
}

TEST_CASE("two spins are correlated by tanh of their coupling") {
  CurieWeiss const pair(2);
  for (double const K : {0.1, 1.0, 4.0}) CHECK(pair.c(K) == doctest::Approx(std::tanh(K / 2)).scale(0).epsilon(1e-14));
  // Far in the ordered phase 1 - c keeps its digits: 1 - tanh x = 2 / (exp(2 x) + 1).
  CHECK(pair.decorrelation(60) == doctest::Approx(2 / (std::exp(60.0) + 1)).scale(0).epsilon(1e-12));
}

TEST_CASE("ten thousand ordered spins do not overflow") {
  CurieWeiss const magnet(10000);
  // The magnetization solves m = tanh(K m): 1 - m^2 = 4 exp(-20) to leading order at K = 10.
  CHECK(magnet.decorrelation(10) == doctest::Approx(4 * std::exp(-20.0)).scale(0).epsilon(0.01));
  CHECK(std::isfinite(magnet.Cv(10)));
}

TEST_CASE("without regularization the magnet of the data is inferred, and nothing from nothing") {
  CurieWeiss const magnet(20);
  CHECK(curie_weiss_coupling(magnet, 1, 0.7) == 0.7);
  CHECK(curie_weiss_coupling(magnet, 0, 0.7) == 0);
  CHECK(curie_weiss_coupling(magnet, 0.5, 0) == 0);
}

TEST_CASE("the inferred coupling solves Eq. 41, and it is the only one that does in every case tried") {
  for (int const N : {2, 20, 200})
    for (double const beta_d : {0.3, 1.0, 2.0, 5.0})
      for (double const a : {0.01, 0.1, 0.4, 0.7, 0.77, 0.9, 0.999, 1.001, 1.5, 3.0, 20.0}) {
        CAPTURE(N);
        CAPTURE(beta_d);
        CAPTURE(a);
        CurieWeiss const magnet(N);
        double const J = curie_weiss_coupling(magnet, a, beta_d);
        CHECK(J > 0);
        // Terms of size max(1, a) rounded to 1e-16, and J to 1e-16 J at a slope of c of up to N / 4.
        CHECK(std::abs(residual(magnet, J, a, beta_d)) < 1e-13);
        auto const all = curie_weiss_solutions(magnet, a, beta_d);
        REQUIRE(all.size() == 1);
        // Where c hardly grows any more, 1e-16 of c is much in J.
        CHECK(all[0] == doctest::Approx(J).scale(0).epsilon(1e-9));
      }
}

TEST_CASE("weak coupling: J tends to a N c_d / (1 - a + a^2)") {
  int const N = 30;
  CurieWeiss const magnet(N);
  // c(K) = K / N + O(K^2) with a relative correction of about K, so 1e-3 of J at beta_d = 1e-4 is far outside it.
  for (double const a : {0.2, 0.5, 1.0, 3.0})
    CHECK(curie_weiss_coupling(magnet, a, 1e-4) ==
          doctest::Approx(a * N * magnet.c(1e-4) / (1 - a + a * a)).scale(0).epsilon(1e-3));
}

TEST_CASE("the inferred coupling varies continuously with a") {
  // Near a = 0.76 data from deep in the ordered phase make J fall steeply: it passes through every value between.
  CurieWeiss const magnet(100);
  double highest = 0, previous = curie_weiss_coupling(magnet, 0.70, 6);
  for (int k = 1; k <= 400; ++k) {
    double const J = curie_weiss_coupling(magnet, 0.70 + 0.3 * k / 400, 6);
    CHECK(J > previous);
    highest = std::max(highest, J - previous);
    previous = J;
  }
  CHECK(previous == doctest::Approx(6).scale(0).epsilon(1e-12));
  CHECK(highest < 0.2);  // of a range of 4.6, in 400 steps
}

}  // namespace hypnos::curie_weiss_test

#include "hypnos/physics/boltzmann/exact_moments.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "../models.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"

namespace hypnos::exact_moments_test {

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr auto yes = EnergyVariance::yes;

Rng stream(std::uint64_t seed) { return Rng(seed, 0, streams::couplings); }

Ising empty_model(int N) { return {MatrixXd::Zero(N, N), VectorXd::Zero(N)}; }

void couple(Ising& model, int i, int j, double J) { model.J(i, j) = model.J(j, i) = J; }

// Frustrated couplings of variance N^{-1/2}, and fields of width `field`.
Ising frustrated(int N, double field, std::uint32_t number) { return spin_glass(N, std::pow(N, -0.25), field, number); }

// A random order of labels: what is simple in physics is then spread over all the pieces of the algorithm.
std::vector<int> shuffled(int N) {
  std::vector<int> order(N);
  std::iota(order.begin(), order.end(), 0);
  stream(static_cast<std::uint64_t>(N)).shuffle(std::span(order));
  return order;
}

// m and c are bounded by 1 and good to a few hundred roundings, whatever beta. Energies add such errors, weighted with
// the couplings; log Z adds one rounding of the ground state's exponent. beta^2 Var E at 1e-10: its terms are squares
// of exponents, of order (beta E)^2 < 1e4 where states have a visible weight.
void check_equal(Moments const& a, Moments const& b, Ising const& model, double beta) {
  double const energy_scale = model.J.cwiseAbs().sum() / 2 + model.h.cwiseAbs().sum();
  CHECK((a.m - b.m).cwiseAbs().maxCoeff() <= 1e-13);
  CHECK((a.c - b.c).cwiseAbs().maxCoeff() <= 1e-13);
  CHECK(std::abs(a.log_Z - b.log_Z) <= 1e-14 * std::abs(b.log_Z));
  CHECK(std::abs(a.energy - b.energy) <= 1e-13 * energy_scale);
  CHECK(beta * beta * std::abs(a.energy_variance - b.energy_variance) <= 1e-10);
  CHECK(a.c == a.c.transpose());
}

void check_against_definition(Ising const& model, double beta) {
  CAPTURE(model.size());
  CAPTURE(beta);
  check_equal(exact_moments(model, beta, yes), enumerated_moments(model, beta), model, beta);
}

bool same_bits(Moments const& a, Moments const& b) {
  auto const same = [](auto const& x, auto const& y) {
    return std::memcmp(x.data(), y.data(), sizeof(double) * static_cast<std::size_t>(x.size())) == 0;
  };
  auto const scalars = [](Moments const& x) { return std::vector{x.log_Z, x.energy, x.energy_variance}; };
  return same(scalars(a), scalars(b)) && same(a.m, b.m) && same(a.c, b.c);
}

// f'(x) up to terms of order d^4 f^(5) / 30, with d = 1e-3.
template <class F>
double derivative(F const& f, double x) {
  double const d = 1e-3;
  return (8 * (f(x + d) - f(x - d)) - (f(x + 2 * d) - f(x - 2 * d))) / (12 * d);
}

}  // namespace

TEST_CASE("moments agree with the sum over all states at every N from 1 to 16") {
  for (int N = 1; N <= 16; ++N)
    for (double const field : {0.0, 0.3, 10.0}) {
      auto const model = frustrated(N, field, static_cast<std::uint32_t>(N));
      // large N are for the sizes, small N for the temperatures
      for (double const beta : {0.0, 0.4, 1.0, 5.0, 10.0, 30.0, 80.0})
        if (N <= 12 || beta == 1 || beta == 30) check_against_definition(model, beta);
    }
}

TEST_CASE("moments agree with the sum over all states in degenerate models") {
  for (int const N : {1, 2, 3, 4, 5, 9, 12})
    for (double const beta : {0.0, 0.7, 30.0, 80.0}) {
      Ising model = empty_model(N);
      check_against_definition(model, beta);  // nothing at all

      model.h(N / 2) = 1e-3;
      check_against_definition(model, beta);  // one field, no couplings

      model = frustrated(N, 0, 7);
      model.h(N - 1) = -0.2;
      check_against_definition(model, beta);  // one field that breaks the symmetry

      model.h(0) = 1e4;
      check_against_definition(model, beta);  // one spin held fast

      model = empty_model(N);
      model.J = (MatrixXd::Ones(N, N) - MatrixXd::Identity(N, N)) / 3;
      check_against_definition(model, beta);                // two ground states far apart
      check_against_definition({-model.J, model.h}, beta);  // many ground states

      model.h.setConstant(1e-12);
      check_against_definition(model, beta);  // two ground states, almost degenerate
    }
}

TEST_CASE("one spin in a field follows tanh, two spins are correlated like tanh(beta J)") {
  for (double const beta : {0.0, 0.3, 2.0, 20.0, 400.0}) {
    Ising one = empty_model(1);
    one.h(0) = -0.7;
    CHECK(exact_moments(one, beta).m(0) == doctest::Approx(std::tanh(-0.7 * beta)).epsilon(1e-15));

    Ising two = empty_model(2);
    couple(two, 0, 1, 0.6);
    auto const moments = exact_moments(two, beta, yes);
    CHECK(moments.c(0, 1) == doctest::Approx(std::tanh(0.6 * beta)).epsilon(1e-15));
    CHECK(moments.m == VectorXd::Zero(2));
    // Relative, however small: nothing is lost by subtracting <E>^2.
    double const variance = std::pow(0.6 / std::cosh(0.6 * beta), 2);
    if (beta < 100) CHECK(std::abs(moments.energy_variance / variance - 1) < 1e-13);
  }
}

TEST_CASE("reversing all fields reverses m and keeps c") {
  for (int const N : {5, 16, 22, 23}) {
    auto const model = frustrated(N, 0.4, 11);
    auto const a = exact_moments(model, 1.3);
    auto const b = exact_moments({model.J, -model.h}, 1.3);
    CHECK((a.m + b.m).cwiseAbs().maxCoeff() <= 1e-13);
    CHECK((a.c - b.c).cwiseAbs().maxCoeff() <= 1e-13);
  }
}

TEST_CASE("a gauge transformation carries over to the moments") {
  for (int const N : {7, 18, 23}) {
    VectorXd g(N);
    for (int i = 0; i < N; ++i) g(i) = i % 3 == 1 ? -1 : 1;
    auto const model = frustrated(N, 0.4, 13);
    auto const a = exact_moments(model, 2, yes);
    Ising const turned{g.asDiagonal() * model.J * g.asDiagonal(), g.cwiseProduct(model.h)};
    auto b = exact_moments(turned, 2, yes);
    b.m = g.cwiseProduct(b.m).eval();
    b.c = (g.asDiagonal() * b.c * g.asDiagonal()).eval();
    check_equal(b, a, model, 2);
  }
}

// Sizes below, at and above the largest number of free spins (21, one more without fields), where pinning begins.
TEST_CASE("independent spins follow their fields at any N") {
  for (int const N : {1, 2, 20, 21, 22, 23, 24})
    for (double const beta : {0.5, 50.0}) {
      Ising model = frustrated(N, 1, 17);
      model.J.setZero();
      Moments law{.m = (beta * model.h.array()).tanh(), .c = MatrixXd::Identity(N, N)};
      for (int i = 0; i < N; ++i) {
        law.log_Z += beta * std::abs(model.h(i)) + std::log1p(std::exp(-2 * beta * std::abs(model.h(i))));
        law.energy -= model.h(i) * law.m(i);
        law.energy_variance += std::pow(model.h(i) / std::cosh(beta * model.h(i)), 2);
        for (int j = 0; j < i; ++j) law.c(i, j) = law.c(j, i) = law.m(i) * law.m(j);
      }
      check_equal(exact_moments(model, beta, yes), law, model, beta);
    }
}

TEST_CASE("an open chain has c = product of tanh(beta J) at any N") {
  for (int const N : {2, 3, 4, 20, 21, 22, 23, 24, 25})
    for (double const beta : {0.5, 60.0}) {
      auto const site = shuffled(N);
      Rng rng = stream(19);
      Ising chain = empty_model(N);
      Moments law{.log_Z = N * std::log(2.), .m = VectorXd::Zero(N), .c = MatrixXd::Identity(N, N)};
      for (int k = 1; k < N; ++k) {
        double const J = rng.normal();
        couple(chain, site[k], site[k - 1], J);
        law.log_Z += beta * std::abs(J) + std::log1p(std::exp(-2 * beta * std::abs(J))) - std::log(2.);
        law.energy -= J * std::tanh(beta * J);
        law.energy_variance += std::pow(J / std::cosh(beta * J), 2);
        for (int i = 0; i < k; ++i)
          law.c(site[i], site[k]) = law.c(site[k], site[i]) = law.c(site[i], site[k - 1]) * std::tanh(beta * J);
      }
      check_equal(exact_moments(chain, beta, yes), law, chain, beta);
    }
}

// Two glasses of N/2 spins that do not feel each other, with mixed labels: the definition, beyond its reach.
TEST_CASE("two systems without interaction are independent, at any temperature") {
  for (int const half : {11, 12})
    for (double const field : {0.0, 0.5})
      for (double const beta : {0.4, 3.0, 30.0, 80.0, 3000.0}) {
        CAPTURE(half);
        CAPTURE(field);
        CAPTURE(beta);
        int const N = 2 * half;
        auto const site = shuffled(N);
        Ising both = empty_model(N);
        Moments law{.m = VectorXd(N), .c = MatrixXd(N, N)};
        for (int part = 0; part < 2; ++part) {
          auto const model = frustrated(half, field, 23 + static_cast<std::uint32_t>(part));
          auto const moments = enumerated_moments(model, beta);
          law.log_Z += moments.log_Z;
          law.energy += moments.energy;
          law.energy_variance += moments.energy_variance;
          for (int i = 0; i < half; ++i) {
            int const a = site[part * half + i];
            both.h(a) = model.h(i);
            law.m(a) = moments.m(i);
            for (int j = 0; j < half; ++j) {
              both.J(a, site[part * half + j]) = model.J(i, j);
              law.c(a, site[part * half + j]) = moments.c(i, j);
            }
          }
        }
        for (int i = 0; i < half; ++i)
          for (int j = half; j < N; ++j)
            law.c(site[i], site[j]) = law.c(site[j], site[i]) = law.m(site[i]) * law.m(site[j]);
        check_equal(exact_moments(both, beta, yes), law, both, beta);
      }
}

// All J equal, in a field: a sum over the N + 1 magnetizations. Labels with g = -1 are turned, which leaves frustration
// zero and couplings of both signs.
TEST_CASE("the Mattis magnet is a sum over magnetizations") {
  for (int const N : {3, 19, 21, 22, 24})
    for (double const beta : {0.9, 40.0, 500.0}) {
      CAPTURE(N);
      CAPTURE(beta);
      double const J = 1. / N, h = 2e-3;
      VectorXd g(N);
      for (int i = 0; i < N; ++i) g(i) = shuffled(N)[i] % 2 ? -1 : 1;

      auto const energy = [&](int up) { return -J * ((2. * up - N) * (2. * up - N) - N) / 2 - h * (2. * up - N); };
      double Z = 0, m = 0, m2 = 0, E = 0, E2 = 0;  // energies from the ground state's
      for (int up = 0; up <= N; ++up) {
        double const gap = energy(up) - energy(N), M = 2. * up - N;
        double const weight = std::exp(std::lgamma(N + 1) - std::lgamma(up + 1) - std::lgamma(N - up + 1) - beta * gap);
        Z += weight;
        m += weight * M / N;
        m2 += weight * (M * M - N) / (N * (N - 1.));
        E += weight * gap;
        E2 += weight * gap * gap;
      }
      Ising const model{J * (g * g.transpose() - MatrixXd::Identity(N, N)), h * g};
      auto const moments = exact_moments(model, beta, yes);
      // The closed form has its own errors: a logarithm of a factorial of 24, of order 50, costs 1e-14 of a weight.
      CHECK((moments.m - m / Z * g).cwiseAbs().maxCoeff() < 1e-12);
      MatrixXd law = m2 / Z * (g * g.transpose());
      law.diagonal().setOnes();
      CHECK((moments.c - law).cwiseAbs().maxCoeff() < 1e-12);
      CHECK(std::abs(moments.log_Z - (std::log(Z) - beta * energy(N))) < 1e-12 * std::abs(moments.log_Z));
      CHECK(std::abs(moments.energy - (energy(N) + E / Z)) < 1e-11);
      CHECK(beta * beta * std::abs(moments.energy_variance - (E2 / Z - E / Z * E / Z)) < 1e-9);
    }
}

// Tolerance of both: the derivative's error is d^4 / 30 times a sixth cumulant of the energy (or of a spin product),
// 3e-14 times less than 1e5 here, plus 1e-16 |f| / d = 1e-11 of rounding.
TEST_CASE("log Z generates the averages") {
  for (int const N : {2, 6, 9}) {
    auto const model = frustrated(N, 0.5, 29);
    double const beta = 0.8;
    auto const moments = exact_moments(model, beta);
    CHECK(std::abs(derivative([&](double b) { return exact_moments(model, b).log_Z; }, beta) + moments.energy) < 1e-8);
    for (int i = 0; i < N; ++i) {
      auto const of_field = [&](double h) {
        Ising changed = model;
        changed.h(i) = h;
        return exact_moments(changed, beta).log_Z;
      };
      CHECK(std::abs(derivative(of_field, model.h(i)) - beta * moments.m(i)) < 1e-8);
      for (int j = 0; j < i; ++j) {
        auto const of_coupling = [&](double J) {
          Ising changed = model;
          couple(changed, i, j, J);
          return exact_moments(changed, beta).log_Z;
        };
        CHECK(std::abs(derivative(of_coupling, model.J(i, j)) - beta * moments.c(i, j)) < 1e-8);
      }
    }
  }
}

TEST_CASE("the energy variance is minus the derivative of the defining energy") {
  for (int const N : {1, 2, 3, 6, 9})
    for (double const field : {0.0, 0.5}) {
      auto const model = frustrated(N, field, 31);
      auto const energy = [&](double beta) { return enumerated_moments(model, beta).energy; };
      CHECK(std::abs(exact_moments(model, 0.8, yes).energy_variance + derivative(energy, 0.8)) < 1e-8);
    }
}

TEST_CASE("the energy variance is NaN unless asked for, and asking changes no other bit") {
  for (int const N : {10, 23})
    for (double const beta : {1.0, 50.0}) {
      auto const model = frustrated(N, 0.1, 37);
      auto const without = exact_moments(model, beta);
      auto with = exact_moments(model, beta, yes);
      CHECK(std::isnan(without.energy_variance));
      with.energy_variance = without.energy_variance;
      CHECK(same_bits(with, without));
    }
}

TEST_CASE("the bits do not depend on who computes a block, when, or where in memory") {
  for (int const N : {18, 22, 24})
    for (double const beta : {1.0, 30.0}) {
      auto const model = frustrated(N, 0.1, 41);
      auto const serial = exact_moments(model, beta, yes);
      CHECK(same_bits(serial, exact_moments(model, beta, yes)));

      // Three ranks: each computes its own blocks, last ones first, at an odd address.
      auto const team = [](int count, int size, FillBlock const& fill) {
        std::vector<double> all(static_cast<std::size_t>(count) * size, std::numeric_limits<double>::quiet_NaN());
        for (int rank = 0; rank < 3; ++rank)
          for (int k = count - 1; k >= 0; --k) {
            if (k % 3 != rank) continue;
            std::vector<double> memory(size + 1);
            fill(k, std::span(memory).subspan(1));
            std::copy(memory.begin() + 1, memory.end(), all.begin() + static_cast<std::ptrdiff_t>(k) * size);
          }
        return all;
      };
      CHECK(same_bits(serial, exact_moments(model, beta, yes, team)));
    }
}

TEST_CASE("large systems are cut into 64 blocks, small ones not at all") {
  auto const blocks_at = [](int N) {
    int blocks = 0;
    // Fills nothing: the moments are meaningless, the request is what counts.
    exact_moments(frustrated(N, 1, 43), 1, EnergyVariance::no, [&](int count, int size, FillBlock const&) {
      blocks = count;
      return std::vector<double>(static_cast<std::size_t>(count) * size);
    });
    return blocks;
  };
  CHECK(blocks_at(1) == 1);
  CHECK(blocks_at(21) == 1);
  CHECK(blocks_at(22) == 2);
  CHECK(blocks_at(27) == 64);
  CHECK(blocks_at(largest_exact_N) == 64);
}

TEST_CASE("N outside 1 to 40 is refused") {
  CHECK_THROWS_WITH_AS(exact_moments(empty_model(0), 1),
                       "exact moments (sums over 2^N states) of 0 spins, but N must lie in [1, 40]", std::domain_error);
  CHECK_THROWS_WITH_AS(exact_moments(empty_model(41), 1),
                       "exact moments (sums over 2^N states) of 41 spins, but N must lie in [1, 40]",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(enumerated_moments(empty_model(25), 1),
                       "enumeration of all states of 25 spins, but N must lie in [1, 24]", std::domain_error);
}

TEST_CASE("numbers that are not finite, and negative temperatures, are refused") {
  auto model = frustrated(5, 0, 47);
  CHECK_THROWS_AS(exact_moments(model, -1), std::domain_error);
  CHECK_THROWS_AS(exact_moments(model, std::numeric_limits<double>::infinity()), std::domain_error);
  couple(model, 1, 3, std::numeric_limits<double>::quiet_NaN());
  CHECK_THROWS_AS(exact_moments(model, 1), std::domain_error);
}

TEST_CASE("a long sum over states polls often, and can be abandoned") {
  auto const model = frustrated(25, 1, 48);
  int polls = 0, abandoned_at = 0;
  BlockMap const polled(serial_blocks, [&] {
    if (++polls == abandoned_at) throw 0;
  });
  auto const whole = exact_moments(model, 1, EnergyVariance::no, polled);
  CHECK(polls == 16);  // tables of 21 spins
  abandoned_at = polls + 10;
  CHECK_THROWS_AS(exact_moments(model, 1, EnergyVariance::no, polled), int);
  CHECK(exact_moments(model, 1).c == whole.c);
}

}  // namespace hypnos::exact_moments_test

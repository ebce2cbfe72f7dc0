#include "hypnos/physics/boltzmann/sampled_moments.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "../chains.hpp"
#include "../models.hpp"

namespace hypnos::sampled_moments_test {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Squared deviations in units of the stated error, averaged over all pairs, all spins, and of the two energies.
struct Deviations {
  double largest = 0, c = 0, m = 0, energy = 0, variance = 0;
};

Deviations deviations(SampledMoments const& sampled, Moments const& exact) {
  Deviations z;
  auto const N = exact.m.size();
  for (Index i = 0; i < N; ++i)
    for (Index j = 0; j < i; ++j) {
      double const deviation = (sampled.mean.c(i, j) - exact.c(i, j)) / sampled.c_error(i, j);
      z.largest = std::max(z.largest, std::abs(deviation));
      z.c += deviation * deviation / (static_cast<double>(N * (N - 1)) / 2);
    }
  if (sampled.m_error.minCoeff() > 0) {
    ArrayXd const deviation = (sampled.mean.m - exact.m).array() / sampled.m_error.array();
    z.largest = std::max(z.largest, deviation.abs().maxCoeff());
    z.m = deviation.square().mean();
  }
  z.energy = std::pow((sampled.mean.energy - exact.energy) / sampled.energy_error, 2);
  z.variance = std::pow((sampled.mean.energy_variance - exact.energy_variance) / sampled.energy_variance_error, 2);
  return z;
}

// The standard error of the mean of independent numbers.
double standard_error(ArrayXd const& x) {
  auto const n = static_cast<double>(x.size());
  return std::sqrt((x - x.mean()).square().sum() / (n * (n - 1)));
}

// NaN where the numbers are all alike.
bool is_error(double found, ArrayXd const& x) {
  if (((x - x(0)).abs() < 1e-12).all()) return std::isnan(found);  // sums of the same numbers in other orders
  return std::abs(found - standard_error(x)) < 1e-7;
}

}  // namespace

TEST_CASE("sampled moments are averages over sweeps, their errors those of the chains' averages") {
  // fewer sweeps than a word of bits has, as many, and more; full and other bundles
  for (int const N : {1, 2, 7})
    for (int const chains : {8, 64, 70})
      for (int const sweeps : {1, 64, 130}) {
        auto const model = spin_glass(N, 0.6, 0.4, 1);
        HeatBath bath(N, chains, chain_stream(1)), same = bath;
        auto const sampled = sampled_moments(bath, model, 0.8, sweeps);

        std::vector<MatrixXd> c(static_cast<std::size_t>(chains), MatrixXd::Zero(N, N));
        MatrixXd m = MatrixXd::Zero(N, chains);
        ArrayXd E = ArrayXd::Zero(chains), E2 = E;
        for (int t = 0; t < sweeps; ++t) {
          same.run(model, 0.8, 1);
          auto const spins = same.spins();
          m += spins / sweeps;
          for (int k = 0; k < chains; ++k) {
            VectorXd const s = spins.col(k);
            double const energy = -s.dot(model.J * s) / 2 - model.h.dot(s);
            c[static_cast<std::size_t>(k)] += s * s.transpose() / sweeps;
            E(k) += energy / sweeps;
            E2(k) += energy * energy / sweeps;
          }
        }
        CHECK(bath.spins() == same.spins());
        // sums of a few thousand signs; square roots of differences of such sums
        for (Index i = 0; i < N; ++i) {
          ArrayXd const own = m.row(i);
          CHECK(std::abs(sampled.mean.m(i) - own.mean()) < 1e-13);
          CHECK(is_error(sampled.m_error(i), own));
          for (Index j = 0; j < N; ++j) {
            ArrayXd pair(chains);
            for (int k = 0; k < chains; ++k) pair(k) = c[static_cast<std::size_t>(k)](i, j);
            CHECK(std::abs(sampled.mean.c(i, j) - pair.mean()) < 1e-13);
            CHECK((i == j ? sampled.c_error(i, j) == 0 : is_error(sampled.c_error(i, j), pair)));
          }
        }
        // single precision: changes of E of order 1, each with an error of 1e-7, 130 times 7 of them
        CHECK(std::abs(sampled.mean.energy - E.mean()) < 1e-5);
        CHECK(std::abs(sampled.energy_error - standard_error(E)) < 1e-5);
        double const variance = E2.mean() - E.mean() * E.mean() + std::pow(standard_error(E), 2);
        CHECK(std::abs(sampled.mean.energy_variance - variance) < 1e-4);
        CHECK(std::abs(sampled.energy_variance_error - standard_error(E2 - 2 * E.mean() * E)) < 1e-4);
        CHECK(std::isnan(sampled.mean.log_Z));
      }
}

TEST_CASE("the energy of a long run is that of its correlations") {
  int const N = 50;
  auto const model = spin_glass(N, 1 / std::sqrt(N), 0.3, 2);
  HeatBath bath(N, 64, chain_stream(2));
  auto const [mean, m_error, c_error, energy_error, variance_error] = sampled_moments(bath, model, 1, 2000);
  double const energy = -model.J.cwiseProduct(mean.c).sum() / 2 - model.h.dot(mean.m);
  // rounding of 1e5 changes of E, of order 1 with an error of 1e-7 each: 3e-5 if they wander, 64 chains average
  CHECK(std::abs(mean.energy - energy) < 1e-4);
}

TEST_CASE("sampled moments agree with exact ones, and their errors are right") {
  int const N = 20, chains = 256, runs = 150;
  // beta = 1 is the critical point of the first glass; relaxation takes some ten sweeps
  for (double const field : {0.0, 0.3}) {
    auto const model = spin_glass(N, 1 / std::sqrt(N), field, 3);
    auto const exact = exact_moments(model, 1, EnergyVariance::yes);
    ArrayXd c(runs), m(runs), energy(runs), variance(runs);
    for (int run = 0; run < runs; ++run) {
      HeatBath bath(N, chains, chain_stream(static_cast<std::uint64_t>(run)));
      bath.run(model, 1, 150);
      auto const sampled = sampled_moments(bath, model, 1, 64);
      auto const z = deviations(sampled, exact);
      // 61,500 numbers in all; Student's t with 255 degrees of freedom exceeds 7.5 with a probability of 1e-12:
      // false alarm 1e-7
      CHECK(z.largest < 7.5);
      c(run) = z.c;
      m(run) = z.m;
      energy(run) = z.energy;
      variance(run) = z.variance;
      if (field == 0) CHECK(sampled.mean.m == VectorXd::Zero(N));
      if (field == 0) CHECK(sampled.m_error == VectorXd::Zero(N));
    }
    // The mean of t^2 for as many chains. Chi-square over pairs is not one of independent numbers, so its spread is taken
    // from the runs, see mean_is.
    double const mean_square = (chains - 1.) / (chains - 3);
    CHECK(mean_is(c, mean_square));
    if (field > 0) CHECK(mean_is(m, mean_square));
    CHECK(mean_is(energy, mean_square));
    CHECK(mean_is(variance, mean_square));
    // what that can see: errors off by this much
    MESSAGE("chi-square per pair ", c.mean(), " +- ", standard_error(c), ", of the energy ", energy.mean(), " +- ",
            standard_error(energy), ", of its variance ", variance.mean(), " +- ", standard_error(variance));
    CHECK(7 * standard_error(c) < 0.25);
  }
}

TEST_CASE("one spin in a field is drawn anew in every sweep") {
  Ising model{MatrixXd::Zero(1, 1), VectorXd::Constant(1, 0.4)};
  HeatBath bath(1, 1024, chain_stream(4));
  int const sweeps = 200;
  auto const sampled = sampled_moments(bath, model, 1.5, sweeps);
  double const m = std::tanh(1.5 * 0.4);
  double const error = std::sqrt((1 - m * m) / (1024. * sweeps));
  CHECK(std::abs(sampled.mean.m(0) - m) < 6 * error);  // false alarm 2e-9
  // a standard error from 1024 chains is good to 1 / sqrt(2048) = 2.2 %: six of these
  CHECK(std::abs(sampled.m_error(0) / error - 1) < 6 / std::sqrt(2048));
  CHECK(std::abs(sampled.mean.energy + 0.4 * sampled.mean.m(0)) < 1e-6);
  CHECK(std::abs(sampled.energy_error - 0.4 * sampled.m_error(0)) < 1e-6);
}

TEST_CASE("sampled moments have the same bits on any team, and after a resume") {
  auto const model = spin_glass(9, 0.5, 0.3, 5);
  HeatBath alone(9, 400, chain_stream(5)), team = alone, resumed = alone;
  auto const a = sampled_moments(alone, model, 1, 70), b = sampled_moments(team, model, 1, 70, team_of_three);
  CHECK(same_numbers(a.mean.c, b.mean.c));
  restore(resumed, state_of(team));
  auto const c = sampled_moments(alone, model, 1, 3), d = sampled_moments(resumed, model, 1, 3, team_of_three);
  CHECK(same_numbers(c.mean.m, d.mean.m));
  CHECK(same_numbers(c.m_error, d.m_error));
  CHECK(same_numbers(c.mean.c, d.mean.c));
  CHECK(same_numbers(c.c_error, d.c_error));
  CHECK(c.mean.energy == d.mean.energy);
  CHECK(c.energy_error == d.energy_error);
  CHECK(c.mean.energy_variance == d.mean.energy_variance);
  CHECK(c.energy_variance_error == d.energy_variance_error);
}

TEST_CASE("sampled moments need a sweep") {
  HeatBath bath(2, 8, chain_stream(6));
  CHECK_THROWS_AS(sampled_moments(bath, spin_glass(2, 1, 0, 1), 1, 0), std::domain_error);
}

TEST_CASE("sampling in pieces, interrupted or not, is sampling in one") {
  auto const model = spin_glass(12, 0.5, 0.3, 4);
  HeatBath const start(12, 200, chain_stream(9));
  // a piece of thermalization, then four bundles
  CHECK(check_interruptions(start, [&](HeatBath& chains, BlockMap const& blocks) {
          return MomentSampling(chains, model, 1, 200, 300, blocks);
        }) == 5);
  HeatBath one = start, pieces = start;
  one.run(model, 1, 200);
  auto const a = sampled_moments(one, model, 1, 300);
  MomentSampling sampling(pieces, model, 1, 200, 300);
  while (!sampling.done()) sampling.advance();
  auto const b = sampling.result();
  CHECK(state_of(one) == state_of(pieces));
  CHECK(same_numbers(a.mean.c, b.mean.c));
  CHECK(same_numbers(a.c_error, b.c_error));
  CHECK(a.energy_variance_error == b.energy_variance_error);
}

TEST_CASE("a process for every bundle, and a piece takes a bundle for each") {
  auto const model = spin_glass(5, 0.5, 0.3, 4);
  HeatBath chains(5, 700, chain_stream(9));
  MomentSampling sampling(chains, model, 1, 0, 10,
                          BlockMap(
                              team_of_three, [] {}, 3));
  int pieces = 0;
  for (; !sampling.done(); ++pieces) sampling.advance();
  CHECK(pieces == 4);  // 11 bundles
  HeatBath alone(5, 700, chain_stream(9));
  CHECK(same_numbers(sampling.result().mean.c, sampled_moments(alone, model, 1, 10).mean.c));
}

TEST_CASE("where no chain flips, the error is unknown and not zero") {
  MatrixXd J = MatrixXd::Zero(3, 3);
  J(0, 1) = J(1, 0) = 40;  // these two never part; the third is free
  HeatBath bath(3, 16, Rng(5, 0, streams::trained_chains));
  Ising const model{J, VectorXd::Zero(3)};
  bath.run(model, 1, 5);
  auto const sampled = sampled_moments(bath, model, 1, 50);
  CHECK(sampled.mean.c(0, 1) == 1);
  CHECK(std::isnan(sampled.c_error(0, 1)));
  CHECK(std::isnan(sampled.c_error(1, 0)));
  CHECK(sampled.c_error(0, 2) > 0);
  CHECK(sampled.c_error.diagonal().isZero(0));
  CHECK(sampled.m_error.isZero(0));  // no field: m = 0 by symmetry
  CHECK(sampled.mean.energy == -40);
  CHECK(std::isnan(sampled.energy_error));
  CHECK(sampled.mean.energy_variance == 0);
  CHECK(std::isnan(sampled.energy_variance_error));

  Ising const held{MatrixXd::Zero(3, 3), VectorXd::Unit(3, 0) * 40};
  bath.run(held, 1, 5);
  auto const with_field = sampled_moments(bath, held, 1, 50);
  CHECK(std::isnan(with_field.m_error(0)));
  CHECK(with_field.m_error(1) > 0);

  auto const free = sampled_moments(bath, {MatrixXd::Zero(3, 3), VectorXd::Zero(3)}, 1, 50);
  CHECK(free.energy_error == 0);  // E = 0, exactly
}

}  // namespace hypnos::sampled_moments_test

#include "hypnos/physics/boltzmann/autocorrelation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "../chains.hpp"
#include "../models.hpp"

namespace hypnos::autocorrelation_test {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// The definition of a heat bath sweep: its matrix of transition probabilities between all 2^N states, (from, to).
MatrixXd sweep_matrix(Ising const& model, double beta) {
  int const N = model.size(), states = 1 << N;
  auto const spin = [](int state, int i) { return state >> i & 1 ? 1. : -1.; };
  MatrixXd sweep = MatrixXd::Identity(states, states);
  for (int i = 0; i < N; ++i) {
    MatrixXd update = MatrixXd::Zero(states, states);
    for (int state = 0; state < states; ++state) {
      double field = model.h(i);
      for (int j = 0; j < N; ++j) field += model.J(i, j) * spin(state, j);
      double const up = 1 / (1 + std::exp(-2 * beta * field));
      update(state, state | 1 << i) = up;
      update(state, state & ~(1 << i)) = 1 - up;
    }
    sweep = sweep * update;
  }
  return sweep;
}

// rho at lags 0 ... lags of a chain in equilibrium.
ArrayXd exact_rho(Ising const& model, double beta, int lags) {
  int const N = model.size(), states = 1 << N;
  MatrixXd spins(states, N);
  VectorXd P(states);
  for (int state = 0; state < states; ++state) {
    for (int i = 0; i < N; ++i) spins(state, i) = state >> i & 1 ? 1 : -1;
    VectorXd const s = spins.row(state);
    P(state) = std::exp(beta * (s.dot(model.J * s) / 2 + model.h.dot(s)));
  }
  P /= P.sum();
  auto const sweep = sweep_matrix(model, beta);
  double const q_inf = (spins.transpose() * P).squaredNorm() / N;
  ArrayXd rho(lags + 1);
  MatrixXd later = spins;  // the mean of s_i(t + lag), given the state at t
  for (int lag = 0; lag <= lags; ++lag, later = sweep * later)
    rho(lag) = (P.dot(spins.cwiseProduct(later).rowwise().sum()) / N - q_inf) / (1 - q_inf);
  return rho;
}

// rho from the histories of some chains (N x times each), term by term.
ArrayXd plain_rho(std::vector<MatrixXd> const& histories, int lags, bool has_field) {
  auto const N = histories[0].rows(), times = histories[0].cols();
  auto const R = static_cast<double>(histories.size());
  double q_inf = 0;
  for (std::size_t a = 0; a < histories.size(); ++a)
    for (std::size_t b = 0; b < histories.size(); ++b)
      if (a != b) q_inf += histories[a].rowwise().mean().dot(histories[b].rowwise().mean()) / (R * (R - 1)) / N;
  if (!has_field) q_inf = 0;
  ArrayXd rho(lags + 1);
  for (int lag = 0; lag <= lags; ++lag) {
    double q = 0;
    for (auto const& s : histories)
      for (Index t = 0; t + lag < times; ++t) q += s.col(t).dot(s.col(t + lag)) / N / static_cast<double>(times - lag);
    rho(lag) = (q / R - q_inf) / (1 - q_inf);
  }
  return rho;
}

}  // namespace

TEST_CASE("the time correlation is the sum over all times, its error leaves out one chain in turn") {
  // lags within a word of bits, at its end, and beyond; the history ends within a word, or with it
  for (int const sweeps : {70, 128, 150})
    for (double const field : {0.0, 0.5}) {
      int const N = 3, chains = 9, lags = sweeps - 1;
      auto const model = spin_glass(N, 0.6, field, 1);
      HeatBath bath(N, chains, chain_stream(1)), same = bath;
      auto const measured = autocorrelation(bath, model, 0.9, sweeps, lags);

      std::vector<MatrixXd> histories(chains, MatrixXd(N, sweeps));
      for (int t = 0; t < sweeps; ++t) {
        same.run(model, 0.9, 1);
        auto const spins = same.spins();
        for (int k = 0; k < chains; ++k) histories[static_cast<std::size_t>(k)].col(t) = spins.col(k);
      }
      CHECK(bath.spins() == same.spins());
      // sums of some hundred signs, divided by 1 - q_inf of order 1
      CHECK((measured.rho - plain_rho(histories, lags, field > 0)).abs().maxCoeff() < 1e-12);
      CHECK(measured.rho(0) == 1);

      Eigen::ArrayXXd without(lags + 1, chains);
      for (int k = 0; k < chains; ++k) {
        auto others = histories;
        others.erase(others.begin() + k);
        without.col(k) = plain_rho(others, lags, field > 0);
      }
      auto const jackknife = [&](ArrayXd const& x) {
        return std::sqrt((chains - 1.) / chains * (x - x.mean()).square().sum());
      };
      for (int lag = 0; lag <= lags; ++lag) CHECK(std::abs(measured.error(lag) - jackknife(without.row(lag))) < 1e-12);
      CHECK(std::abs(measured.tau - 0.5 - measured.rho.segment(1, measured.window).sum()) < 1e-12);
      CHECK(std::abs(measured.tau_error - jackknife(without.middleRows(1, measured.window).colwise().sum())) < 1e-12);
      CHECK(measured.window >= 6 * measured.tau);
      CHECK(measured.window - 1 < 6 * (measured.tau - measured.rho(measured.window)));
    }
}

TEST_CASE("the time correlation is that of the matrix of transition probabilities") {
  int const lags = 120;
  for (int const N : {1, 2, 3, 4, 5, 6})
    for (double const field : {0.0, 0.6}) {
      CAPTURE(N);
      CAPTURE(field);
      auto const model = spin_glass(N, 0.5, field, 10 + static_cast<std::uint32_t>(N));
      auto const exact = exact_rho(model, 1, lags);
      REQUIRE(exact(lags) < 1e-3);
      HeatBath bath(N, 512, chain_stream(2));
      bath.run(model, 1, 400);
      auto const measured = autocorrelation(bath, model, 1, 500, lags);
      // Student's t with 511 degrees of freedom exceeds 7 with a probability of 1e-11; 972 numbers: false alarm 1e-8
      for (int lag = 1; lag <= lags; ++lag) CHECK(std::abs(measured.rho(lag) - exact(lag)) < 7 * measured.error(lag));
      double const tau = 0.5 + exact.segment(1, measured.window).sum();
      CHECK(std::abs(measured.tau - tau) < 7 * measured.tau_error);
      // what is cut off lies beyond six times tau
      CHECK(exact.tail(lags - measured.window).sum() < 0.05 * tau);
      if (N == 1) CHECK(exact.tail(lags).abs().maxCoeff() < 1e-14);
    }
}

TEST_CASE("two coupled spins forget by tanh^2 of the coupling a sweep") {
  // s_1 is drawn given s_2, then s_2 given s_1: <s_1(t+1)> = k s_2(t), <s_2(t+1)> = k^2 s_2(t), k = tanh(beta J), so
  // rho(lag) = (k^2lag + <s_1 s_2> k^(2 lag - 1)) / 2 = k^2lag, with <s_1 s_2> = k
  Ising model{MatrixXd::Zero(2, 2), VectorXd::Zero(2)};
  model.J(0, 1) = model.J(1, 0) = 1.2;
  double const k = std::tanh(1.2);
  auto const exact = exact_rho(model, 1, 30);
  for (int lag = 0; lag <= 30; ++lag) CHECK(std::abs(exact(lag) - std::pow(k, 2 * lag)) < 1e-13);
  HeatBath bath(2, 1024, chain_stream(3));
  bath.run(model, 1, 100);
  auto const measured = autocorrelation(bath, model, 1, 1000, 60);
  // false alarm of each below 1e-11, as above
  for (int lag = 1; lag <= 30; ++lag)
    CHECK(std::abs(measured.rho(lag) - std::pow(k, 2 * lag)) < 7 * measured.error(lag));
  // 1/2 + k^2 / (1 - k^2); the window leaves out exp(-6) of it at most
  double const tau = 0.5 + k * k / (1 - k * k);
  CHECK(std::abs(measured.tau - tau) < 7 * measured.tau_error + std::exp(-6) * tau);
}

TEST_CASE("at infinite temperature nothing is remembered") {
  HeatBath bath(11, 256, chain_stream(4));
  auto const measured = autocorrelation(bath, spin_glass(11, 1, 1, 5), 0, 300, 20);
  for (int lag = 1; lag <= 20; ++lag) CHECK(std::abs(measured.rho(lag)) < 7 * measured.error(lag));
  CHECK(std::abs(measured.tau - 0.5) < 7 * measured.tau_error);
}

TEST_CASE("the errors of the time correlation are right") {
  int const runs = 400, chains = 128;
  auto const model = spin_glass(5, 0.8, 0.4, 15);
  auto const exact = exact_rho(model, 1, 60);
  ArrayXd near(runs), far(runs), tau(runs);
  for (int run = 0; run < runs; ++run) {
    HeatBath bath(5, chains, chain_stream(100 + static_cast<std::uint64_t>(run)));
    bath.run(model, 1, 200);
    auto const measured = autocorrelation(bath, model, 1, 200, 60);
    near(run) = std::pow((measured.rho(1) - exact(1)) / measured.error(1), 2);
    far(run) = std::pow((measured.rho(5) - exact(5)) / measured.error(5), 2);
    double const expected = 0.5 + exact.segment(1, measured.window).sum();
    tau(run) = std::pow((measured.tau - expected) / measured.tau_error, 2);
  }
  // the mean of t^2; see mean_is for the false alarm
  double const mean_square = (chains - 1.) / (chains - 3);
  MESSAGE("chi-square of rho(1) ", near.mean(), ", rho(5) ", far.mean(), ", tau ", tau.mean());
  CHECK(mean_is(near, mean_square));
  CHECK(mean_is(far, mean_square));
  CHECK(mean_is(tau, mean_square));
}

TEST_CASE("where no chain flips, the error of the time correlation is unknown but for lag 0") {
  Eigen::MatrixXd J = Eigen::MatrixXd::Zero(2, 2);
  J(0, 1) = J(1, 0) = 40;
  HeatBath bath(2, 16, Rng(5, 0, streams::trained_chains));
  Ising const model{J, Eigen::VectorXd::Zero(2)};
  bath.run(model, 1, 5);
  auto const found = autocorrelation(bath, model, 1, 50, 10);
  CHECK((found.rho == 1).all());
  CHECK(found.error(0) == 0);
  CHECK(found.error.tail(10).isNaN().all());
}

TEST_CASE("where lags end before the window, tau is not known") {
  Ising magnet{MatrixXd::Zero(2, 2), VectorXd::Zero(2)};
  magnet.J(0, 1) = magnet.J(1, 0) = 3;  // tau is 100
  HeatBath bath(2, 64, chain_stream(6));
  auto const measured = autocorrelation(bath, magnet, 1, 100, 20);
  CHECK(std::isnan(measured.tau));
  CHECK(std::isnan(measured.tau_error));
  CHECK(measured.window == 21);
}

TEST_CASE("the time correlation has the same bits on any team") {
  auto const model = spin_glass(9, 0.5, 0.3, 7);
  HeatBath alone(9, 300, chain_stream(7)), team = alone;
  auto const a = autocorrelation(alone, model, 1, 90, 30), b = autocorrelation(team, model, 1, 90, 30, team_of_three);
  CHECK(same_numbers(a.rho, b.rho));
  CHECK(same_numbers(a.error, b.error));
  CHECK(a.tau == b.tau);
  CHECK(a.tau_error == b.tau_error);
  CHECK(state_of(alone) == state_of(team));
}

TEST_CASE("lags must end before the run does") {
  HeatBath bath(2, 8, chain_stream(8));
  auto const model = spin_glass(2, 1, 0, 1);
  CHECK_THROWS_AS(autocorrelation(bath, model, 1, 10, 10), std::domain_error);
  CHECK_THROWS_AS(autocorrelation(bath, model, 1, 10, 0), std::domain_error);
}

TEST_CASE("the time correlation in pieces, interrupted or not, is that in one") {
  auto const model = spin_glass(12, 0.2, 0.3, 4);
  HeatBath const start(12, 200, chain_stream(9));
  // a piece of thermalization, then four bundles
  CHECK(check_interruptions(start, [&](HeatBath& chains, BlockMap const& blocks) {
          return AutocorrelationMeasurement(chains, model, 1, 200, 300, 20, blocks);
        }) == 5);
  HeatBath one = start, pieces = start;
  one.run(model, 1, 200);
  auto const a = autocorrelation(one, model, 1, 300, 20);
  AutocorrelationMeasurement measurement(pieces, model, 1, 200, 300, 20);
  while (!measurement.done()) measurement.advance();
  auto const b = measurement.result();
  CHECK(state_of(one) == state_of(pieces));
  CHECK(same_numbers(a.rho, b.rho));
  CHECK(same_numbers(a.error, b.error));
  CHECK(a.tau_error == b.tau_error);
}

}  // namespace hypnos::autocorrelation_test

#include "hypnos/physics/dynamics/heat_bath.hpp"

#include <Random123/philox.h>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "../../../src/physics/dynamics/chain_bundle.hpp"
#include "../chains.hpp"
#include "../models.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/thermalization.hpp"

namespace hypnos::heat_bath_test {

using Eigen::MatrixXd;

namespace {

// The random number of update number `update` of a chain, by its address.
double uniform(std::uint64_t seed, int chain, std::uint64_t update) {
  auto const block = (static_cast<std::uint64_t>(chain) << 44) + update / 4;
  auto const words = r123::Philox4x32{}(
      {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), 0, streams::trained_chains.number()},
      {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}});
  return ((words[update % 4] >> 9) + 0.5) * 0x1p-23;
}

// The definition: one sweep of one chain, in double precision, spin by spin. Where u is as near to the probability as
// single precision may be off, either sign is right, and that of `answer` is taken. Returns the number of such ties.
int sweep(Ising const& model, double beta, std::uint64_t seed, int chain, std::uint64_t t, Eigen::VectorXd& s,
          Eigen::VectorXd const& answer) {
  int const N = model.size();
  int ties = 0;
  for (int i = 0; i < N; ++i) {
    double const x = 2 * beta * (model.J.row(i).dot(s) + model.h(i));
    double const p = 1 / (1 + std::exp(-x));
    // Rounding of J, h and every term and sum, 2^-24 of the sum of absolute values each; of beta; of the exponential.
    double const largest = 2 * beta * (model.J.row(i).cwiseAbs().sum() + std::abs(model.h(i)));
    double const off = ((N + 4) * largest + 16) * 0x1p-24;
    double const u = uniform(seed, chain, t * static_cast<std::uint64_t>(N) + static_cast<std::uint64_t>(i));
    bool const tie = std::abs(u - p) < p * (1 - p) * off;
    ties += tie;
    s(i) = tie ? answer(i) : u < p ? 1 : -1;
  }
  return ties;
}

struct Size {
  int N, chains, sweeps;
};

}  // namespace

TEST_CASE("every spin is drawn given all others, with the number of its address") {
  std::uint64_t const seed = 0x123456789abcdef;
  for (auto const [N, chains, sweeps] : {Size{1, 8, 300}, Size{2, 9, 300}, Size{3, 64, 200}, Size{4, 65, 200},
                                         Size{5, 63, 200}, Size{18, 130, 100}, Size{33, 65, 50}, Size{100, 70, 4}})
    for (double const field : {0.0, 0.7})
      for (double const beta : {0.0, 1.0, 20.0}) {
        CAPTURE(N);
        CAPTURE(beta);
        auto const model = spin_glass(N, 1 / std::sqrt(N), field, 3);
        HeatBath bath(N, chains, chain_stream(seed));
        MatrixXd before = bath.spins();
        int ties = 0, wrong = 0;
        for (int t = 1; t <= sweeps; ++t) {
          bath.run(model, beta, 1);
          MatrixXd const after = bath.spins();
          for (int k = 0; k < chains; ++k) {
            Eigen::VectorXd s = before.col(k);
            ties += sweep(model, beta, seed, k, static_cast<std::uint64_t>(t), s, after.col(k));
            wrong += s != after.col(k);
          }
          before = after;
        }
        CHECK(wrong == 0);
        // u falls into a tie with a probability below off / 2, 2e-3 at the largest N and beta here
        CHECK(ties <= 2e-3 * N * chains * sweeps);
      }
}

TEST_CASE("chains start in random states, drawn by the first words of their substreams") {
  for (int const N : {1, 6, 101}) {
    auto const spins = HeatBath(N, 67, chain_stream(5)).spins();
    for (int k = 0; k < 67; ++k)
      for (int i = 0; i < N; ++i) CHECK(spins(i, k) == (uniform(5, k, static_cast<std::uint64_t>(i)) < 0.5 ? 1 : -1));
  }
}

TEST_CASE("a chain depends neither on the number of chains nor on how its sweeps are grouped") {
  for (int const N : {3, 10, 19}) {
    auto const model = spin_glass(N, 0.5, 0.2, 4);
    HeatBath few(N, 8, chain_stream(1)), many(N, 200, chain_stream(1));
    few.run(model, 1, 30);
    for (int const sweeps : {1, 0, 12, 17}) many.run(model, 1, sweeps);
    CHECK(few.spins() == many.spins().leftCols(8));
  }
}

TEST_CASE("chains go on from their state, on any team, also when the model has changed") {
  for (int const N : {7, 16}) {
    auto const first = spin_glass(N, 0.5, 0.2, 5), second = spin_glass(N, 0.4, 0, 6);
    HeatBath alone(N, 300, chain_stream(2)), team(N, 300, chain_stream(2)), resumed(N, 300, chain_stream(2));
    alone.run(first, 1, 9);
    team.run(first, 1, 9, team_of_three);
    CHECK(state_of(alone) == state_of(team));
    restore(resumed, state_of(team));
    alone.run(second, 2, 5);
    team.run(second, 2, 5, team_of_three);
    resumed.run(second, 2, 5);
    CHECK(state_of(alone) == state_of(team));
    CHECK(state_of(alone) == state_of(resumed));
    CHECK(alone.spins() == resumed.spins());
  }
}

TEST_CASE("some bundles of chains can be swept before the others") {
  auto const model = spin_glass(7, 0.5, 0.2, 5);
  HeatBath whole(7, 300, chain_stream(2)), parts = whole;
  whole.run(model, 1, 9);
  auto const sweep = [](ChainBundle& bundle, std::span<double> results) {
    for (int t = 0; t < 9; ++t) bundle.sweep(1);
    results[0] = bundle.used();
  };
  CHECK(whole.bundles() == 5);
  CHECK(parts.with_bundles(model, 0, 2, 1, sweep, serial_blocks) == std::vector<double>{64, 64});
  CHECK(parts.spins().leftCols(128) == whole.spins().leftCols(128));
  CHECK(parts.spins().rightCols(172) != whole.spins().rightCols(172));
  CHECK(parts.with_bundles(model, 2, 3, 1, sweep, team_of_three) == std::vector<double>{64, 64, 44});
  CHECK(state_of(parts) == state_of(whole));
}

TEST_CASE("thermalization in pieces is a run, interrupted or not") {
  // 20 ms, about 1600 sweeps, are a piece
  auto const model = spin_glass(40, 0.2, 0.2, 9);
  HeatBath const start(40, 200, chain_stream(4));
  int const sweeps = 2000;
  CHECK(check_interruptions(start, [&](HeatBath& chains, BlockMap const& blocks) {
          return Thermalization(chains, model, 0.8, sweeps, blocks);
        }) > 1);
  HeatBath run = start, pieces = start;
  run.run(model, 0.8, sweeps);
  Thermalization thermalization(pieces, model, 0.8, sweeps);
  while (!thermalization.done()) thermalization.advance();
  CHECK(state_of(run) == state_of(pieces));
  CHECK(Thermalization(pieces, model, 0.8, 0).done());
}

TEST_CASE("chains of other seeds, realizations and streams are others") {
  auto const spins = [](Rng const& stream) { return HeatBath(40, 64, stream).spins(); };
  auto const here = spins({1, 0, streams::trained_chains});
  CHECK(here == spins({1, 0, streams::trained_chains}));
  CHECK(here != spins({2, 0, streams::trained_chains}));
  CHECK(here != spins({1, 1, streams::trained_chains}));
  CHECK(here != spins({1, 0, streams::data_chains}));
}

TEST_CASE("near zero temperature chains freeze into a state that no single flip improves") {
  int const N = 30;
  auto const model = spin_glass(N, 1 / std::sqrt(N), 0.1, 7);
  HeatBath bath(N, 64, chain_stream(3));
  bath.run(model, 1e30, 300);
  auto const spins = bath.spins();
  for (int k = 0; k < 64; ++k) {
    Eigen::VectorXd const s = spins.col(k);
    CHECK((s.array() * (model.J * s + model.h).array() > 0).all());
  }
}

TEST_CASE("too few or too many chains are refused") {
  CHECK_THROWS_WITH_AS(
      HeatBath(5, 7, chain_stream(1)),
      "7 Markov chains, but their number must lie in [8, 1048576]: statistical errors are estimated from "
      "the spread over independent chains",
      std::domain_error);
  CHECK_THROWS_AS(HeatBath(5, HeatBath::most_chains + 1, chain_stream(1)), std::domain_error);
}

TEST_CASE("numbers that are not finite, negative temperatures and other sizes are refused, and the chains stay") {
  HeatBath bath(5, 8, chain_stream(1));
  auto const state = state_of(bath);
  auto model = spin_glass(5, 1, 1, 8);
  CHECK_THROWS_AS(bath.run(model, -1, 1), std::domain_error);
  CHECK_THROWS_AS(bath.run(model, std::numeric_limits<double>::quiet_NaN(), 1), std::domain_error);
  CHECK_THROWS_AS(bath.run(model, 1e39, 1), std::domain_error);
  CHECK_THROWS_AS(bath.run(spin_glass(6, 1, 1, 8), 1, 1), std::domain_error);
  model.h(2) = 1e39;  // infinite in single precision
  CHECK_THROWS_AS(bath.run(model, 1, 1), std::domain_error);
  CHECK(state_of(bath) == state);
  HeatBath more(5, 65, chain_stream(1)), larger(6, 8, chain_stream(1));
  CHECK_THROWS_AS(restore(more, state), std::length_error);
  CHECK_THROWS_AS(restore(larger, state), std::length_error);
  CHECK_THROWS_AS(HeatBath(0, 8, chain_stream(1)), std::domain_error);
}

}  // namespace hypnos::heat_bath_test

#include "hypnos/physics/restricted/annealed_likelihood.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "../chains.hpp"
#include "hypnos/physics/restricted/restricted_enumeration.hpp"
#include "machines.hpp"

namespace hypnos::annealed_likelihood_test {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Machine = RestrictedMachine<double>;
using Settings = AnnealedLikelihood::Settings;

namespace {

MatrixXd exact_samples(Machine const& machine, int count) {
  Rng rng = machine_stream(50);
  return restricted_samples(machine, count, rng);
}

// Both directions, reverse from as many exact samples as there are forward chains.
AnnealedLikelihood annealed(Machine const& machine, VectorXd const& reference, Settings const& settings) {
  return completed(
      AnnealedLikelihood(machine, reference, exact_samples(machine, settings.chains), settings, machine_stream(60)));
}

// Pieces of a few temperatures.
struct SmallPieces : AnnealedLikelihood {
  using AnnealedLikelihood::AnnealedLikelihood;
  void advance() { AnnealedLikelihood::advance(3e5); }
};

}  // namespace

TEST_CASE("without weights, and with the visible biases as reference, every weight is exact") {
  Rng rng = machine_stream(1);
  VectorXd const a = normal_matrix(5, 1, 0.8, rng), b = normal_matrix(7, 1, 0.8, rng);
  Machine const machine(MatrixXd::Zero(5, 7), a, b);
  double log_Z = 0;
  for (double const x : a) log_Z += std::log(2 * std::cosh(x));
  for (double const x : b) log_Z += std::log(2 * std::cosh(x));
  auto const run = annealed(machine, a, {.temperatures = 10, .chains = 20});
  for (auto const& [estimate, error, effective] : {run.forward(), run.reverse()}) {
    CHECK(std::abs(estimate - log_Z) < 1e-12);
    CHECK(error < 1e-12);
    CHECK(effective == doctest::Approx(20));
  }
  Machine const free(MatrixXd::Zero(5, 7), a);
  AnnealedLikelihood const start(free, a, {}, {}, machine_stream(2));
  CHECK(std::abs(start.log_Z_reference() - restricted_log_Z(free)) < 1e-12);
}

TEST_CASE("averages of weights are exact for any number of temperatures, with biases and any reference") {
  auto const machine = gaussian_machine(5, 4, 0.4, 0.3, 2);
  double const log_Z = restricted_log_Z(machine);
  for (double const reference : {0., 0.3, -0.2})
    for (int const temperatures : {1, 2, 5}) {
      auto const run = annealed(machine, VectorXd::Constant(5, reference), {temperatures, 20'000});
      for (auto const& estimate : {run.forward(), run.reverse()}) {
        CHECK(estimate.effective_chains > 500);
        // 18 numbers, each an average over hundreds of effective chains, nearly normal: false alarm below 18 times 2e-9
        CHECK(std::abs(estimate.log_Z - log_Z) < 6 * estimate.error);
        CHECK(estimate.error < 0.05);
      }
    }
}

TEST_CASE("both directions enclose enumeration over scales of the weights") {
  struct Scale {
    double deviation;
    int temperatures;
  };
  for (auto const& scale : {Scale{0.05, 500}, Scale{0.1, 500}, Scale{0.3, 2000}, Scale{1, 5000}}) {
    auto const machine = gaussian_machine(16, 64, scale.deviation, 0, 3);
    double const log_Z = restricted_log_Z(machine);
    auto const run = annealed(machine, {}, {scale.temperatures, 512});
    auto const forward = run.forward(), reverse = run.reverse();
    MESSAGE("deviation ", scale.deviation, ": forward ", forward.log_Z - log_Z, " +- ", forward.error, " (",
            forward.effective_chains, "), reverse ", reverse.log_Z - log_Z, " +- ", reverse.error, " (",
            reverse.effective_chains, ")");
    // Hundreds of effective chains: nearly normal. Six errors, 8 numbers: false alarm below 2e-8. Errors of 0.016 or
    // less make 0.1 nat six of them.
    CHECK(forward.effective_chains > 200);
    CHECK(reverse.effective_chains > 200);
    CHECK(std::abs(forward.log_Z - log_Z) < 6 * forward.error);
    CHECK(std::abs(reverse.log_Z - log_Z) < 6 * reverse.error);
    CHECK(std::abs(forward.log_Z - log_Z) < 0.1);
    CHECK(std::abs(reverse.log_Z - log_Z) < 0.1);
    CHECK(forward.log_Z - 6 * forward.error < log_Z);
    CHECK(reverse.log_Z + 6 * reverse.error > log_Z);
  }
}

TEST_CASE("few temperatures: forward estimates are too small, reverse ones too large") {
  auto const machine = gaussian_machine(16, 64, 0.5, 0, 4);
  double const log_Z = restricted_log_Z(machine);
  auto const run = annealed(machine, {}, {.temperatures = 5, .chains = 100});
  // By Markov's inequality the forward estimate exceeds log Z by x with a probability below exp(-x), and the reverse
  // one falls below it: false alarm 2 exp(-15)
  CHECK(run.forward().log_Z < log_Z + 15);
  CHECK(run.reverse().log_Z > log_Z - 15);
  // measured: -11 and +10 for this seed
  CHECK(run.forward().log_Z < log_Z - 1);
  CHECK(run.reverse().log_Z > log_Z + 1);
}

TEST_CASE("temperatures have equal distances in the fluctuations of the increments") {
  // Independent units of field beta x: the increments have the standard deviation sqrt(V) x / cosh(beta x), whose
  // integral is the Gudermannian 2 atan(tanh(beta x / 2)).
  double const x = 4;
  int const V = 30, T = 40;
  Machine const machine(MatrixXd::Zero(V, 1), VectorXd::Constant(V, x));
  auto const run = annealed(machine, {}, {.temperatures = T, .chains = 2});
  auto const& betas = run.betas();
  REQUIRE(betas.size() == T + 1);
  CHECK(betas(0) == 0);
  CHECK(betas(T) == 1);
  auto const length = [&](double beta) { return std::atan(std::tanh(beta * x / 2)) / std::atan(std::tanh(x / 2)); };
  for (Index k = 1; k <= T; ++k) {
    CHECK(betas(k) > betas(k - 1));
    // 64 pilot chains: standard deviations are off by 9 %, their integrals over ten or more temperatures by 3 %; six of
    // these, of distances that shrink to 0 at both ends
    CHECK(std::abs(0.9 * length(betas(k)) + 0.1 * betas(k) - static_cast<double>(k) / T) < 0.09);
  }
  CHECK(betas(T / 2) < 0.35);  // exactly 0.24; 0.5 without a choice
}

TEST_CASE("annealing in pieces, interrupted or not, is annealing in one, and its bits do not depend on the team") {
  auto const machine = gaussian_machine(6, 9, 0.4, 0.2, 5);
  auto const samples = exact_samples(machine, 70);
  Settings const settings{.temperatures = 23, .chains = 130};
  // two pilots, and several pieces of each direction
  CHECK(check_interruptions(0, [&](int, BlockMap const& blocks) {
          return SmallPieces(machine, VectorXd::Constant(6, 0.1), samples, settings, machine_stream(6), blocks);
        }) > 6);
  auto const alone =
      completed(AnnealedLikelihood(machine, VectorXd::Constant(6, 0.1), samples, settings, machine_stream(6)));
  auto const team = completed(
      SmallPieces(machine, VectorXd::Constant(6, 0.1), samples, settings, machine_stream(6), BlockMap(team_of_three)));
  CHECK(alone.forward().log_Z == team.forward().log_Z);
  CHECK(alone.forward().error == team.forward().error);
  CHECK(alone.reverse().log_Z == team.reverse().log_Z);
  CHECK(alone.reverse().error == team.reverse().error);
}

TEST_CASE("without samples there is no reverse direction") {
  auto const machine = gaussian_machine(6, 9, 0.4, 0.2, 5);
  auto const run =
      completed(AnnealedLikelihood(machine, {}, {}, {.temperatures = 23, .chains = 64}, machine_stream(6)));
  CHECK(std::isfinite(run.forward().log_Z));
  CHECK(std::isnan(run.reverse().log_Z));
  CHECK(run.fraction() == 1);
}

TEST_CASE("sizes that do not fit, and infinite references, are refused") {
  auto const machine = gaussian_machine(6, 9, 0.4, 0.2, 5);
  auto const make = [&](VectorXd const& reference, MatrixXd const& samples, Settings const& settings) {
    AnnealedLikelihood(machine, reference, samples, settings, machine_stream(7));
  };
  CHECK_NOTHROW(make({}, {}, {}));
  CHECK_THROWS_AS(make(VectorXd::Zero(5), {}, {}), std::domain_error);
  CHECK_THROWS_AS(make(VectorXd::Constant(6, INFINITY), {}, {}), std::domain_error);
  CHECK_THROWS_AS(make({}, MatrixXd::Ones(5, 4), {}), std::domain_error);
  CHECK_THROWS_AS(make({}, MatrixXd::Ones(6, 1), {}), std::domain_error);
  CHECK_THROWS_AS(make({}, {}, {.temperatures = 0}), std::domain_error);
  CHECK_THROWS_AS(make({}, {}, {.chains = 1}), std::domain_error);
}

}  // namespace hypnos::annealed_likelihood_test

#include "hypnos/physics/boltzmann/specific_heat.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "../chains.hpp"
#include "../models.hpp"
#include "hypnos/physics/boltzmann/cooling.hpp"

namespace hypnos::specific_heat_test {

TEST_CASE("specific heats are beta^2 times the variance of the energy, in the order asked for") {
  auto const model = spin_glass(7, 0.5, 0.3, 1);
  std::vector<double> const betas = {1.5, 0, 0.5, 1};
  SpecificHeats heats(model, betas);
  CHECK(heats.fraction() == 0);
  while (!heats.done()) heats.advance();
  CHECK(heats.fraction() == 1);
  REQUIRE(heats.result().size() == 4);
  for (int k = 0; k < 4; ++k) {
    double const beta = betas[static_cast<std::size_t>(k)];
    CHECK(heats.result()(k) == specific_heat(model, beta));
    double const exact = beta * beta * enumerated_moments(model, beta).energy_variance;
    CHECK(std::abs(heats.result()(k) - exact) <= 1e-12 * exact);
  }
}

TEST_CASE("interrupted specific heats go on to the same bits, within an inverse temperature too") {
  // 2^24 states, in eight tables
  auto const model = spin_glass(24, 0.2, 0.3, 1);
  CHECK(check_interruptions(0, [&](int&, BlockMap const& blocks) {
          return SpecificHeats(model, {0.5, 1}, blocks);
        }) == 2);
}

TEST_CASE("specific heats of cooled chains agree with exact ones within their errors, in any order of beta") {
  int const N = 10;
  auto const model = spin_glass(N, 0.3, 0.2, 3);
  std::vector<double> const betas = {1.5, 0.2, 1, 1};
  HeatBath chains(N, 512, chain_stream(1));
  Cooling cooling(chains, model, betas, 200);
  while (!cooling.done()) cooling.advance();
  auto const& [Cv, error] = cooling.result();
  for (int k = 0; k < 4; ++k) {
    double const beta = betas[static_cast<std::size_t>(k)];
    // Student's t with 511 degrees of freedom exceeds 7 with a probability of 1e-11
    CHECK(std::abs(Cv(k) - specific_heat(model, beta)) < 7 * error(k));
    CHECK(error(k) > 0);
    CHECK(error(k) < 0.1 * Cv(k));
  }
  CHECK(Cv(2) != Cv(3));  // equal beta, other samples
}

TEST_CASE("cooling is thermalization and sampling from the smallest beta to the largest") {
  auto const model = spin_glass(6, 0.4, 0.2, 3);
  HeatBath cooled(6, 100, chain_stream(2)), same = cooled;
  Cooling cooling(cooled, model, {1.5, 0.5}, 30);
  while (!cooling.done()) cooling.advance();
  for (auto const& [k, beta] : {std::pair{1, 0.5}, {0, 1.5}}) {
    same.run(model, beta, 30);
    auto const sample = sampled_moments(same, model, beta, 30);
    CHECK(cooling.result().Cv(k) == beta * beta * sample.mean.energy_variance);
    CHECK(cooling.result().error(k) == beta * beta * sample.energy_variance_error);
  }
  CHECK(state_of(cooled) == state_of(same));
}

TEST_CASE("interrupted cooling goes on to the same bits") {
  auto const model = spin_glass(12, 0.4, 0.2, 3);
  HeatBath const start(12, 200, chain_stream(2));
  // at each beta a piece of thermalization and four bundles
  CHECK(check_interruptions(start, [&](HeatBath& chains, BlockMap const& blocks) {
          return Cooling(chains, model, {1.5, 0.5}, 200, blocks);
        }) == 10);
}

}  // namespace hypnos::specific_heat_test

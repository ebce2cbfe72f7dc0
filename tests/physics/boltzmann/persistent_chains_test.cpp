#include "hypnos/physics/boltzmann/persistent_chains.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../chains.hpp"
#include "../models.hpp"
#include "hypnos/physics/boltzmann/learning.hpp"
#include "hypnos/physics/boltzmann/sampled_moments.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::persistent_chains_test {

namespace {

std::vector<Rng> two_streams() { return {{1, 0, streams::learning_chains}, {1, 0, streams::learning_chains_at_a}}; }

// Learning of 30 neurons with its chains. A step has 2 x 4 bundles of 60 sweeps, each of which polls.
struct SampledLearning {
  PersistentChains chains;
  Learning learning;
  SampledLearning(Ensemble const& data, BlockMap const& blocks)
      : chains(30, 200, 60, two_streams(), blocks),
        learning(LearningRule{.a = 0.4}, data, hebbian_start(data), {.stop = Stop::steps, .max_steps = 6},
                 chains.averages(), [](std::size_t, LearningState const&) {}) {}
  bool done() const { return learning.done(); }
  void advance() { learning.advance(); }
  double fraction() const { return learning.fraction(); }
  template <class Archive>
  void archive(Archive& members) {
    members(chains, learning);
  }
};

}  // namespace

TEST_CASE("persistent chains keep their states from one call of averages to the next, at each temperature its own") {
  auto const first = spin_glass(7, 0.4, 0.3, 1), second = spin_glass(7, 0.5, 0.3, 2);
  PersistentChains persistent(7, 100, 4, two_streams());
  CHECK(std::isnan(persistent.c_error()));
  auto const averages = persistent.averages();
  CHECK(!averages.exact);
  HeatBath at_1(7, 100, two_streams()[0]), at_a(7, 100, two_streams()[1]);
  for (std::size_t k = 0; k < 2; ++k) {
    auto warm = persistent.thermalization(k, first, k == 0 ? 1 : 0.4, 10);
    while (!warm.done()) warm.advance();
  }
  at_1.run(first, 1, 10);
  at_a.run(first, 0.4, 10);
  for (auto const* model : {&first, &second}) {
    auto const moments = averages.of(*model, {1, 0.4});
    REQUIRE(moments.size() == 2);
    auto const a = sampled_moments(at_1, *model, 1, 4), b = sampled_moments(at_a, *model, 0.4, 4);
    CHECK(moments[0].c == a.mean.c);
    CHECK(moments[0].m == a.mean.m);
    CHECK(moments[1].c == b.mean.c);
    // the root of a mean over 21 pairs
    CHECK(std::abs(persistent.c_error() - std::sqrt(pairs(a.c_error).array().square().mean())) < 1e-16);
  }
}

TEST_CASE("the error of a step is that of the pairs that have one") {
  Eigen::MatrixXd J = Eigen::MatrixXd::Zero(3, 3);
  J(0, 1) = J(1, 0) = 40;  // no chain parts these two
  PersistentChains persistent(3, 16, 20, {Rng(5, 0, streams::learning_chains)});
  auto const averages = persistent.averages();
  averages.of({J, Eigen::VectorXd::Zero(3)}, {1});
  auto chains = HeatBath(3, 16, Rng(5, 0, streams::learning_chains));
  auto const sampled = sampled_moments(chains, {J, Eigen::VectorXd::Zero(3)}, 1, 20);
  REQUIRE(std::isnan(sampled.c_error(0, 1)));
  double const squares = std::pow(sampled.c_error(0, 2), 2) + std::pow(sampled.c_error(1, 2), 2);
  CHECK(persistent.c_error() == doctest::Approx(std::sqrt(squares / 2)).epsilon(1e-14));
}

TEST_CASE("sampled learning that is interrupted goes on to the same bits, within a step too") {
  auto const data = averages(spin_glass(30, 0.2, 0.2, 0));
  CHECK(check_interruptions(0, [&](int&, BlockMap const& blocks) { return SampledLearning(data, blocks); }) == 8);
}

}  // namespace hypnos::persistent_chains_test

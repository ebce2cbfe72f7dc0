#include "hypnos/physics/dynamics/training_configurations.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/kawasaki.hpp"
#include "hypnos/physics/dynamics/plain_relaxation.hpp"
#include "hypnos/physics/dynamics/saddles.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::training_configurations_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXi;

namespace {

constexpr int awkward_sizes[] = {1, 2, 3, 5, 31, 33, 64, 65, 100};

Rng const stream(4, 0, streams::dreams);

MatrixXd patterns(int P, int N) {
  Rng rng(4, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// Integers, of which fields often vanish.
MatrixXd hebb(int N) { return hebbian_sums(patterns(N / 3 + 2, N)); }

SpinStates reference(int N) { return SpinStates(patterns(1, N)); }

struct Sampled {
  SpinStates state;
  bool reached;
  std::uint32_t next;  // number of the stream
};

Sampled sampled(MatrixXd const& J, ConfigurationLaw const& law, std::uint32_t substream = 0) {
  IntegerNetwork const network(J);
  auto const xi = reference(network.size());
  BufferedRandom random(stream.substream(substream));
  auto const [state, reached] = sample_configuration(network, xi[0], law, random);
  return {state.state(), reached, random.bits()};
}

}  // namespace

TEST_CASE("fixed points are those of the definition: flips of unstable neurons from a state of the least overlap") {
  for (int const N : awkward_sizes)
    for (std::uint32_t k = 0; k < 5; ++k) {
      CAPTURE(N);
      auto const J = hebb(N);
      auto const found = sampled(J, {Configurations::fixed_points}, k);
      CHECK(found.reached);
      CHECK_FALSE(Relaxation(J).unstable(found.state).any());
      auto const xi = reference(N);
      BufferedRandom random(stream.substream(k));
      auto const start = state_at_overlap(xi[0], opposite_at_least_overlap(N), random);
      VectorXi s = VectorXi::NullaryExpr(N, [&](Index i) { return start[0].spin(static_cast<int>(i)); });
      Eigen::MatrixXi const integers = J.cast<int>();
      auto const field = [&](Index i) { return integers.row(i).dot(s); };
      while (true) {
        std::vector<int> unstable;
        for (int i = 0; i < N; ++i)
          if (s(i) * field(i) < 0) unstable.push_back(i);
        if (unstable.empty()) break;
        int& flipped = s(unstable[static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(unstable.size())))]);
        flipped = -flipped;
      }
      CHECK(found.state.signs().row(0).transpose() == s.cast<double>());
      CHECK(found.next == random.bits());
    }
}

TEST_CASE("each unstable neuron flips first with equal probability") {
  // Four neurons that want to be opposite to each other, with the state (+ + + -) at the least overlap 2 / 4 with the
  // reference (+ + + +): each of the three equal ones is unstable, and one flip ends the dynamics.
  constexpr int draws = 3000;
  IntegerNetwork const network(MatrixXd::Identity(4, 4) - MatrixXd::Ones(4, 4));
  SpinStates const up(MatrixXd::Ones(1, 4));
  Eigen::Array44d counts = Eigen::Array44d::Zero();
  for (int k = 0; k < draws; ++k) {
    BufferedRandom random(stream.substream(static_cast<std::uint32_t>(k)));
    auto const s = sample_configuration(network, up[0], {Configurations::fixed_points}, random).state.state().signs();
    REQUIRE(s.sum() == 0);
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < i; ++j)
        if (s(0, i) == -1 && s(0, j) == -1) ++counts(i, j);
  }
  // Six final states, 500 times each, with a variance of 417: six standard errors, false alarms 1e-8.
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < i; ++j) CHECK(std::abs(counts(i, j) - draws / 6.) < 6 * 20.5);
}

TEST_CASE("Kawasaki configurations and saddles are those of their dynamics, from a state of the least overlap") {
  for (int const N : awkward_sizes) {
    CAPTURE(N);
    auto const J = hebb(N);
    IntegerNetwork const network(J);
    auto const xi = reference(N);
    auto const begun = [&](BufferedRandom& random) {
      auto const start = state_at_overlap(xi[0], opposite_at_least_overlap(N), random);
      return FixedOverlapState(NetworkState(network, start[0]), xi[0]);
    };
    auto const check = [&](ConfigurationLaw const& law, FixedOverlapState const& expected, bool reached,
                           BufferedRandom& random) {
      auto const found = sampled(J, law);
      CHECK(found.state == expected.state().state());
      CHECK(found.reached == reached);
      CHECK(found.next == random.bits());
      CHECK(scalar_product(found.state[0], xi[0]) == (N % 2 == 0 ? 2 : 1));
    };
    for (double const T : {0.5, 3. * N}) {
      BufferedRandom random(stream.substream(0));
      auto hot = begun(random);
      kawasaki(hot, T, 500, random);
      // f and most_proposals are of saddles only
      check({Configurations::kawasaki, T, 500, 0.3, 2}, hot, true, random);
    }
    {
      BufferedRandom random(stream.substream(0));
      auto cold = begun(random);
      kawasaki_descent(cold, random);
      check({Configurations::kawasaki, 0, 500, 0.3, 2}, cold, true, random);
    }
    for (double const f : {0., 0.2, 1.}) {
      BufferedRandom random(stream.substream(0));
      auto saddle = begun(random);
      bool const reached = descend_to_saddle(saddle, f, 300, random).reached;
      check({Configurations::saddles, 2, 7, f, 300}, saddle, reached, random);
      if (N >= 64 && f == 1) CHECK_FALSE(reached);
      if (N >= 31 && f == 0.2) CHECK(reached);
    }
  }
}

TEST_CASE("a temperature is one of the network's couplings") {
  // Multiples of couplings at the same multiple of the temperature have the same configurations.
  auto const J = hebb(33);
  ConfigurationLaw law{Configurations::kawasaki, 20, 1000};
  auto const state = sampled(J, law).state;
  law.T *= 0.25;
  CHECK(sampled(0.25 * J, law).state == state);
  CHECK(sampled(J, law).state != state);
}

TEST_CASE("asymmetric couplings have no such configurations") {
  MatrixXd J = hebb(10);
  J(0, 1) += 1;
  for (auto const kind : {Configurations::fixed_points, Configurations::kawasaki, Configurations::saddles})
    CHECK_THROWS_AS(sampled(J, {kind, 1, 10, 0.2, 10}), std::domain_error);
}

}  // namespace hypnos::training_configurations_test

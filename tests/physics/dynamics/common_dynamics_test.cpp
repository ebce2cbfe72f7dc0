#include "hypnos/physics/dynamics/common_dynamics.hpp"

#include <doctest/doctest.h>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/external_fields.hpp"
#include "hypnos/physics/dynamics/plain_relaxation.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::common_dynamics_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Order all_orders[] = {Order::random_site, Order::sweep, Order::random_sweep};

Rng stream() { return {3, 1, streams::retrieval}; }

MatrixXd integer_couplings(int N, bool symmetric) {
  Rng rng(3, 0, streams::couplings);
  MatrixXd J = MatrixXd::NullaryExpr(N, N, [&] { return static_cast<double>(rng.below(21)) - 10; });
  if (symmetric) J += J.transpose().eval();
  J.diagonal().setZero();
  return J;
}

VectorXd external_fields(int N) {
  Rng rng(3, 0, streams::initial_couplings);
  return VectorXd::NullaryExpr(N, [&] { return static_cast<double>(rng.below(41)) - 20; });
}

MatrixXd random_states(int count, int N) {
  Rng rng(3, 0, streams::patterns);
  return random_patterns(count, N, rng);
}

}  // namespace

TEST_CASE("a constant neuron acts as external fields do, and never flips") {
  constexpr int N = 37, count = 12;
  auto const J = integer_couplings(N, true);
  auto const h = external_fields(N);
  auto const starts = random_states(count, N);
  auto const fields_of = [&](VectorXd const& s) -> VectorXd { return J * s + h; };
  Relaxation const network(with_external_fields(J, h));
  auto const fields = network.fields(SpinStates(with_constant_neuron(starts)));
  REQUIRE(fields.cols() == N + 1);
  for (int k = 0; k < count; ++k) {
    CHECK(fields.row(k).head(N).transpose() == fields_of(starts.row(k)));
    CHECK(fields(k, N) == 0);
  }
  for (auto const order : all_orders) {
    auto const settled = network.relax(SpinStates(with_constant_neuron(starts)), order, stream()).states.signs();
    for (int k = 0; k < count; ++k) {
      VectorXd const s = settled.row(k).head(N);
      CHECK(settled(k, N) == 1);
      CHECK((s.array() * fields_of(s).array() >= 0).all());
      if (order == Order::random_sweep) continue;  // its shuffles contain the constant neuron
      VectorXd plain = starts.row(k);
      Rng rng = stream().substream(static_cast<std::uint32_t>(k));
      auto const field = [&](Index i) { return J.row(i).dot(plain) + h(i); };
      plain_relaxation(plain, field, order, rng, Relaxation::no_limit);
      CHECK(s == plain);
    }
  }
}

TEST_CASE("all states settle with the same random numbers") {
  constexpr int N = 41, count = 9;
  auto starts = random_states(count, N);
  starts.row(4) = starts.row(1);
  for (bool const symmetric : {true, false})
    for (auto const order : all_orders) {
      auto const J = integer_couplings(N, symmetric);
      Relaxation const network(J);
      int constexpr most_flips = 60;
      auto const basins = completed(CommonDynamics(network, SpinStates(starts), order, stream(), most_flips));
      int unsettled = 0;
      for (int k = 0; k < count; ++k) {
        VectorXd s = starts.row(k);
        Rng rng = stream();
        auto const field = [&](Index i) { return J.row(i).dot(s); };
        if (!plain_relaxation(s, field, order, rng, most_flips)) ++unsettled;
        CHECK(basins.states().signs(k, 1).row(0).transpose() == s);
      }
      CHECK(basins.unsettled() == unsettled);
      CHECK((unsettled > 0) == !symmetric);
      CHECK(basins.states().signs(1, 1) == basins.states().signs(4, 1));
    }
}

TEST_CASE("basins that are interrupted have the same bits") {
  constexpr int N = 30;
  auto const J = integer_couplings(N, false);
  Relaxation const network(J);
  SpinStates const starts(random_states(20, N));
  for (auto const order : all_orders) {
    auto const make = [&] { return CommonDynamics(network, starts, order, stream(), 50); };
    auto const whole = completed(make()), parts = interrupted(make, 0, 3);
    CHECK(whole.states() == parts.states());
    CHECK(whole.unsettled() == parts.unsettled());
  }
}

TEST_CASE("the memory reached is the nearest one, if it is near enough") {
  constexpr int N = 20;
  MatrixXd memories = random_states(3, N);
  memories.row(2) = memories.row(1);
  SpinStates const known(memories);
  SpinStates states(known);
  states[0].flip(3);
  states.append(known[1]);
  states[3].flip(0);
  states[3].flip(19);
  auto const reached = [&](double most_wrong) { return memories_reached(states, known, most_wrong); };
  CHECK(reached(1)(0) == 0);
  CHECK(reached(0.99)(0) == -1);
  CHECK(reached(0)(1) == 1);
  CHECK(reached(0)(2) == 1);  // of equal ones the first
  CHECK(reached(1)(3) == -1);
  CHECK(reached(2)(3) == 1);
}

}  // namespace hypnos::common_dynamics_test

#include "hypnos/physics/dynamics/relaxation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/plain_relaxation.hpp"

namespace hypnos::relaxation_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr int awkward_sizes[] = {1, 2, 5, 63, 64, 65, 127, 129};
constexpr Order all_orders[] = {Order::random_site, Order::sweep, Order::random_sweep};

Rng const stream(8, 0, streams::retrieval);

MatrixXd random_signs(int count, int N) {
  Rng rng(8, 0, streams::patterns);
  return MatrixXd::NullaryExpr(count, N, [&] { return rng.below(2) == 0 ? -1. : 1.; });
}

// Integers from -2 to 2, of which sums often vanish. The diagonal is filled.
MatrixXd small_integers(int N, bool symmetric) {
  Rng rng(8, 0, streams::couplings);
  MatrixXd J(N, N);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) J(i, j) = symmetric && j < i ? J(j, i) : rng.below(5) - 2.0;
  return J;
}

MatrixXd without_diagonal(MatrixXd J) {
  J.diagonal().setZero();
  return J;
}

double energy(MatrixXd const& J, VectorXd const& s) { return -0.5 * s.dot(without_diagonal(J) * s); }

// All states by the definition, and how many are unsettled.
int relax_plainly(MatrixXd const& with_diagonal, MatrixXd& states, Order order, std::int64_t most_flips) {
  auto const J = without_diagonal(with_diagonal);
  int unsettled = 0;
  for (Index k = 0; k < states.rows(); ++k) {
    VectorXd s = states.row(k);
    auto rng = stream.substream(static_cast<std::uint32_t>(k));
    if (!plain_relaxation(
            s, [&](Index i) { return J.row(i).dot(s); }, order, rng, most_flips))
      ++unsettled;
    states.row(k) = s;
  }
  return unsettled;
}

}  // namespace

TEST_CASE("final states are those of the definition, in every order, with ties, symmetric or not, at any limit") {
  for (int const N : awkward_sizes)
    for (bool const symmetric : {true, false})
      for (auto const order : all_orders)
        for (std::int64_t const most_flips : {0, 1, 7, 300}) {
          CAPTURE(N);
          CAPTURE(symmetric);
          CAPTURE(static_cast<int>(order));
          CAPTURE(most_flips);
          auto const J = small_integers(N, symmetric);
          MatrixXd expected = random_signs(6, N);
          auto const [states, unsettled] = Relaxation(J).relax(SpinStates(expected), order, stream, most_flips);
          CHECK(relax_plainly(J, expected, order, most_flips) == unsettled);
          CHECK(states.signs() == expected);
        }
}

TEST_CASE("the limit of flips is exact: one flip fewer than a state needs leaves it unsettled") {
  auto const J = small_integers(65, true);
  SpinStates const start(random_signs(1, 65));
  Relaxation const network(J);
  for (auto const order : all_orders) {
    auto trajectory = network.start(start).front();
    BufferedRandom random(stream.substream(0));
    REQUIRE(trajectory.relax(order, random));
    auto const needed = trajectory.flips();
    REQUIRE(needed > 2);
    CHECK(network.relax(start, order, stream, needed).unsettled == 0);
    CHECK(network.relax(start, order, stream, needed - 1).unsettled == 1);
    CHECK(network.relax(start, order, stream).states[0].magnetization() == trajectory.state().magnetization());
  }
}

TEST_CASE("random real couplings give the states of the definition at any scale") {
  Rng rng(8, 1, streams::couplings);
  MatrixXd J = MatrixXd::NullaryExpr(70, 70, [&] { return rng.normal(); });
  // Rounding moves fields by less than 1e-7 of their size; of some thousand fields in this test none is that small,
  // with a probability of 0.999, and the seed is fixed.
  for (bool const symmetric : {true, false})
    for (double const scale : {1.0, 1e-300, 1e300}) {
      if (symmetric) J = (J + J.transpose()).eval();
      MatrixXd expected = random_signs(4, 70);
      auto const result = Relaxation(scale * J).relax(SpinStates(expected), Order::sweep, stream, 500);
      CHECK(relax_plainly(J, expected, Order::sweep, 500) == result.unsettled);
      CHECK(result.states.signs() == expected);
    }
}

TEST_CASE("with symmetric couplings the energy falls with every flip, down to a state without unstable neurons") {
  for (int const N : {2, 65, 129})
    for (auto const order : all_orders) {
      auto const J = small_integers(N, true);
      Relaxation const network(J);
      SpinStates states(random_signs(1, N));
      auto trajectory = network.start(states).front();
      BufferedRandom random(stream);
      double before = energy(J, states.signs().row(0));
      while (!trajectory.relax(order, random, 1)) {
        states[0].assign(trajectory.state());
        double const after = energy(J, states.signs().row(0));
        CHECK(after <= before - 2);  // fields are integers
        before = after;
      }
      states[0].assign(trajectory.state());
      CHECK(!network.unstable(states).any());
      CHECK((states.signs().array() * network.fields(states).array() >= 0).all());
    }
}

TEST_CASE("fields and unstable neurons are those of the definition; a field of zero is stable") {
  for (int const N : awkward_sizes)
    for (bool const symmetric : {true, false}) {
      auto const J = small_integers(N, symmetric);
      MatrixXd const s = random_signs(300, N);
      MatrixXd const h = s * without_diagonal(J).transpose();
      Relaxation const network(J);
      CHECK(network.fields(SpinStates(s)) == h);
      CHECK((network.unstable(SpinStates(s)) == (s.array() * h.array() < 0)).all());
    }
  Rng rng(8, 1, streams::couplings);
  MatrixXd const J = MatrixXd::NullaryExpr(40, 40, [&] { return rng.normal(); }), s = random_signs(3, 40);
  // 40 couplings rounded by 2^-29 of sums of about 32
  CHECK((Relaxation(J).fields(SpinStates(s)) - s * without_diagonal(J).transpose()).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("the diagonal plays no part") {
  auto const J = small_integers(66, false);
  SpinStates const states(random_signs(3, 66));
  auto const with = Relaxation(J).relax(states, Order::random_site, stream, 100);
  auto const without = Relaxation(without_diagonal(J)).relax(states, Order::random_site, stream, 100);
  CHECK(with.states == without.states);
}

TEST_CASE("without couplings every state is stable") {
  SpinStates const states(random_signs(3, 65));
  auto const result = Relaxation(MatrixXd::Zero(65, 65)).relax(states, Order::sweep, stream, 0);
  CHECK(result.unsettled == 0);
  CHECK(result.states == states);
}

TEST_CASE("a neuron is flipped with its fields, and so is a whole state") {
  for (int const N : awkward_sizes) {
    auto const J = small_integers(N, false);
    Relaxation const network(J);
    SpinStates const states(random_signs(1, N));
    std::vector<int> neurons;
    for (int i = 0; i < N; i += 2) neurons.push_back(i);
    auto flipped = states;
    for (int const i : neurons) flipped[0].flip(i);
    auto trajectory = network.start(states).front();
    trajectory.flip(neurons);
    CHECK(differing_spins(trajectory.state(), SpinStates(flipped)[0]) == 0);
    BufferedRandom random(stream), same(stream);
    auto from_flipped = network.start(flipped).front();
    CHECK(trajectory.relax(Order::random_site, random, 50) == from_flipped.relax(Order::random_site, same, 50));
    CHECK(differing_spins(trajectory.state(), from_flipped.state()) == 0);

    flipped = states;
    flipped[0].reverse();
    auto reversed = network.start(states).front();
    reversed.reverse();
    auto from_reversed = network.start(flipped).front();
    CHECK(reversed.relax(Order::sweep, random, 50) == from_reversed.relax(Order::sweep, random, 50));
    CHECK(differing_spins(reversed.state(), from_reversed.state()) == 0);
  }
}

TEST_CASE("a trajectory that is interrupted and archived after any flips goes on to the same state") {
  for (auto const order : all_orders) {
    Relaxation const network(small_integers(65, false));
    SpinStates const start(random_signs(1, 65));
    auto whole = network.start(start).front();
    BufferedRandom random(stream);
    whole.relax(order, random, 200);
    auto parts = network.start(start).front();
    BufferedRandom numbers(stream);
    for (int const flips : {1, 0, 70, 3, 126}) {
      parts.relax(order, numbers, flips);
      StateWriter writer;
      writer(parts, numbers);
      auto const bytes = writer.take();
      parts = network.start(start).front();
      numbers = BufferedRandom(stream);
      StateReader reader(bytes);
      reader(parts, numbers);
      CHECK(reader.empty());
    }
    CHECK(parts.flips() == 200);
    CHECK(differing_spins(parts.state(), whole.state()) == 0);
    CHECK(numbers.bits() == random.bits());
  }
}

TEST_CASE("what is no network, or no state of it, is refused") {
  MatrixXd J = small_integers(4, true);
  CHECK_THROWS_AS(Relaxation(MatrixXd::Zero(2, 3)), std::domain_error);
  CHECK_THROWS_AS(Relaxation(J).fields(SpinStates(5, 1)), std::domain_error);
  CHECK_THROWS_AS(Relaxation(J).relax(SpinStates(5, 1), Order::sweep, stream), std::domain_error);
  J(0, 1) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(Relaxation{J}, std::domain_error);
  J(0, 1) = J(0, 2) = std::numeric_limits<double>::max();
  CHECK_THROWS_AS(Relaxation{J}, std::domain_error);
}

}  // namespace hypnos::relaxation_test

#include "hypnos/physics/restricted/restricted_enumeration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "../chains.hpp"
#include "machines.hpp"

namespace hypnos::restricted_enumeration_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Machine = RestrictedMachine<double>;

namespace {

struct Enumerated {
  RestrictedMoments moments;
  double ground_energy = std::numeric_limits<double>::infinity();
};

// A loop over all pairs of states.
Enumerated plain_enumeration(Machine const& machine) {
  auto const V = machine.visible_units(), H = machine.hidden_units();
  Enumerated all{{0, VectorXd::Zero(V), VectorXd::Zero(H), MatrixXd::Zero(V, H)}};
  double Z = 0;
  for (std::uint64_t x = 0; x < std::uint64_t{1} << V; ++x)
    for (std::uint64_t y = 0; y < std::uint64_t{1} << H; ++y) {
      VectorXd const v = spins_of(x, V), h = spins_of(y, H);
      double const E = plain_energy(machine, v, h), weight = std::exp(-E);
      all.ground_energy = std::min(all.ground_energy, E);
      Z += weight;
      all.moments.v += weight * v;
      all.moments.h += weight * h;
      all.moments.vh += weight * v * h.transpose();
    }
  all.moments.log_Z = std::log(Z);
  all.moments.v /= Z;
  all.moments.h /= Z;
  all.moments.vh /= Z;
  return all;
}

Machine transposed(Machine const& machine) {
  return Machine(machine.weights().transpose(), machine.hidden_biases(), machine.visible_biases());
}

// Biases that change nothing to nearly all digits, so that all states are enumerated.
Machine with_tiny_biases(Machine const& machine) {
  return Machine(machine.weights(), VectorXd::Constant(machine.visible_units(), 1e-300));
}

double largest_difference(MatrixXd const& x, MatrixXd const& y) { return (x - y).cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("log Z, averages and the ground state are those of a loop over all pairs of states") {
  // one unit, either layer the smaller one, both alike
  struct Sizes {
    Index V, H;
  };
  for (auto const& size : {Sizes{1, 1}, Sizes{1, 4}, Sizes{3, 2}, Sizes{4, 7}, Sizes{7, 5}, Sizes{6, 6}})
    for (double const bias : {0., 0.6}) {
      auto const machine = gaussian_machine(size.V, size.H, 0.9, bias, 1);
      auto const plain = plain_enumeration(machine);
      auto const moments = restricted_moments(machine);
      CHECK(std::abs(restricted_log_Z(machine) - plain.moments.log_Z) < 1e-12);
      CHECK(std::abs(moments.log_Z - plain.moments.log_Z) < 1e-12);
      CHECK(largest_difference(moments.v, plain.moments.v) < 1e-13);
      CHECK(largest_difference(moments.h, plain.moments.h) < 1e-13);
      CHECK(largest_difference(moments.vh, plain.moments.vh) < 1e-13);
      auto const ground = restricted_ground_state(machine);
      CHECK(std::abs(ground.energy - plain.ground_energy) < 1e-12);
      CHECK(std::abs(plain_energy(machine, ground.v, ground.h) - ground.energy) < 1e-12);
      if (bias == 0) CHECK((moments.v.isZero(0) && moments.h.isZero(0)));
    }
}

TEST_CASE("averages are the derivatives of log Z") {
  auto const machine = gaussian_machine(8, 13, 0.5, 0.4, 2);
  auto const moments = restricted_moments(machine);
  // error of a central difference: step^2 / 6 times a third cumulant of order 1, and rounding 1e-15 10 / step
  double const step = 1e-5, tolerance = 2e-9;
  auto const slope = [&](auto const& change) {
    MatrixXd W = machine.weights();
    VectorXd a = machine.visible_biases(), b = machine.hidden_biases();
    change(W, a, b, step);
    double const above = restricted_log_Z(Machine(W, a, b));
    change(W, a, b, -2 * step);
    return (above - restricted_log_Z(Machine(W, a, b))) / (2 * step);
  };
  for (Index const i : {0, 3, 7}) {
    CHECK(std::abs(slope([&](auto&, auto& a, auto&, double x) { a(i) += x; }) - moments.v(i)) < tolerance);
    for (Index const alpha : {0, 6, 12}) {
      CHECK(std::abs(slope([&](auto& W, auto&, auto&, double x) { W(i, alpha) += x; }) - moments.vh(i, alpha)) <
            tolerance);
      CHECK(std::abs(slope([&](auto&, auto&, auto& b, double x) { b(alpha) += x; }) - moments.h(alpha)) < tolerance);
    }
  }
}

TEST_CASE("the transposed machine has the same Z, averages and ground state") {
  for (double const bias : {0., 0.3}) {
    auto const machine = gaussian_machine(12, 9, 0.5, bias, 3), dual = transposed(machine);
    auto const a = restricted_moments(machine), b = restricted_moments(dual);
    CHECK(std::abs(a.log_Z - b.log_Z) < 1e-12);
    CHECK(largest_difference(a.v, b.h) < 1e-13);
    CHECK(largest_difference(a.h, b.v) < 1e-13);
    CHECK(largest_difference(a.vh, b.vh.transpose()) < 1e-13);
    CHECK(std::abs(restricted_ground_state(machine).energy - restricted_ground_state(dual).energy) < 1e-12);
  }
}

TEST_CASE("half of the states without biases are as good as all") {
  for (Index const n : {1, 2, 6, 7, 8, 12}) {  // below and above 64 states in a group, and more than one block
    auto const half = gaussian_machine(n, 70, 0.4, 0, 4), full = with_tiny_biases(half);
    CHECK(!half.has_biases());
    CHECK(full.has_biases());
    auto const a = restricted_moments(half), b = restricted_moments(full);
    CHECK(std::abs(a.log_Z - b.log_Z) < 1e-12);
    CHECK(std::abs(restricted_log_Z(half) - restricted_log_Z(full)) < 1e-12);
    CHECK(b.v.cwiseAbs().maxCoeff() < 1e-13);
    CHECK(b.h.cwiseAbs().maxCoeff() < 1e-13);
    CHECK(largest_difference(a.vh, b.vh) < 1e-13);
    CHECK(std::abs(restricted_ground_state(half).energy - restricted_ground_state(full).energy) < 1e-12);
  }
}

TEST_CASE("weights far beyond the range of exponentials: the ground state alone counts") {
  auto const machine = gaussian_machine(9, 200, 500, 0, 5);
  auto const ground = restricted_ground_state(machine);
  CHECK(std::abs(restricted_log_Z(machine) + ground.energy - std::log(2)) < 1e-9);
  auto const moments = restricted_moments(machine);
  CHECK(largest_difference(moments.vh, ground.v * ground.h.transpose()) < 1e-9);
}

TEST_CASE("samples have the exact averages, whichever layer is enumerated") {
  int const count = 40'000;
  struct Sizes {
    Index V, H;
  };
  for (auto const& size : {Sizes{7, 20}, Sizes{9, 5}})
    for (double const bias : {0., 0.5}) {
      auto const machine = gaussian_machine(size.V, size.H, 0.4, bias, 8);
      Rng rng = machine_stream(9);
      auto const v = restricted_samples(machine, count, rng);
      CHECK((v.array().abs() == 1).all());
      auto const exact = restricted_moments(machine);
      MatrixXd const vh = v * machine.hidden_fields(v).array().tanh().matrix().transpose() / count;
      // 532 numbers in all, of standard errors below 1/200: six of these, false alarm 532 times 2e-9
      CHECK(largest_difference(v.rowwise().mean(), exact.v) < 6. / 200);
      CHECK(largest_difference(vh, exact.vh) < 6. / 200);
      // in random order: the first half has the averages of all
      CHECK(largest_difference(v.leftCols(count / 2).rowwise().mean(), exact.v) < 6 * std::sqrt(2) / 200);
      // and successive samples are independent
      double const successive = v.leftCols(count - 1).cwiseProduct(v.rightCols(count - 1)).row(0).mean();
      CHECK(std::abs(successive - exact.v(0) * exact.v(0)) < 6. / 100);
    }
}

TEST_CASE("the bits do not depend on the team, and long work polls") {
  for (double const bias : {0., 0.2}) {
    auto const machine = gaussian_machine(13, 40, 0.3, bias, 6);
    auto const a = restricted_moments(machine), b = restricted_moments(machine, BlockMap(team_of_three));
    CHECK(a.log_Z == b.log_Z);
    CHECK(same_numbers(a.v, b.v));
    CHECK(same_numbers(a.h, b.h));
    CHECK(same_numbers(a.vh, b.vh));
    CHECK(restricted_log_Z(machine) == restricted_log_Z(machine, BlockMap(team_of_three)));
    CHECK(restricted_ground_state(machine).v == restricted_ground_state(machine, BlockMap(team_of_three)).v);
  }
  BlockMap const stopped(serial_blocks, [] { throw 0; });
  auto const machine = gaussian_machine(4, 5, 1, 0, 7);
  CHECK_THROWS_AS(restricted_log_Z(machine, stopped), int);
  CHECK_THROWS_AS(restricted_moments(machine, stopped), int);
  CHECK_THROWS_AS(restricted_ground_state(machine, stopped), int);
}

TEST_CASE("a machine whose smaller layer is too large is refused") {
  Machine const machine(MatrixXd::Zero(26, 26));
  CHECK_THROWS_AS(restricted_log_Z(machine), std::domain_error);
  CHECK_THROWS_AS(restricted_moments(machine), std::domain_error);
  CHECK_THROWS_AS(restricted_ground_state(machine), std::domain_error);
}

}  // namespace hypnos::restricted_enumeration_test

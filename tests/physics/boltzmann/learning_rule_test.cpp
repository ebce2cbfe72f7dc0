#include "hypnos/physics/boltzmann/learning_rule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../models.hpp"
#include "hypnos/physics/boltzmann/averages.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::learning_rule_test {

using Eigen::MatrixXd, Eigen::VectorXd;

namespace {

double largest(MatrixXd const& matrix) { return matrix.cwiseAbs().maxCoeff(); }

LearningRule unlearning(double a) { return {.a = a}; }

LearningRule l1(double gamma) { return {.l1 = gamma}; }

LearningRule l2(double gamma) { return {.l2 = gamma}; }

}  // namespace

TEST_CASE("every rule steps down the gradient of its loss") {
  int const N = 5;
  auto const data = averages(spin_glass(N, 0.5, 0.3, 0));
  auto const model = spin_glass(N, 0.5, 0.3, 1);
  double const lambda = 0.01;
  for (LearningRule const& rule : {unlearning(0), unlearning(0.3), unlearning(1), unlearning(2.5), l1(0.2), l2(0.2)}) {
    CAPTURE(rule.a);
    auto const next = rule.stepped(data, measured(rule, 0, model), lambda);
    auto const loss_of = [&](Ising const& other) { return rule.loss(data, measured(rule, 0, other)); };
    // Error of the central difference: d^2 times a third derivative of up to 10 a^2, and 1e-14 / d from rounding.
    double const d = 1e-4, error = 1e-6;
    REQUIRE(pairs(model.J).cwiseAbs().minCoeff() > lambda * (rule.l1 + rule.l2) + d);  // away from the kinks of l1
    REQUIRE(model.h.cwiseAbs().minCoeff() > lambda * (rule.l1 + rule.l2) + d);
    for (int i = 0; i < N; ++i) {
      Ising up = model, down = model;
      up.h(i) += d;
      down.h(i) -= d;
      CHECK(std::abs((next.h(i) - model.h(i)) / lambda + (loss_of(up) - loss_of(down)) / (2 * d)) < error);
      for (int j = i + 1; j < N; ++j) {
        up = down = model;
        up.J(i, j) = up.J(j, i) += d;
        down.J(i, j) = down.J(j, i) -= d;
        CHECK(std::abs((next.J(i, j) - model.J(i, j)) / lambda + (loss_of(up) - loss_of(down)) / (2 * d)) < error);
      }
    }
    CHECK(next.J == next.J.transpose());
    CHECK(next.J.diagonal().isZero(0));
  }
}

TEST_CASE(
    "the loss at a = 0 is the limit of small a up to a constant, and the divergence from the uniform distribution") {
  int const N = 4;
  auto const data = averages(spin_glass(N, 0.5, 0.3, 0));
  auto const p = spin_glass(N, 0.5, 0.3, 1), q = spin_glass(N, 0.5, 0.3, 2);
  auto const difference = [&](double a) {
    auto const rule = unlearning(a);
    return rule.loss(data, measured(rule, 0, p)) - rule.loss(data, measured(rule, 0, q));
  };
  // The next term is O(a), and the cancelling terms are 1e-15 / a.
  CHECK(std::abs(difference(1e-5) - difference(0)) < 1e-4);
  auto const uniform = averages(no_coupling(N));
  CHECK(std::abs(unlearning(0).loss(data, measured(unlearning(0), 0, p)) -
                 kl_divergence(uniform, p, exact_moments(p, 1).log_Z)) < 1e-14);
}

TEST_CASE("the unlearning rule is -c_1 at a = 0, and tends to a (c_d - c_a) for large a") {
  int const N = 5;
  auto const data = averages(spin_glass(N, 0.3, 0.2, 0));
  auto const model = spin_glass(N, 0.5, 0.3, 1);
  auto const still = measured(unlearning(0), 0, model);
  CHECK(pairs(unlearning(0).direction(data, still).J) == -pairs(still.at_1.c));
  CHECK(unlearning(0).direction(data, still).h == -still.at_1.m);
  CHECK(still.at_a.c.size() == 0);

  double const a = 1000;
  auto const cold = measured(unlearning(a), 0, model);
  // Eq. 30; what is left out, (c_a - c_1) / a, is at most 2 / a.
  CHECK(largest(pairs(unlearning(a).direction(data, cold).J) / a - pairs(data.c - cold.at_a.c)) <= 2 / a);
}

TEST_CASE("the coldest unlearning forgets the ground states") {
  // Eq. 30: at a = infinity, J fixed, direction / a is c_d - <s s> over the ground states, here two or, in fields, one.
  int const N = 8;
  auto const data = averages(spin_glass(N, 0.25, 0.2, 1));
  for (double const field : {0.0, 0.3}) {
    auto const model = spin_glass(N, 0.25, field, 0);
    VectorXd ground = VectorXd::Zero(N);
    double lowest = std::numeric_limits<double>::infinity(), second = lowest;
    for (int state = 0; state < 1 << N; ++state) {
      VectorXd s(N);
      for (int i = 0; i < N; ++i) s(i) = state >> i & 1 ? -1 : 1;
      if (field == 0 && s(0) < 0) continue;  // E(s) = E(-s)
      double const E = -s.dot(model.J * s) / 2 - model.h.dot(s);
      if (E < lowest) {
        second = lowest;
        lowest = E;
        ground = s;
      } else {
        second = std::min(second, E);
      }
    }
    double const a = 1e4;
    // Each of the other states weighs less than exp(-a (second - lowest)): nothing.
    REQUIRE(a * (second - lowest) > 100);
    auto const forgetting = unlearning(a).direction(data, measured(unlearning(a), 0, model));
    VectorXd const m = field == 0 ? VectorXd::Zero(N) : ground;
    // What is left out, (c_a - c_1) / a, is at most 2 / a.
    CHECK(largest(pairs(forgetting.J) / a - pairs(data.c - ground * ground.transpose())) <= 2 / a);
    CHECK(largest(forgetting.h / a - (data.m - m)) <= 2 / a);
  }
}

TEST_CASE("the rules by name have the strength that belongs to them") {
  CHECK(learning_rule(Rule::unlearning, 0.3, 0.2).a == 0.3);
  CHECK(learning_rule(Rule::unlearning, 0.3, 0.2).l1 + learning_rule(Rule::unlearning, 0.3, 0.2).l2 == 0);
  CHECK(learning_rule(Rule::l1, 0.3, 0.2).l1 == 0.2);
  CHECK(learning_rule(Rule::l1, 0.3, 0.2).l2 == 0);
  CHECK(learning_rule(Rule::l2, 0.3, 0.2).l2 == 0.2);
  CHECK(learning_rule(Rule::l2, 0.3, 0.2).l1 == 0);
  for (Rule const rule : {Rule::l1, Rule::l2}) CHECK(learning_rule(rule, 0.3, 0.2).betas() == std::vector<double>{1});
  CHECK(learning_rule(Rule::unlearning, 0.3, 0.2).betas() == std::vector<double>{1, 0.3});
  for (double const a : {0., 1.}) CHECK(unlearning(a).betas() == std::vector<double>{1});
}

TEST_CASE("pairs that always agree have finite couplings with a below 1, l1 or l2") {
  Ensemble const data{VectorXd::Zero(2), MatrixXd::Ones(2, 2), 0};
  auto const slope_at_strong_coupling = [&](LearningRule const& rule) {
    Ising strong = no_coupling(2);
    strong.J(0, 1) = strong.J(1, 0) = 15;
    return rule.stepped(data, measured(rule, 0, strong), 1).J(0, 1) - 15;
  };
  for (auto const& rule : {unlearning(0), unlearning(0.5), l1(0.1), l2(0.1)}) {
    CHECK(rule.bounds_couplings());
    CHECK(slope_at_strong_coupling(rule) < 0);
  }
  for (auto const& rule : {unlearning(1), unlearning(1.5), l1(0), l2(0)}) {
    CHECK(!rule.bounds_couplings());
    CHECK(slope_at_strong_coupling(rule) >= 0);
  }
}

TEST_CASE("the curvature at weak coupling is that of the loss") {
  int const N = 4;
  auto const data = averages(spin_glass(N, 0.3, 0.2, 0));
  for (auto const& rule : {unlearning(0), unlearning(0.3), unlearning(1), unlearning(2), l2(0.7)}) {
    auto const gradient = [&](double x) {
      Ising model = no_coupling(N);
      model.J(0, 1) = model.J(1, 0) = x;
      return -rule.direction(data, measured(rule, 0, model)).J(0, 1);
    };
    // the third derivative vanishes at zero, so the error is x^2 times a fourth one, up to 2 a^4
    double const x = 1e-4;
    CHECK(std::abs((gradient(x) - gradient(-x)) / (2 * x) - rule.weak_coupling_curvature()) < 1e-6);
  }
}

}  // namespace hypnos::learning_rule_test

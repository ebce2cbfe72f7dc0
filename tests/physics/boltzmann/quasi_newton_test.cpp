#include "hypnos/physics/boltzmann/quasi_newton.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "../chains.hpp"
#include "../models.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::quasi_newton_test {

using Eigen::MatrixXd, Eigen::VectorXd;

namespace {

void ignore(std::size_t, LearningState const&) {}

double largest(MatrixXd const& matrix) { return matrix.cwiseAbs().maxCoeff(); }

LearningRule unlearning(double a) { return {.a = a}; }

LearningRule l1(double gamma) { return {.l1 = gamma}; }

LearningRule l2(double gamma) { return {.l2 = gamma}; }

Ising at_rest(LearningRule const& rule, Ensemble const& data, Ising const& start, double tolerance = 1e-12) {
  auto const learned = quasi_newton(rule, data, start, tolerance, 1000);
  REQUIRE(learned.converged);
  return learned.state.model;
}

}  // namespace

TEST_CASE("the fixed point is where gradient steps settle, from any start, for a fraction of their averages") {
  int const N = 8;
  double total = 0, total_of_gradient = 0;
  for (double const field : {0.0, 0.3}) {
    auto const data = averages(spin_glass(N, 0.25, field, 0));
    for (LearningRule const& rule : {unlearning(0), unlearning(0.1), unlearning(0.5), unlearning(1), unlearning(3),
                                     l1(0.02), l1(0.2), l2(0.1), l2(3)}) {
      CAPTURE(field);
      CAPTURE(rule.a);
      CAPTURE((rule.l1 + rule.l2));
      for (Ising const& start :
           {hebbian_start(data), no_coupling(N), Ising{spin_glass(N, 0.5, 0, 9).J, VectorXd::Zero(N)}}) {
        // Both end where the gradient is below 1e-11, so within 1e-11 over the smallest curvature of the loss of the same
        // point. The curvature is above 1e-2 here.
        double const tolerance = 1e-11, error = 1e-8;
        auto const quick = quasi_newton(rule, data, start, tolerance, 1000);
        auto const slow = learn(
            rule, data, start,
            {.lambda = 0.3 / (1 + rule.a * rule.a + (rule.l1 + rule.l2)), .max_steps = 100000, .tolerance = tolerance},
            ignore);
        REQUIRE(slow.converged);
        CHECK(quick.converged);
        CHECK(largest(quick.state.model.J - slow.state.model.J) < error);
        CHECK(largest(quick.state.model.h - slow.state.model.h) < error);
        CHECK((quick.state.model.J.array() == 0).count() == (slow.state.model.J.array() == 0).count());
        CHECK(quick.state.model.J == quick.state.model.J.transpose());
        CHECK(quick.state.at_1.c == exact_moments(quick.state.model, 1).c);
        // Its own criterion is the one of learning: no step leads on.
        auto const next = rule.stepped(data, quick.state, 1);
        CHECK(largest(next.J - quick.state.model.J) < tolerance + 1e-15);
        total += quick.state.steps;
        total_of_gradient += slow.state.steps;
      }
    }
  }
  // At learning rates within a factor of two of the best; here 13 times.
  CHECK(total_of_gradient > 5 * total);
}

TEST_CASE("a start far from the end, where curvatures are much smaller than there, costs little more") {
  int const N = 12;
  auto const data = averages(spin_glass(N, 0.2, 0.2, 0));
  for (double const a : {0.3, 1.0, 2.0}) {
    auto const learned = quasi_newton(unlearning(a), data, {spin_glass(N, 1, 0, 9).J, VectorXd::Zero(N)}, 1e-11, 1000);
    CHECK(learned.converged);
    CHECK(learned.state.steps < 150);  // here 54 to 69
  }
}

TEST_CASE("the fixed point is left for no tolerance: where learning has settled, one look is enough") {
  auto const truth = spin_glass(6, 0.3, 0.2, 0);
  auto const learned = quasi_newton(unlearning(1), averages(truth), truth, 1e-12, 1000);
  CHECK(learned.converged);
  CHECK(learned.state.steps == 1);
  CHECK(learned.state.model.J == truth.J);
}

TEST_CASE("from where the loss is not convex, the way leads down all the same") {
  // N = 2: the curvature is sech^2 J - a (1 - a) sech^2 (a J), negative at J = 4 for a = 0.5.
  double const a = 0.5, J = 4;
  REQUIRE(std::pow(std::cosh(J), -2) < a * (1 - a) * std::pow(std::cosh(a * J), -2));
  MatrixXd const one = MatrixXd::Ones(2, 2) - MatrixXd::Identity(2, 2);
  auto const data = averages({0.5 * one, VectorXd::Zero(2)});
  double const end = at_rest(unlearning(a), data, {J * one, VectorXd::Zero(2)}).J(0, 1);
  // Eq. 34 with c_beta = tanh(beta J); the tolerance over the curvature of 0.6.
  CHECK(std::abs(std::tanh(end) - (1 - a) * std::tanh(a * end) - a * std::tanh(0.5)) < 1e-11);
  CHECK(end > 0);
  CHECK(end < 0.5);
}

TEST_CASE("a much above 1: the model at beta = a is that of the data, and at beta = 1 nothing is left of it") {
  int const N = 8;
  for (double const field : {0.0, 0.2}) {
    auto const truth = spin_glass(N, 0.25, field, 0);
    auto const data = averages(truth);
    double last = std::numeric_limits<double>::quiet_NaN();
    for (double const a : {10.0, 20.0, 40.0}) {
      auto const learned = quasi_newton(unlearning(a), data, hebbian_start(data), 1e-9, 1000);
      REQUIRE(learned.converged);
      auto const& [steps, model, at_1, at_a] = learned.state;
      // The fixed point of Eq. 26 is c_a - c_d = (c_a - c_1) / a, and all of them lie between -1 and 1.
      CHECK(largest(at_a.c - data.c) <= 2 / a);
      CHECK(largest(at_a.m - data.m) <= 2 / a);
      // c_1 = J = J_d / a to leading order, where J_d = 0.25 times Gaussians; the next orders are smaller yet.
      CHECK(pairs(at_1.c).cwiseAbs().maxCoeff() < 2 * largest(truth.J) / a);
      // a J - J_d is of first order in 1/a: half at twice a, up to 1/a.
      double const mismatch = largest(a * model.J - truth.J);
      if (a > 10) CHECK(last / mismatch == doctest::Approx(2).scale(0).epsilon(2 / a));
      last = mismatch;
    }
  }
}

TEST_CASE(
    "a much below 1, or a strong l2: couplings a c_d / (1 - a + a^2) or c_d / (1 + gamma), from strong data too") {
  // Eqs. 45-49 with the exact linear terms. What c_1 adds is of second order in the couplings.
  int const N = 7;
  auto const data = averages(spin_glass(N, 0.5, 0, 0));
  MatrixXd const c_d = data.c - MatrixXd::Identity(N, N);
  REQUIRE(largest(c_d) > 0.5);
  auto const rest = [&](LearningRule const& rule, double coupling) {
    return largest(at_rest(rule, data, hebbian_start(data)).J - coupling * c_d) / coupling;
  };
  auto const weak = [&](double a) { return rest(unlearning(a), a / (1 - a + a * a)); };
  auto const damped = [&](double gamma) { return rest(l2(gamma), 1 / (1 + gamma)); };
  // Halving the coupling halves what is left out relative to it, and of l2, where c_1 is opposed by gamma J, quarters it.
  CHECK(weak(0.01) / weak(0.005) == doctest::Approx(2).scale(0).epsilon(0.1));
  CHECK(weak(0.005) < 0.02);
  CHECK(damped(99) / damped(199) == doctest::Approx(4).scale(0).epsilon(0.1));
  CHECK(damped(199) < 1e-3);
}

TEST_CASE("what has not converged says so") {
  auto const data = averages(spin_glass(8, 0.25, 0.2, 0));
  auto const few = quasi_newton(unlearning(0.5), data, hebbian_start(data), 1e-11, 5);
  CHECK(!few.converged);
  CHECK(few.state.steps <= 5);
  // Averages carry rounding errors of 1e-16 to 1e-13, so a gradient of 1e-30 is out of reach; below 1e-12 it comes.
  for (LearningRule const& rule : {unlearning(0.5), unlearning(2), l1(0.1), l2(0.1)}) {
    auto const unreachable = quasi_newton(rule, data, hebbian_start(data), 1e-30, 300);
    CHECK(!unreachable.converged);
    CHECK(unreachable.state.steps <= 300);
    CHECK(largest(rule.stepped(data, unreachable.state, 1).J - unreachable.state.model.J) < 1e-12);
  }
}

TEST_CASE("data that no model has are refused, and so are averages that scatter") {
  auto const model = spin_glass(3, 0.3, 0, 0);
  auto data = averages(model);
  data.c(0, 1) = data.c(1, 0) = 1.5;
  CHECK_THROWS_WITH_AS(quasi_newton(unlearning(1), data, model, 1e-9, 1000), doctest::Contains("diverge"),
                       std::runtime_error);
  auto scattering = exact_averages();
  scattering.exact = false;
  CHECK_THROWS_AS(quasi_newton(unlearning(1), averages(model), model, 1e-9, 1000, scattering), std::invalid_argument);
}

TEST_CASE("an interrupted search comes to the same bits") {
  auto const data = averages(spin_glass(6, 0.4, 0.3, 0));
  // the start far from the end needs several trials in a line search
  Ising const far{spin_glass(6, 2, 0, 9).J, VectorXd::Zero(6)};
  for (LearningRule const& rule : {unlearning(0.4), l1(0.1)}) {
    auto const make = [&](int&, BlockMap const& blocks) {
      // averages of so few spins do not poll
      Averages const polled{[blocks](Ising const& model, std::vector<double> const& betas) {
        blocks.poll();
        return exact_averages().of(model, betas);
      }};
      return QuasiNewton(rule, data, far, 1e-11, 1000, polled);
    };
    int const pieces = check_interruptions(0, make);
    auto const one = quasi_newton(rule, data, far, 1e-11, 1000);
    CHECK(one.converged);
    CHECK(pieces == one.state.steps);
  }
}

}  // namespace hypnos::quasi_newton_test

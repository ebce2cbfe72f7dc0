#include "hypnos/physics/boltzmann/learning.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "../chains.hpp"
#include "../models.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::learning_test {

using Eigen::MatrixXd, Eigen::VectorXd;

namespace {

void ignore(std::size_t, LearningState const&) {}

double omega(LearningState const& state, Ensemble const& data) { return slope(pairs(state.at_1.c), pairs(data.c)); }

double largest(MatrixXd const& matrix) { return matrix.cwiseAbs().maxCoeff(); }

LearningRule unlearning(double a) { return {.a = a}; }

LearningRule l1(double gamma) { return {.l1 = gamma}; }

LearningRule l2(double gamma) { return {.l2 = gamma}; }

}  // namespace

TEST_CASE("unregularized learning returns the model of the data from any start") {
  int const N = 8;
  for (double const field : {0.0, 0.3}) {
    auto const truth = spin_glass(N, 0.25, field, 0);
    auto const data = averages(truth);
    for (LearningRule const& rule : {unlearning(1), l1(0), l2(0)})
      for (Ising const& start :
           {hebbian_start(data), no_coupling(N), Ising{spin_glass(N, 0.5, 0, 9).J, VectorXd::Zero(N)}}) {
        auto const learned = learn(rule, data, start, {.lambda = 0.3, .max_steps = 20000}, ignore);
        CHECK(learned.converged);
        // A gradient below 1e-9 leaves an error of 1e-9 over the smallest eigenvalue of the Fisher matrix, here > 0.01.
        CHECK(largest(learned.state.model.J - truth.J) < 1e-6);
        CHECK(largest(learned.state.model.h - truth.h) < 1e-6);
        // The divergence is quadratic in this error.
        CHECK(symmetric_kl_divergence(truth, data, learned.state.model, ensemble(learned.state.at_1)) < 1e-8);
      }
  }
}

TEST_CASE("data without fields are learnt without fields") {
  int const N = 6;
  auto const data = averages(spin_glass(N, 0.3, 0, 0));
  auto const learned =
      learn(unlearning(0.4), data, hebbian_start(data), {.stop = Stop::steps, .max_steps = 50}, ignore);
  CHECK(learned.state.model.h.isZero(0));
  CHECK(learned.state.at_1.m.isZero(0));
}

TEST_CASE("weak coupling: unlearning ends at a c_d / (1 - a + a^2), l2 at c_d / (1 + gamma)") {
  // Eqs. 45 and 48 with the exact linear terms. Second orders are N times the square of the couplings, 1e-3: 1e-5.
  int const N = 6;
  auto const data = averages(spin_glass(N, 1e-3, 0, 0));
  auto const end = [&](LearningRule const& rule) {
    return learn(rule, data, hebbian_start(data), {.lambda = 0.1, .max_steps = 10000}, ignore).state.model.J;
  };
  MatrixXd const c_d = data.c - MatrixXd::Identity(N, N);
  REQUIRE(largest(c_d) > 1e-3);
  for (double const a : {0.2, 0.5, 2.0}) CHECK(largest(end(unlearning(a)) - a / (1 - a + a * a) * c_d) < 1e-5);
  for (double const gamma : {0.5, 3.0}) CHECK(largest(end(l2(gamma)) - c_d / (1 + gamma)) < 1e-5);
}

TEST_CASE("l1 settles where the subgradient of its loss holds zero") {
  int const N = 8;
  auto const data = averages(spin_glass(N, 0.25, 0.2, 0));
  double const gamma = 0.1, tolerance = 1e-9;
  auto const learned = learn(l1(gamma), data, hebbian_start(data), {.lambda = 0.2, .max_steps = 20000}, ignore);
  REQUIRE(learned.converged);
  auto const& [steps, model, at_1, at_a] = learned.state;
  int zeros = 0, others = 0;
  auto const check = [&](double parameter, double mismatch) {
    if (parameter == 0) {
      ++zeros;
      CHECK(std::abs(mismatch) <= gamma);
    } else {
      ++others;
      // The last step moved it by less than tolerance x lambda; rounding of its quotient with lambda adds as little.
      CHECK(std::abs(mismatch - std::copysign(gamma, parameter)) < 2 * tolerance);
    }
  };
  for (int i = 0; i < N; ++i) {
    check(model.h(i), data.m(i) - at_1.m(i));
    for (int j = i + 1; j < N; ++j) check(model.J(i, j), data.c(i, j) - at_1.c(i, j));
  }
  CHECK(zeros > 0);
  CHECK(others > 0);
}

TEST_CASE("the slope stops learning where omega comes up to 1, whatever is recorded") {
  int const N = 8;
  auto const data = averages(spin_glass(N, 0.25, 0, 0));
  auto const start = hebbian_start(data);
  for (LearningRule const& rule : {unlearning(0), unlearning(0.3), unlearning(2.5), l1(0.2), l2(1)}) {
    Protocol protocol{.stop = Stop::slope};
    auto const learned = learn(rule, data, start, protocol, ignore);
    CHECK(learned.converged);
    CHECK(omega(measured(rule, 0, start), data) < 1);
    CHECK(std::abs(omega(learned.state, data) - 1) < 1e-9);

    double last = -1;
    protocol.records = {0, 0.3, 1, learned.state.steps - 1e-3, learned.state.steps + 1e-3};
    auto const watched =
        learn(rule, data, start, protocol, [&](std::size_t, LearningState const& state) { last = state.steps; });
    CHECK(watched.state.model.J == learned.state.model.J);
    CHECK(watched.state.steps == learned.state.steps);
    CHECK(last == protocol.records[3]);
  }
}

TEST_CASE("the early-stopped model converges linearly as the learning rate goes to zero") {
  // Euler's error is proportional to lambda: halving it halves the change, up to the next order. Ending at whole steps
  // would make the changes erratic.
  auto const data = averages(spin_glass(8, 0.25, 0, 0));
  auto const stopped = [&](double lambda) {
    return learn(unlearning(0.3), data, hebbian_start(data), {.lambda = lambda, .stop = Stop::slope}, ignore)
        .state.model.J;
  };
  auto const coarse = stopped(0.004), middle = stopped(0.002), fine = stopped(0.001);
  CHECK((coarse - middle).norm() / (middle - fine).norm() == doctest::Approx(2).scale(0).epsilon(0.1));
  CHECK((coarse - fine).norm() < 0.02 * fine.norm());
}

TEST_CASE("where omega never comes up to 1, learning ends at its fixed point and says so") {
  auto const data = averages(spin_glass(6, 0.3, 0, 0));
  Protocol const protocol{.lambda = 0.2, .stop = Stop::slope, .max_steps = 10000};
  // From J = 0 omega comes down from infinity: regularized learning stays above 1, plain learning ends at 1.
  auto const regularized = learn(unlearning(0.3), data, no_coupling(6), protocol, ignore);
  CHECK(!regularized.converged);
  CHECK(regularized.state.steps < protocol.max_steps);
  CHECK(omega(regularized.state, data) > 1.1);
  auto const plain = learn(unlearning(1), data, no_coupling(6), protocol, ignore);
  CHECK(plain.converged);
  CHECK(std::abs(omega(plain.state, data) - 1) < 1e-6);
}

TEST_CASE("records lie on the polygon through the steps, and none beyond its end") {
  int const N = 5;
  auto const data = averages(spin_glass(N, 0.4, 0.2, 0));
  auto const rule = unlearning(0.5);
  std::vector<Ising> after = {hebbian_start(data)};
  for (int t = 0; t < 3; ++t) after.push_back(rule.stepped(data, measured(rule, t, after.back()), 0.06));

  std::vector<LearningState> seen;
  Protocol const protocol{.stop = Stop::steps, .max_steps = 2, .records = {0, 1, 1.25, 2, 2.5}};
  auto const learned = learn(rule, data, after[0], protocol, [&](std::size_t k, LearningState const& state) {
    CHECK(k == seen.size());
    CHECK(state.steps == protocol.records[k]);
    seen.push_back(state);
  });
  REQUIRE(seen.size() == 4);
  CHECK(seen[0].model.J == after[0].J);
  CHECK(seen[1].model.J == after[1].J);
  MatrixXd const between = 0.75 * after[1].J + 0.25 * after[2].J;
  CHECK(largest(seen[2].model.J - between) < 1e-15);
  CHECK(largest(seen[2].at_a.c - exact_moments(seen[2].model, rule.a).c) == 0);
  CHECK(seen[3].model.h == after[2].h);
  CHECK(learned.state.model.J == after[2].J);
  CHECK(learned.converged);
}

TEST_CASE("averages that scatter are interpolated between steps, and drawn for steps alone") {
  int const N = 6;
  auto const data = averages(spin_glass(N, 0.3, 0.2, 0));
  auto const rule = unlearning(0.4);
  int drawn = 0;
  Rng rng(1, 0, streams::initial_couplings);
  Averages const sampled{[&](Ising const& model, std::vector<double> const& betas) {
                           std::vector<Moments> all;
                           for (double const beta : betas) {
                             ++drawn;
                             auto moments = exact_moments(model, beta);
                             moments.log_Z = std::numeric_limits<double>::quiet_NaN();
                             for (double& m : moments.m) m += 1e-3 * rng.normal();
                             for (int i = 0; i < N; ++i)
                               for (int j = 0; j < i; ++j) moments.c(i, j) = moments.c(j, i) += 1e-3 * rng.normal();
                             all.push_back(moments);
                           }
                           return all;
                         },
                         false};
  std::vector<LearningState> seen;
  auto const learned = [&](Protocol const& protocol) {
    rng = Rng(1, 0, streams::initial_couplings);
    drawn = 0;
    seen.clear();
    return learn(
        rule, data, hebbian_start(data), protocol,
        [&](std::size_t, LearningState const& state) { seen.push_back(state); }, sampled);
  };

  Protocol steps{.stop = Stop::steps, .max_steps = 4};
  auto const unwatched = learned(steps);
  steps.records = {1, 1.25, 2};
  auto const watched = learned(steps);
  CHECK(drawn == 10);  // at two temperatures, at the start and after every step
  CHECK(watched.state.model.J == unwatched.state.model.J);
  REQUIRE(seen.size() == 3);
  CHECK(largest(seen[1].at_1.c - (0.75 * seen[0].at_1.c + 0.25 * seen[2].at_1.c)) < 1e-15);
  CHECK(largest(seen[1].at_a.m - (0.75 * seen[0].at_a.m + 0.25 * seen[2].at_a.m)) < 1e-15);
  CHECK(largest(seen[1].model.J - (0.75 * seen[0].model.J + 0.25 * seen[2].model.J)) < 1e-15);
  CHECK(largest(seen[1].at_1.c - exact_moments(seen[1].model, 1).c) > 1e-4);
  CHECK(std::isnan(rule.loss(data, seen[1])));

  Protocol slope{.stop = Stop::slope, .tolerance = 1};
  auto const stopped = learned(slope);
  CHECK(stopped.converged);  // though a tolerance of 1 would have had exact averages settle at once
  CHECK(drawn == 2 * (1 + std::ceil(stopped.state.steps)));
  CHECK(std::abs(omega(stopped.state, data) - 1) < 1e-9);
  slope.records = {0.5, stopped.state.steps - 1e-3};
  CHECK(learned(slope).state.model.J == stopped.state.model.J);
  REQUIRE(seen.size() == 2);
  // On the line to the end, on which omega moves by O(1) in a step.
  CHECK(std::abs(omega(seen[1], data) - 1) < 1e-2);

  CHECK_THROWS_AS(learned({.stop = Stop::convergence}), std::invalid_argument);
}

TEST_CASE("records on whole steps cost nothing") {
  auto const data = averages(spin_glass(5, 0.4, 0.2, 0));
  auto const enumerations = [&](std::vector<double> const& records) {
    int count = 0;
    BlockMap const counted = [&count](int blocks, int size, FillBlock const& fill) {
      ++count;
      return serial_blocks(blocks, size, fill);
    };
    learn(unlearning(0.5), data, hebbian_start(data), {.stop = Stop::steps, .max_steps = 4, .records = records}, ignore,
          exact_averages(counted));
    return count;
  };
  int const unwatched = enumerations({});
  CHECK(unwatched == 10);  // two temperatures, at the start and after every step
  CHECK(enumerations({0, 1, 2, 3, 4}) == unwatched);
  CHECK(enumerations({0, 1.5, 4}) == unwatched + 2);
}

TEST_CASE("max_steps ends what has not converged") {
  auto const data = averages(spin_glass(5, 0.4, 0, 0));
  for (Stop const stop : {Stop::convergence, Stop::slope}) {
    auto const learned = learn(unlearning(1), data, no_coupling(5), {.stop = stop, .max_steps = 3}, ignore);
    CHECK(!learned.converged);
    CHECK(learned.state.steps == 3);
  }
}

TEST_CASE("too large a learning rate fails with its remedy") {
  auto const data = averages(spin_glass(4, 0.4, 0, 0));
  // l2 multiplies J by 1 - lambda gamma in a step: -4 here.
  CHECK_THROWS_WITH_AS(learn(l2(1), data, hebbian_start(data), {.lambda = 5}, ignore),
                       doctest::Contains("lower lambda = 5"), std::runtime_error);
}

TEST_CASE("interrupted learning goes on to the same bits and records") {
  auto const data = averages(spin_glass(5, 0.4, 0.2, 0));
  for (Stop const stop : {Stop::steps, Stop::slope, Stop::convergence})
    for (LearningRule const& rule : {unlearning(0.4), unlearning(1), l1(0.1)}) {
      Protocol const protocol{.lambda = 0.1, .stop = stop, .max_steps = 40, .records = {0, 0.5, 3, 3.25, 100}};
      int made = 0;
      auto const make = [&](std::vector<double>& omegas, BlockMap const& blocks) {
        // averages of so few spins do not poll
        Averages const polled{[blocks](Ising const& model, std::vector<double> const& betas) {
          blocks.poll();
          return exact_averages().of(model, betas);
        }};
        return Learning(rule, data, hebbian_start(data), protocol, polled,
                        [&, &omegas = omegas](std::size_t k, LearningState const& state) {
                          omegas.at(k) = omega(state, data);
                          ++made;
                        });
      };
      CHECK(check_interruptions(std::vector<double>(5), make) > 3);
      CHECK(made > 0);
      auto const one = learn(rule, data, hebbian_start(data), protocol, ignore);
      std::vector<double> omegas(5);
      auto learning = make(omegas, BlockMap(serial_blocks));
      while (!learning.done()) learning.advance();
      CHECK(learning.result().state.model.J == one.state.model.J);
      CHECK(learning.result().converged == one.converged);
    }
}

}  // namespace hypnos::learning_test

#include "hypnos/physics/boltzmann/learning.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "../models.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

using namespace hypnos;
using Eigen::MatrixXd, Eigen::VectorXd;

namespace {

void ignore(std::size_t, Stage const&) {}

double omega(Stage const& stage, Ensemble const& data) { return slope(pairs(stage.at_1.c), pairs(data.c)); }

double largest(MatrixXd const& matrix) { return matrix.cwiseAbs().maxCoeff(); }

Law unlearning(double a) { return {Rule::unlearning, a, 0}; }

}  // namespace

TEST_CASE("every rule steps down the gradient of its loss") {
  int const N = 5;
  auto const data = averages(spin_glass(N, 0.5, 0.3, 0));
  auto const model = spin_glass(N, 0.5, 0.3, 1);
  double const lambda = 0.01;
  for (Law const& law :
       {unlearning(0), unlearning(0.3), unlearning(1), unlearning(2.5), Law{Rule::l1, 1, 0.2}, Law{Rule::l2, 1, 0.2}}) {
    CAPTURE(static_cast<int>(law.rule));
    CAPTURE(law.a);
    auto const next = stepped(law, data, measured(law, 0, model), lambda);
    auto const loss_of = [&](Ising const& other) { return loss(law, data, measured(law, 0, other)); };
    // Error of the central difference: d^2 times a third derivative of up to 10 a^2, and 1e-14 / d from rounding.
    double const d = 1e-4, error = 1e-6;
    REQUIRE(pairs(model.J).cwiseAbs().minCoeff() > lambda * law.gamma + d);  // away from the kinks of l1
    REQUIRE(model.h.cwiseAbs().minCoeff() > lambda * law.gamma + d);
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

TEST_CASE("the loss at a = 0 is the limit of small a up to a constant, and the divergence from the uniform law") {
  int const N = 4;
  auto const data = averages(spin_glass(N, 0.5, 0.3, 0));
  auto const p = spin_glass(N, 0.5, 0.3, 1), q = spin_glass(N, 0.5, 0.3, 2);
  auto const difference = [&](double a) {
    auto const law = unlearning(a);
    return loss(law, data, measured(law, 0, p)) - loss(law, data, measured(law, 0, q));
  };
  // The next term is O(a), and the cancelling terms are 1e-15 / a.
  CHECK(std::abs(difference(1e-5) - difference(0)) < 1e-4);
  auto const uniform = averages(no_coupling(N));
  CHECK(std::abs(loss(unlearning(0), data, measured(unlearning(0), 0, p)) -
                 kl_divergence(uniform, p, exact_moments(p, 1).log_Z)) < 1e-14);
}

TEST_CASE("the unlearning rule is -c_1 at a = 0, and tends to a (c_d - c_a) for large a") {
  int const N = 5;
  auto const data = averages(spin_glass(N, 0.3, 0.2, 0));
  auto const model = spin_glass(N, 0.5, 0.3, 1);
  auto const still = measured(unlearning(0), 0, model);
  CHECK(pairs(direction(unlearning(0), data, still).J) == -pairs(still.at_1.c));
  CHECK(direction(unlearning(0), data, still).h == -still.at_1.m);
  CHECK(still.at_a.c.size() == 0);

  double const a = 1000;
  auto const cold = measured(unlearning(a), 0, model);
  // Eq. 30; what is left out, (c_a - c_1) / a, is at most 2 / a.
  CHECK(largest(pairs(direction(unlearning(a), data, cold).J) / a - pairs(data.c - cold.at_a.c)) <= 2 / a);
}

TEST_CASE("unregularized learning returns the model of the data from any start") {
  int const N = 8;
  for (double const field : {0.0, 0.3}) {
    auto const truth = spin_glass(N, 0.25, field, 0);
    auto const data = averages(truth);
    for (Law const& law : {unlearning(1), Law{Rule::l1, 1, 0}, Law{Rule::l2, 1, 0}})
      for (Ising const& start : {hebbian(data), no_coupling(N), Ising{spin_glass(N, 0.5, 0, 9).J, VectorXd::Zero(N)}}) {
        auto const learned = learn(law, data, start, {.lambda = 0.3, .max_steps = 20000}, ignore);
        CHECK(learned.converged);
        // A gradient below 1e-9 leaves an error of 1e-9 over the smallest eigenvalue of the Fisher matrix, here > 0.01.
        CHECK(largest(learned.stage.model.J - truth.J) < 1e-6);
        CHECK(largest(learned.stage.model.h - truth.h) < 1e-6);
        // The divergence is quadratic in this error.
        CHECK(symmetric_kl_divergence(truth, data, learned.stage.model, ensemble(learned.stage.at_1)) < 1e-8);
      }
  }
}

TEST_CASE("data without fields are learnt without fields") {
  int const N = 6;
  auto const data = averages(spin_glass(N, 0.3, 0, 0));
  auto const learned = learn(unlearning(0.4), data, hebbian(data), {.stop = Stop::steps, .max_steps = 50}, ignore);
  CHECK(learned.stage.model.h.isZero(0));
  CHECK(learned.stage.at_1.m.isZero(0));
}

TEST_CASE("weak coupling: unlearning ends at a c_d / (1 - a + a^2), l2 at c_d / (1 + gamma)") {
  // Eqs. 45 and 48 with the exact linear terms. Second orders are N times the square of the couplings, 1e-3: 1e-5.
  int const N = 6;
  auto const data = averages(spin_glass(N, 1e-3, 0, 0));
  auto const end = [&](Law const& law) {
    return learn(law, data, hebbian(data), {.lambda = 0.1, .max_steps = 10000}, ignore).stage.model.J;
  };
  MatrixXd const c_d = data.c - MatrixXd::Identity(N, N);
  REQUIRE(largest(c_d) > 1e-3);
  for (double const a : {0.2, 0.5, 2.0}) CHECK(largest(end(unlearning(a)) - a / (1 - a + a * a) * c_d) < 1e-5);
  for (double const gamma : {0.5, 3.0}) CHECK(largest(end({Rule::l2, 1, gamma}) - c_d / (1 + gamma)) < 1e-5);
}

TEST_CASE("l1 settles where the subgradient of its loss holds zero") {
  int const N = 8;
  auto const data = averages(spin_glass(N, 0.25, 0.2, 0));
  double const gamma = 0.1, tolerance = 1e-9;
  auto const learned = learn({Rule::l1, 1, gamma}, data, hebbian(data), {.lambda = 0.2, .max_steps = 20000}, ignore);
  REQUIRE(learned.converged);
  auto const& [steps, model, at_1, at_a] = learned.stage;
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
    auto const forgetting = direction(unlearning(a), data, measured(unlearning(a), 0, model));
    VectorXd const m = field == 0 ? VectorXd::Zero(N) : ground;
    // What is left out, (c_a - c_1) / a, is at most 2 / a.
    CHECK(largest(pairs(forgetting.J) / a - pairs(data.c - ground * ground.transpose())) <= 2 / a);
    CHECK(largest(forgetting.h / a - (data.m - m)) <= 2 / a);
  }
}

TEST_CASE("the slope stops learning where omega comes up to 1, whatever is recorded") {
  int const N = 8;
  auto const data = averages(spin_glass(N, 0.25, 0, 0));
  auto const start = hebbian(data);
  for (Law const& law : {unlearning(0), unlearning(0.3), unlearning(2.5), Law{Rule::l1, 1, 0.2}, Law{Rule::l2, 1, 1}}) {
    Protocol protocol{.stop = Stop::slope};
    auto const learned = learn(law, data, start, protocol, ignore);
    CHECK(learned.converged);
    CHECK(omega(measured(law, 0, start), data) < 1);
    CHECK(std::abs(omega(learned.stage, data) - 1) < 1e-9);

    double last = -1;
    protocol.records = {0, 0.3, 1, learned.stage.steps - 1e-3, learned.stage.steps + 1e-3};
    auto const watched =
        learn(law, data, start, protocol, [&](std::size_t, Stage const& stage) { last = stage.steps; });
    CHECK(watched.stage.model.J == learned.stage.model.J);
    CHECK(watched.stage.steps == learned.stage.steps);
    CHECK(last == protocol.records[3]);
  }
}

TEST_CASE("the early-stopped model converges linearly as the learning rate goes to zero") {
  // Euler's error is proportional to lambda: halving it halves the change, up to the next order. Ending at whole steps
  // would make the changes erratic.
  auto const data = averages(spin_glass(8, 0.25, 0, 0));
  auto const stopped = [&](double lambda) {
    return learn(unlearning(0.3), data, hebbian(data), {.lambda = lambda, .stop = Stop::slope}, ignore).stage.model.J;
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
  CHECK(regularized.stage.steps < protocol.max_steps);
  CHECK(omega(regularized.stage, data) > 1.1);
  auto const plain = learn(unlearning(1), data, no_coupling(6), protocol, ignore);
  CHECK(plain.converged);
  CHECK(std::abs(omega(plain.stage, data) - 1) < 1e-6);
}

TEST_CASE("records lie on the polygon through the steps, and none beyond its end") {
  int const N = 5;
  auto const data = averages(spin_glass(N, 0.4, 0.2, 0));
  auto const law = unlearning(0.5);
  std::vector<Ising> after = {hebbian(data)};
  for (int t = 0; t < 3; ++t) after.push_back(stepped(law, data, measured(law, t, after.back()), 0.06));

  std::vector<Stage> seen;
  Protocol const protocol{.stop = Stop::steps, .max_steps = 2, .records = {0, 1, 1.25, 2, 2.5}};
  auto const learned = learn(law, data, after[0], protocol, [&](std::size_t k, Stage const& stage) {
    CHECK(k == seen.size());
    CHECK(stage.steps == protocol.records[k]);
    seen.push_back(stage);
  });
  REQUIRE(seen.size() == 4);
  CHECK(seen[0].model.J == after[0].J);
  CHECK(seen[1].model.J == after[1].J);
  MatrixXd const between = 0.75 * after[1].J + 0.25 * after[2].J;
  CHECK(largest(seen[2].model.J - between) < 1e-15);
  CHECK(largest(seen[2].at_a.c - exact_moments(seen[2].model, law.a).c) == 0);
  CHECK(seen[3].model.h == after[2].h);
  CHECK(learned.stage.model.J == after[2].J);
  CHECK(learned.converged);
}

TEST_CASE("averages that scatter are interpolated between steps, and drawn for steps alone") {
  int const N = 6;
  auto const data = averages(spin_glass(N, 0.3, 0.2, 0));
  auto const law = unlearning(0.4);
  int drawn = 0;
  Rng rng(1, 0, streams::initial_couplings);
  Averages const sampled{[&](Ising const& model, double beta) {
                           ++drawn;
                           auto moments = exact_moments(model, beta);
                           moments.log_Z = std::numeric_limits<double>::quiet_NaN();
                           for (double& m : moments.m) m += 1e-3 * rng.normal();
                           for (int i = 0; i < N; ++i)
                             for (int j = 0; j < i; ++j) moments.c(i, j) = moments.c(j, i) += 1e-3 * rng.normal();
                           return moments;
                         },
                         false};
  std::vector<Stage> seen;
  auto const learned = [&](Protocol const& protocol) {
    rng = Rng(1, 0, streams::initial_couplings);
    drawn = 0;
    seen.clear();
    return learn(
        law, data, hebbian(data), protocol, [&](std::size_t, Stage const& stage) { seen.push_back(stage); }, sampled);
  };

  Protocol steps{.stop = Stop::steps, .max_steps = 4};
  auto const unwatched = learned(steps);
  steps.records = {1, 1.25, 2};
  auto const watched = learned(steps);
  CHECK(drawn == 10);  // at two temperatures, at the start and after every step
  CHECK(watched.stage.model.J == unwatched.stage.model.J);
  REQUIRE(seen.size() == 3);
  CHECK(largest(seen[1].at_1.c - (0.75 * seen[0].at_1.c + 0.25 * seen[2].at_1.c)) < 1e-15);
  CHECK(largest(seen[1].at_a.m - (0.75 * seen[0].at_a.m + 0.25 * seen[2].at_a.m)) < 1e-15);
  CHECK(largest(seen[1].model.J - (0.75 * seen[0].model.J + 0.25 * seen[2].model.J)) < 1e-15);
  CHECK(largest(seen[1].at_1.c - exact_moments(seen[1].model, 1).c) > 1e-4);
  CHECK(std::isnan(loss(law, data, seen[1])));

  Protocol slope{.stop = Stop::slope, .tolerance = 1};
  auto const stopped = learned(slope);
  CHECK(stopped.converged);  // though a tolerance of 1 would have had exact averages settle at once
  CHECK(drawn == 2 * (1 + std::ceil(stopped.stage.steps)));
  CHECK(std::abs(omega(stopped.stage, data) - 1) < 1e-9);
  slope.records = {0.5, stopped.stage.steps - 1e-3};
  CHECK(learned(slope).stage.model.J == stopped.stage.model.J);
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
    learn(unlearning(0.5), data, hebbian(data), {.stop = Stop::steps, .max_steps = 4, .records = records}, ignore,
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
    CHECK(learned.stage.steps == 3);
  }
}

TEST_CASE("too large a learning rate fails with its remedy") {
  auto const data = averages(spin_glass(4, 0.4, 0, 0));
  // l2 multiplies J by 1 - lambda gamma in a step: -4 here.
  CHECK_THROWS_WITH_AS(learn({Rule::l2, 1, 1}, data, hebbian(data), {.lambda = 5}, ignore),
                       doctest::Contains("lower lambda = 5"), std::runtime_error);
}

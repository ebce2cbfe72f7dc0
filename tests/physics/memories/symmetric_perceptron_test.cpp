#include "hypnos/physics/memories/symmetric_perceptron.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/physics/theory/gardner.hpp"

namespace hypnos::symmetric_perceptron_test {

using Eigen::MatrixXd;

namespace {

MatrixXd patterns(int P, int N) {
  Rng rng(3, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// eps_i^mu, (P x N).
MatrixXd violated(MatrixXd const& xi, MatrixXd const& J, double k) {
  return (stabilities(xi, J).array() < k).cast<double>();
}

// The definition: one update of the couplings.
MatrixXd updated(MatrixXd const& xi, MatrixXd J, double k, double lambda) {
  auto const eps = violated(xi, J, k);
  for (int i = 0; i < J.rows(); ++i)
    for (int j = 0; j < J.rows(); ++j) {
      if (i == j) continue;
      double sum = 0;
      for (int mu = 0; mu < xi.rows(); ++mu) sum += (eps(mu, i) + eps(mu, j)) * xi(mu, i) * xi(mu, j);
      J(i, j) += lambda * sum;
    }
  return J;
}

}  // namespace

TEST_CASE("steps of the perceptron are the update rule, to the last bit where all numbers are integers") {
  for (int const N : {1, 2, 31, 32, 33, 65})
    for (int const P : {0, 1, 31, 32, 33, 65})
      // 0.77123 sqrt(n) is no integer for any integer n that occurs, so no stability lies at k but for k = 0.
      for (double const k : {0.0, 0.77123}) {
        CAPTURE(N);
        CAPTURE(P);
        CAPTURE(k);
        auto const xi = patterns(P, N);
        MatrixXd J = hebbian_sums(xi);
        SymmetricPerceptron perceptron(xi, J, k, 3);
        for (int step = 0; step < 12; ++step) {
          REQUIRE(perceptron.unsatisfied() == violated(xi, J, k).sum());
          REQUIRE(perceptron.J() == J);
          J = updated(xi, J, k, 3);
          perceptron.step();
        }
      }
}

TEST_CASE("the perceptron follows the rule from any couplings, at any rate") {
  Rng rng(3, 0, streams::initial_couplings);
  auto const xi = patterns(20, 41);
  MatrixXd J = sk_couplings(41, 1.0 / 41, rng);
  SymmetricPerceptron perceptron(xi, J, 0.9, 0.01);
  for (int step = 0; step < 40; ++step) {
    REQUIRE(perceptron.unsatisfied() == violated(xi, J, 0.9).sum());
    // Forty sums, each rounded at 1e-17; stabilities, of order 10, by sums of 41 terms.
    REQUIRE((perceptron.J() - J).cwiseAbs().maxCoeff() < 1e-14);
    auto const range = range_of(stabilities(xi, J));
    CHECK(std::abs(perceptron.range().min - range.min) < 1e-12);
    CHECK(std::abs(perceptron.range().av - range.av) < 1e-12);
    CHECK(std::abs(perceptron.range().max - range.max) < 1e-12);
    J = updated(xi, J, 0.9, 0.01);
    perceptron.step();
  }
}

TEST_CASE("a common factor of couplings and rate changes nothing but the scale") {
  auto const xi = patterns(20, 64);
  auto const J = hebbian_sums(xi);
  // 1/64 is a power of two: not even roundings differ.
  SymmetricPerceptron whole(xi, J, 1, 64), scaled(xi, J / 64, 1, 1);
  for (int step = 0; step < 1000 && !whole.converged(); ++step) {
    whole.step();
    scaled.step();
    REQUIRE(whole.unsatisfied() == scaled.unsatisfied());
    REQUIRE(whole.J() == 64 * scaled.J());
  }
  CHECK(whole.converged());
}

TEST_CASE("a rate that is a fraction makes the smallest integers, another one stays as it is") {
  auto const is = [](int N, double lambda, double r, double q) {
    IntegerRate const rate(N, lambda);
    return rate.r == r && rate.q == q;
  };
  CHECK(is(100, 1, 100, 1));
  CHECK(is(800, 0.01, 8, 1));
  CHECK(is(800, 0.0001, 2, 25));
  CHECK(is(100, 0.013, 13, 10));
  CHECK(is(7, 2.5, 35, 2));
  CHECK(is(16000, 1e6, 1.6e10, 1));
  CHECK(is(10, 1e-9, 1e-8, 1));
  CHECK(is(10, 0.0123456789, 10 * 0.0123456789, 1));
}

TEST_CASE("at k = 0 ties are ties at any decimal rate: the steps are those of integers") {
  // Fields 100 (Hebb's sums) + 13 (sum of updates) as integers of 64 bits, so that those of 0 are told from others. In
  // units of lambda = 0.013 itself roundings decide: 13 of these 40 samples then take another number of steps.
  int others = 0;
  for (std::uint32_t realization = 0; realization < 40; ++realization) {
    int const N = 100, P = 30;
    Rng rng(1, realization, streams::patterns);
    auto const xi = random_patterns(P, N, rng);
    auto const learnt = [&](double scale, double rate) {
      SymmetricPerceptron perceptron(xi, scale * hebbian_sums(xi), 0, rate);
      while (!perceptron.converged()) perceptron.step();
      return perceptron.steps();
    };
    using Integers = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;
    Integers const signs = xi.cast<std::int64_t>();
    Integers J = 10 * hebbian_sums(xi).cast<std::int64_t>();
    int steps = 0;
    for (;; ++steps) {
      Integers const violated = ((signs * J).cwiseProduct(signs).array() < 0).cast<std::int64_t>();
      if (violated.isZero()) break;
      Integers const half = violated.cwiseProduct(signs).transpose() * signs;
      J += 13 * (half + half.transpose());
      J.diagonal().setZero();
    }
    IntegerRate const rate(N, 0.013);
    CHECK(learnt(rate.q, rate.r) == steps);
    others += learnt(1, N * 0.013) != steps;
  }
  CHECK(others > 0);
}

TEST_CASE("a field of zero satisfies k = 0, and nothing moves any more") {
  // Two patterns on three neurons with fields 0 on the first one, which both patterns have alike.
  MatrixXd xi(2, 3), J(3, 3);
  xi << 1, 1, -1, 1, -1, 1;
  J << 0, 1, 1, 1, 0, 0, 1, 0, 0;
  CHECK(stabilities(xi, J).col(0).isZero(0));
  SymmetricPerceptron perceptron(xi, J, 0, 1);
  CHECK(perceptron.unsatisfied() == 2);  // on the others: each pattern has -1 on one of them
  MatrixXd const none = MatrixXd::Zero(3, 3);
  SymmetricPerceptron still(xi, none, 0, 1), moved(xi, none, 0.1, 1);
  CHECK(still.converged());
  still.step();
  CHECK(still.J() == none);
  CHECK(moved.unsatisfied() == 6);
}

TEST_CASE("sums of couplings beyond single precision stay exact") {
  // k is larger than any stability on three neurons, so every step adds Hebb's sums twice. In the end entries are odd
  // multiples of 2 beyond 2^25, where single precision knows multiples of 4 only.
  int const N = 3, P = (1 << 17) + 1, steps = 151;
  MatrixXd xi = MatrixXd::Ones(P, N);
  xi.bottomLeftCorner(5, 1).setConstant(-1);
  auto const J = hebbian_sums(xi);
  SymmetricPerceptron perceptron(xi, J, 4, 1);
  for (int step = 0; step < steps; ++step) {
    REQUIRE(perceptron.unsatisfied() == P * N);
    perceptron.step();
  }
  CHECK(perceptron.J().cwiseAbs().maxCoeff() > 0x1p25);
  CHECK(perceptron.J() == (1 + 2 * steps) * J);
  CHECK(perceptron.range().min == doctest::Approx(range_of(stabilities(xi, J)).min).scale(0).epsilon(1e-13));
}

TEST_CASE("the perceptron converges below the largest stability, and what it found holds in double precision") {
  // At N = 800 k = 1.32, 1.05 and 0.85 are reached; here, at a quarter of that, nine tenths of them.
  int const N = 200;
  for (auto const& [alpha, k] : {std::pair{0.3, 1.19}, {0.4, 0.95}, {0.5, 0.76}}) {
    CAPTURE(alpha);
    auto const xi = patterns(static_cast<int>(alpha * N), N);
    SymmetricPerceptron perceptron(xi, hebbian_sums(xi), k, N);
    for (int step = 0; step < 1000 && !perceptron.converged(); ++step) perceptron.step();
    REQUIRE(perceptron.converged());
    auto const J = perceptron.J();
    CHECK(J == J.transpose());
    CHECK(J.diagonal().isZero(0));
    // The fields are exact in either way; norms and quotients are rounded.
    CHECK(range_of(stabilities(xi, J)).min > k - 1e-12);
  }
}

TEST_CASE("no perceptron exceeds Gardner's stability by far") {
  int const N = 200;
  auto const xi = patterns(60, N);
  // That of symmetric couplings is 1.29, of all couplings 1.53, up to corrections of small networks.
  SymmetricPerceptron perceptron(xi, hebbian_sums(xi), 1.2 * gardner_k(0.3), N);
  for (int step = 0; step < 300; ++step) perceptron.step();
  CHECK(!perceptron.converged());
}

TEST_CASE("learning records the stabilities after steps, and the last ones from convergence on") {
  auto const xi = patterns(20, 64);
  SymmetricPerceptron const untrained(xi, hebbian_sums(xi), 0.9, 64);
  auto by_hand = untrained;
  while (!by_hand.converged()) by_hand.step();
  int const last = by_hand.steps();
  REQUIRE(last > 1);
  auto const learning = completed(PerceptronLearning(untrained, 1000, {0, 1, last - 1, 500, 1000}));
  auto const is = [&](Eigen::Index record) {
    return learning.delta_min()(record) == by_hand.range().min && learning.delta_av()(record) == by_hand.range().av &&
           learning.delta_max()(record) == by_hand.range().max;
  };
  CHECK(is(3));
  CHECK(is(4));
  CHECK(learning.perceptron().J() == by_hand.J());
  CHECK(learning.perceptron().steps() == last);
  by_hand = untrained;
  for (int step = 0; step < last; ++step) {
    if (step == 0) CHECK(is(0));
    if (step == 1) CHECK(is(1));
    if (step == last - 1) CHECK(is(2));
    by_hand.step();
  }
  CHECK(completed(PerceptronLearning(untrained, 1)).perceptron().steps() == 1);
  CHECK(completed(PerceptronLearning(untrained, 0)).perceptron().J() == untrained.J());
}

TEST_CASE("learning that is interrupted within steps has the same bits, in single and in double precision") {
  for (auto const& [N, P, lambda] : {std::tuple{65, 20, 65.}, {33, 12, 0.3}, {3, 200'000, 1.}}) {
    auto const xi = patterns(P, N);
    // k beyond what can be reached
    SymmetricPerceptron const untrained(xi, hebbian_sums(xi), 4, lambda);
    auto const make = [&] { return PerceptronLearning(untrained, 60, {0, 7, 35}); };
    auto const whole = completed(make());
    // a step in several pieces
    auto const parts = interrupted(make, N == 3 ? 0. : 7. * N * (P + 64), N == 3 ? 50 : 1);
    CHECK(parts.perceptron().J() == whole.perceptron().J());
    CHECK(parts.perceptron().unsatisfied() == whole.perceptron().unsatisfied());
    CHECK(parts.perceptron().range().av == whole.perceptron().range().av);
    CHECK((parts.delta_min() == whole.delta_min()).all());
    CHECK((parts.delta_av() == whole.delta_av()).all());
    CHECK((parts.delta_max() == whole.delta_max()).all());
    CHECK(parts.perceptron().steps() == whole.perceptron().steps());
  }
}

TEST_CASE("what is no network or no pattern is refused") {
  auto const xi = patterns(3, 4);
  MatrixXd const J = hebbian_sums(xi);
  auto const refused = [&](MatrixXd const& x, MatrixXd const& couplings, double k, double lambda) {
    CHECK_THROWS_AS(SymmetricPerceptron(x, couplings, k, lambda), std::domain_error);
  };
  MatrixXd with = xi;
  with(1, 2) = 0;
  refused(with, J, 1, 1);
  refused(patterns(3, 5), J, 1, 1);
  with = J;
  with(1, 2) += 1;
  refused(xi, with, 1, 1);
  with = J;
  with(1, 1) = 1;
  refused(xi, with, 1, 1);
  with = J;
  with(1, 2) = with(2, 1) = std::numeric_limits<double>::quiet_NaN();
  refused(xi, with, 1, 1);
  refused(xi, J, std::numeric_limits<double>::infinity(), 1);
  refused(xi, J, 1, 0);
}

}  // namespace hypnos::symmetric_perceptron_test

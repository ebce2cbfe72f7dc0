#include "hypnos/physics/dynamics/retrieval.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/plain_relaxation.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::retrieval_test {

using Eigen::MatrixXd;

namespace {

Rng const stream(4, 0, streams::retrieval);

MatrixXd patterns(int P, int N) {
  Rng rng(4, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// Integers from -2 to 2, of which sums often vanish; symmetric or not.
MatrixXd small_integers(int N, bool symmetric) {
  Rng rng(4, 0, streams::couplings);
  MatrixXd J(N, N);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) J(i, j) = symmetric && j < i ? J(j, i) : rng.below(5) - 2.0;
  return J;
}

Retrieval retrieved(MatrixXd const& J, MatrixXd const& xi, std::vector<double> const& m_0, int trials,
                    std::int64_t most_flips, Order order = Order::random_site) {
  return completed(Retrieval(J, SpinStates(xi), {m_0, trials, most_flips, order}, stream));
}

MatrixXd final_overlaps(MatrixXd const& J, MatrixXd const& xi, double m_0, int trials) {
  return retrieved(J, xi, {m_0}, trials, 1000).m_f(0);
}

// The definition of a trajectory. Returns its final overlap; counts it as unsettled if it needs more flips than
// allowed.
double trajectory(MatrixXd const& J, Eigen::VectorXd const& xi, int number, int flipped, int most_flips, Order order,
                  int& unsettled) {
  auto const N = static_cast<int>(xi.size());
  auto const first = static_cast<std::uint32_t>(2 * number);
  auto start = stream.substream(first), choices = stream.substream(first + 1);
  Eigen::VectorXd s = xi;
  std::vector<int> left(static_cast<std::size_t>(N));
  std::iota(left.begin(), left.end(), 0);
  for (int n = 0; n < flipped; ++n) {
    std::swap(left[static_cast<std::size_t>(n)],
              left[static_cast<std::size_t>(n) + start.below(static_cast<std::uint32_t>(N - n))]);
    s(left[static_cast<std::size_t>(n)]) *= -1;
  }
  auto const field = [&](Eigen::Index i) { return J.row(i).dot(s) - J(i, i) * s(i); };
  if (!plain_relaxation(s, field, order, choices, most_flips)) ++unsettled;
  return xi.dot(s) / N;
}

void compare(MatrixXd const& J, MatrixXd const& xi, double m_0, int trials, int most_flips) {
  auto const N = static_cast<int>(xi.cols()), P = static_cast<int>(xi.rows());
  for (auto const order : {Order::random_site, Order::sweep, Order::random_sweep}) {
    auto const retrieval = retrieved(J, xi, {m_0}, trials, most_flips, order);
    int unsettled = 0;
    for (int t = 0; t < trials; ++t)
      for (int mu = 0; mu < P; ++mu) {
        double const expected =
            trajectory(J, xi.row(mu), t * P + mu, flipped_neurons(N, m_0), most_flips, order, unsettled);
        CHECK(std::abs(retrieval.m_f(0)(mu, t) - expected) < 1e-15);  // integers over N, written in two ways
      }
    CHECK(retrieval.unsettled(0) == unsettled);
  }
}

}  // namespace

TEST_CASE("trajectories are those of the definition, spin by spin, however often fields vanish") {
  for (int const N : {1, 2, 5, 63, 64, 65, 130})
    for (double const m_0 : {1.0, 0.6, 0.0, -0.3, -1.0}) {
      CAPTURE(N);
      CAPTURE(m_0);
      compare(small_integers(N, true), patterns(3, N), m_0, 2, 100000);
    }
}

TEST_CASE("asymmetric couplings: cycles end at the largest number of flips, and are counted") {
  for (int const N : {2, 5, 64, 65}) {
    CAPTURE(N);
    for (int const most_flips : {0, 1, 50}) compare(small_integers(N, false), patterns(3, N), 0.4, 3, most_flips);
  }
  // s_1 follows s_2, which flees s_1: no state is stable, whatever the pattern.
  MatrixXd J(2, 2);
  J << 0, 1, -1, 0;
  CHECK(retrieved(J, patterns(5, 2), {1}, 4, 1000).unsettled(0) == 20);
}

TEST_CASE("couplings that are no integers make the same trajectories") {
  Rng rng(4, 1, streams::couplings);
  MatrixXd J(70, 70);
  for (double& coupling : J.reshaped()) coupling = rng.normal();
  J = (J + J.transpose()).eval();
  // Rounding moves fields by less than 1e-7 of their size; of some thousand fields in this test none is that small,
  // with a probability of 0.999, and the seed is fixed.
  for (double const scale : {1.0, 1e-300, 1e300}) compare(scale * J, patterns(2, 70), 0.3, 2, 100000);
}

TEST_CASE("without couplings nothing moves, and the start has the overlap asked for, to half a step of 2/N") {
  for (int const N : {1, 2, 63, 100, 101})
    for (double const m_0 : {1.0, 0.97, 0.5, 0.0, -0.31, -1.0}) {
      auto const m_f = retrieved(MatrixXd::Zero(N, N), patterns(4, N), {m_0}, 2, 0).m_f(0);
      CHECK((m_f.array() == 1 - 2.0 * flipped_neurons(N, m_0) / N).all());
      // Up to a rounding of 1e-9 by which halves may be missed.
      CHECK((m_f.array() - m_0).abs().maxCoeff() <= 1.0 / N + 1e-8);
    }
  CHECK(flipped_neurons(100, 0.97) == 2);
  CHECK(flipped_neurons(5, 0.0) == 3);
  CHECK(flipped_neurons(5, 1.0) == 0);
  CHECK(flipped_neurons(5, -1.0) == 5);
}

TEST_CASE("every neuron is flipped equally often") {
  // Spins 0 to 3 are coupled to a leader so strongly that they follow it, and nothing else happens: m_f says whether
  // the leader was flipped.
  int const N = 5, trials = 4000;
  for (int leader = 0; leader < N; ++leader) {
    MatrixXd J = MatrixXd::Zero(N, N);
    J.col(leader).setOnes();
    J.row(leader).setZero();
    MatrixXd const m_f = final_overlaps(J, MatrixXd::Ones(1, N), 0.6, trials);
    CHECK((m_f.array().abs() == 1).all());
    // One in five with an error of sqrt(0.16 / 4000): beyond six errors with a probability of 2e-9.
    double const flipped = (m_f.array() < 0).cast<double>().mean();
    CHECK(std::abs(flipped - 0.2) < 6 * std::sqrt(0.16 / trials));
  }
}

TEST_CASE("a single pattern in Hebb's couplings attracts all that is nearer to it than to its opposite") {
  for (int const N : {9, 100}) {
    auto const xi = patterns(1, N);
    CHECK((final_overlaps(hebbian_sums(xi), xi, 0.2, 20).array() == 1).all());
    CHECK((final_overlaps(hebbian_sums(xi), xi, -0.2, 20).array() == -1).all());
  }
}

TEST_CASE("more trials begin with the same ones") {
  auto const xi = patterns(6, 40);
  auto const J = hebbian_sums(xi);
  CHECK(final_overlaps(J, xi, 0.4, 9).leftCols(3) == final_overlaps(J, xi, 0.4, 3));
}

TEST_CASE("several starts at once, in any order, are the same starts one by one") {
  for (int const N : {1, 40, 65}) {
    auto const J = small_integers(N, false);
    auto const xi = patterns(4, N);
    std::vector<double> const m_0 = {0.5, 1, -0.7, 0.1, 0, 0.5, -1, -0.1};
    auto const together = retrieved(J, xi, m_0, 2, 20);
    REQUIRE(together.starts() == m_0.size());
    for (std::size_t k = 0; k < m_0.size(); ++k) {
      auto const alone = retrieved(J, xi, {m_0[k]}, 2, 20);
      CHECK(together.m_f(k) == alone.m_f(0));
      CHECK(together.unsettled(k) == alone.unsettled(0));
    }
  }
  CHECK(retrieved(small_integers(3, true), patterns(1, 3), {}, 2, 20).starts() == 0);
}

TEST_CASE("a retrieval that is interrupted anywhere, also within trajectories, ends in the same states") {
  auto const J = small_integers(65, false);
  SpinStates const states(patterns(4, 65));
  for (auto const order : {Order::random_site, Order::sweep, Order::random_sweep}) {
    auto const make = [&] { return Retrieval(J, states, {{0.5, 1, -0.7, 0.1}, 2, 40, order}, stream); };
    auto const whole = completed(make());
    // flips cost 4 N operations: a piece of 7 flips, and one of many trajectories
    for (double const operations : {7. * 4 * 65, 3e5}) {
      auto const parts = interrupted(make, operations, 1);
      for (std::size_t k = 0; k < 4; ++k) {
        CHECK(parts.m_f(k) == whole.m_f(k));
        CHECK(parts.unsettled(k) == whole.unsettled(k));
      }
    }
    CHECK(whole.unsettled(0) > 0);  // the limit is met across pieces
  }
}

TEST_CASE("final states of other dynamics have basins like patterns have") {
  auto const xi = patterns(12, 60);
  Relaxation const network(hebbian_sums(xi));
  auto const attractors = network.relax(SpinStates(xi), Order::sweep, stream).states;
  REQUIRE(!(attractors == SpinStates(xi)));
  auto const retrieval = completed(Retrieval(hebbian_sums(xi), attractors, {{1, 0.6}, 2}, stream));
  CHECK((retrieval.m_f(0).array() == 1).all());
  CHECK(retrieval.m_f(1).mean() > 0.6);
}

TEST_CASE("the diagonal of the couplings plays no part") {
  auto const xi = patterns(6, 40);
  auto J = hebbian_sums(xi);
  auto const without = final_overlaps(J, xi, 0.2, 3);
  J.diagonal().setConstant(6);
  CHECK(final_overlaps(J, xi, 0.2, 3) == without);
}

TEST_CASE("what is no network, no pattern or no overlap is refused") {
  auto const xi = patterns(3, 4);
  MatrixXd J = hebbian_sums(xi), with = xi;
  with(1, 2) = 0.5;
  auto const refused = [&](MatrixXd const& of, double m_0, int trials) {
    CHECK_THROWS_AS(retrieved(J, of, {m_0}, trials, 10), std::domain_error);
  };
  refused(with, 1, 1);
  refused(patterns(3, 5), 1, 1);
  refused(xi, 1.1, 1);
  refused(xi, std::numeric_limits<double>::quiet_NaN(), 1);
  refused(xi, 0, 1 << 18);
  refused(xi, 0, -1);
  J(0, 1) = std::numeric_limits<double>::infinity();
  refused(xi, 1, 1);
}

}  // namespace hypnos::retrieval_test

#include "hypnos/physics/dynamics/retrieval.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/states/patterns.hpp"

using namespace hypnos;
using Eigen::MatrixXd;

namespace {

Rng const stream(4, 0, streams::retrieval);

MatrixXd patterns(int P, int N) {
  Rng rng(4, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// Whole numbers from -2 to 2, of which sums often vanish; symmetric or not.
MatrixXd small_numbers(int N, bool symmetric) {
  Rng rng(4, 0, streams::couplings);
  MatrixXd J(N, N);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) J(i, j) = symmetric && j < i ? J(j, i) : rng.below(5) - 2.0;
  return J;
}

// The definition of a trajectory: all fields anew at every step, and unstable sites listed one by one. Returns its final overlap; counts it as unsettled if it needs more flips than allowed.
double trajectory(MatrixXd const& J, Eigen::VectorXd const& xi, int number, int turned, int most_flips,
                  int& unsettled) {
  auto const N = static_cast<int>(xi.size());
  auto const first = static_cast<std::uint32_t>(2 * number);
  auto start = stream.substream(first), choices = stream.substream(first + 1);
  Eigen::VectorXd s = xi;
  std::vector<int> left(static_cast<std::size_t>(N));
  std::iota(left.begin(), left.end(), 0);
  for (int n = 0; n < turned; ++n) {
    std::swap(left[static_cast<std::size_t>(n)],
              left[static_cast<std::size_t>(n) + start.below(static_cast<std::uint32_t>(N - n))]);
    s(left[static_cast<std::size_t>(n)]) *= -1;
  }
  for (int flips = 0;; ++flips) {
    std::vector<int> unstable;
    for (int i = 0; i < N; ++i) {
      double field = 0;
      for (int j = 0; j < N; ++j)
        if (j != i) field += J(i, j) * s(j);
      if (s(i) * field < 0) unstable.push_back(i);
    }
    if (unstable.empty()) break;
    if (flips == most_flips) {
      ++unsettled;
      break;
    }
    s(unstable[choices.below(static_cast<std::uint32_t>(unstable.size()))]) *= -1;
  }
  return xi.dot(s) / N;
}

void compare(MatrixXd const& J, MatrixXd const& xi, double m_0, int trials, int most_flips) {
  auto const N = static_cast<int>(xi.cols()), P = static_cast<int>(xi.rows());
  auto const ends = Retrieval(J, xi).ends(m_0, trials, stream, most_flips);
  int unsettled = 0;
  for (int t = 0; t < trials; ++t)
    for (int mu = 0; mu < P; ++mu)
      // Whole numbers over N, spelt in two ways.
      CHECK(std::abs(ends.m_f(mu, t) -
                     trajectory(J, xi.row(mu), t * P + mu, turned_neurons(N, m_0), most_flips, unsettled)) < 1e-15);
  CHECK(ends.unsettled == unsettled);
}

}  // namespace

TEST_CASE("trajectories are those of the definition, spin by spin, however often fields vanish") {
  for (int const N : {1, 2, 5, 63, 64, 65, 130})
    for (double const m_0 : {1.0, 0.6, 0.0, -0.3, -1.0}) {
      CAPTURE(N);
      CAPTURE(m_0);
      compare(small_numbers(N, true), patterns(3, N), m_0, 2, 100000);
    }
}

TEST_CASE("asymmetric couplings: cycles end at the largest number of flips, and are counted") {
  for (int const N : {2, 5, 64, 65}) {
    CAPTURE(N);
    for (int const most_flips : {0, 1, 50}) compare(small_numbers(N, false), patterns(3, N), 0.4, 3, most_flips);
  }
  // s_1 follows s_2, which flees s_1: no state is stable, whatever the pattern.
  MatrixXd J(2, 2);
  J << 0, 1, -1, 0;
  CHECK(Retrieval(J, patterns(5, 2)).ends(1, 4, stream, 1000).unsettled == 20);
}

TEST_CASE("couplings that are no whole numbers make the same trajectories") {
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
      auto const m_f = Retrieval(MatrixXd::Zero(N, N), patterns(4, N)).ends(m_0, 2, stream, 0).m_f;
      CHECK((m_f.array() == 1 - 2.0 * turned_neurons(N, m_0) / N).all());
      // Up to a rounding of 1e-9 by which halves may be missed.
      CHECK((m_f.array() - m_0).abs().maxCoeff() <= 1.0 / N + 1e-8);
    }
  CHECK(turned_neurons(100, 0.97) == 2);
  CHECK(turned_neurons(5, 0.0) == 3);
  CHECK(turned_neurons(5, 1.0) == 0);
  CHECK(turned_neurons(5, -1.0) == 5);
}

TEST_CASE("every neuron is turned around equally often") {
  // Spins 0 to 3 are coupled to a leader so strongly that they follow it, and nothing else happens: m_f says whether
  // the leader was turned around.
  int const N = 5, trials = 4000;
  for (int leader = 0; leader < N; ++leader) {
    MatrixXd J = MatrixXd::Zero(N, N);
    J.col(leader).setOnes();
    J.row(leader).setZero();
    auto const m_f = Retrieval(J, MatrixXd::Ones(1, N)).ends(0.6, trials, stream, 1000).m_f;
    CHECK((m_f.array().abs() == 1).all());
    // One in five with an error of sqrt(0.16 / 4000): beyond six errors with a probability of 2e-9.
    double const turned = (m_f.array() < 0).cast<double>().mean();
    CHECK(std::abs(turned - 0.2) < 6 * std::sqrt(0.16 / trials));
  }
}

TEST_CASE("a single pattern in Hebb's couplings attracts all that is nearer to it than to its opposite") {
  for (int const N : {9, 100}) {
    auto const xi = patterns(1, N);
    Retrieval const network(hebbian_sums(xi), xi);
    CHECK((network.ends(0.2, 20, stream, 1000).m_f.array() == 1).all());
    CHECK((network.ends(-0.2, 20, stream, 1000).m_f.array() == -1).all());
  }
}

TEST_CASE("more trials begin with the same ones") {
  auto const xi = patterns(6, 40);
  Retrieval const network(hebbian_sums(xi), xi);
  CHECK(network.ends(0.4, 9, stream, 1000).m_f.leftCols(3) == network.ends(0.4, 3, stream, 1000).m_f);
}

TEST_CASE("several starts at once, in any order, are the same starts one by one") {
  for (int const N : {1, 40, 65}) {
    Retrieval const network(small_numbers(N, false), patterns(4, N));
    std::vector<double> const m_0 = {0.5, 1, -0.7, 0.1, 0, 0.5, -1, -0.1};
    auto const together = network.ends(m_0, 2, stream, 20);
    REQUIRE(together.size() == m_0.size());
    for (std::size_t k = 0; k < m_0.size(); ++k) {
      auto const alone = network.ends(m_0[k], 2, stream, 20);
      CHECK(together[k].m_f == alone.m_f);
      CHECK(together[k].unsettled == alone.unsettled);
    }
  }
  CHECK(Retrieval(small_numbers(3, true), patterns(1, 3)).ends(std::vector<double>{}, 2, stream, 20).empty());
}

TEST_CASE("the diagonal of the couplings plays no part") {
  auto const xi = patterns(6, 40);
  auto J = hebbian_sums(xi);
  auto const without = Retrieval(J, xi).ends(0.2, 3, stream, 1000).m_f;
  J.diagonal().setConstant(6);
  CHECK(Retrieval(J, xi).ends(0.2, 3, stream, 1000).m_f == without);
}

TEST_CASE("what is no network, no pattern or no overlap is refused") {
  auto const xi = patterns(3, 4);
  MatrixXd J = hebbian_sums(xi), with = xi;
  with(1, 2) = 0.5;
  CHECK_THROWS_AS(Retrieval(J, with), std::domain_error);
  CHECK_THROWS_AS(Retrieval(J, patterns(3, 5)), std::domain_error);
  Retrieval const network(J, xi);
  CHECK_THROWS_AS(network.ends(1.1, 1, stream, 1000), std::domain_error);
  CHECK_THROWS_AS(network.ends(std::numeric_limits<double>::quiet_NaN(), 1, stream, 1000), std::domain_error);
  CHECK_THROWS_AS(network.ends(0, 1 << 18, stream, 1000), std::domain_error);
  J(0, 1) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(Retrieval(J, xi), std::domain_error);
  J(0, 1) = J(0, 2) = std::numeric_limits<double>::max();
  CHECK_THROWS_AS(Retrieval(J, xi), std::domain_error);
}

#include "hypnos/physics/dynamics/local_minima.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "../stages.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/dynamics/plain_local_minima.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/physics/theory/sk_minima.hpp"

namespace hypnos::local_minima_test {

using Eigen::MatrixXd;
using Eigen::MatrixXi;
using Eigen::VectorXd;

namespace {

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

MatrixXd gaussian(int N, std::uint32_t sample) {
  Rng rng(1, sample, streams::couplings);
  return sk_couplings(N, 1. / N, rng);
}

MatrixXd hebb(int P, int N, std::uint32_t sample) {
  Rng rng(1, sample, streams::patterns);
  return hebbian_sums(random_patterns(P, N, rng));
}

// Integers from -2 to 2, of which sums often vanish; symmetric or not. The diagonal is filled.
MatrixXd small_integers(int N, bool symmetric, std::uint32_t sample) {
  Rng rng(2, sample, streams::couplings);
  MatrixXd J(N, N);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) J(i, j) = symmetric && j < i ? J(j, i) : rng.below(5) - 2.0;
  return J;
}

LocalMinima searched(MatrixXd const& J, bool strict, std::int64_t most = no_limit) {
  return completed(LocalMinima(J, strict, most));
}

// The words of all states, in ascending order.
std::vector<std::vector<std::uint64_t>> words(SpinStates const& states) {
  std::vector<std::vector<std::uint64_t>> all;
  for (Eigen::Index k = 0; k < states.count(); ++k)
    all.emplace_back(states[k].words().begin(), states[k].words().end());
  std::ranges::sort(all);
  return all;
}

void check_all(MatrixXd const& J, SpinStates const& expected, bool strict) {
  CAPTURE(strict);
  auto const search = searched(J, strict);
  auto const minima = search.minima();
  CHECK(words(minima) == words(expected));
  CHECK(search.examined() >= 1);
  CHECK(search.fraction() == 1);
  auto const E = energies(J, minima);
  CHECK(std::is_sorted(E.begin(), E.end()));
}

// Every item by another member of a team, from the last to the first.
std::vector<std::vector<double>> backwards(int count, MakeItem const& make) {
  std::vector<std::vector<double>> items;
  for (int k = count - 1; k >= 0; --k) items.insert(items.begin(), make(k));
  return items;
}

}  // namespace

TEST_CASE("local minima are those of all states, with ties and without, strict and not") {
  for (int const N : {1, 2, 3, 4, 5, 7, 8, 9, 11, 13})
    for (std::uint32_t sample = 0; sample < 8; ++sample) {
      CAPTURE(N);
      CAPTURE(sample);
      int const P = 1 + static_cast<int>(sample) % 4;
      for (bool const strict : {true, false}) {
        for (auto const& J : {hebb(P, N, sample), small_integers(N, true, sample), small_integers(N, false, sample)})
          check_all(J, plain_local_minima(MatrixXi(J.cast<int>()), strict), strict);
        auto const J = gaussian(N, sample);
        check_all(J, plain_local_minima(J, strict), strict);
      }
    }
}

TEST_CASE("without couplings all states are stable, and none strictly") {
  for (int const N : {1, 2, 6}) {
    CHECK(searched(MatrixXd::Zero(N, N), false).minima().count() == 1 << N);
    CHECK(searched(MatrixXd::Zero(N, N), true).minima().count() == 0);
  }
  // a single pattern and a neuron without couplings
  MatrixXd J = MatrixXd::Ones(9, 9);
  J.row(4).setZero();
  J.col(4).setZero();
  CHECK(searched(J, false).minima().count() == 4);
  CHECK(searched(J, true).minima().count() == 0);
}

TEST_CASE("the scale and the diagonal of the couplings play no part") {
  auto const J = hebb(4, 15, 3);
  auto const expected = searched(J, false).minima();
  for (double const scale : {0x1p-990, 0x1p-20, 3., 0x1p960}) CHECK(searched(scale * J, false).minima() == expected);
  MatrixXd filled = J;
  filled.diagonal().setConstant(7);
  CHECK(searched(filled, false).minima() == expected);
}

TEST_CASE("signs of fields are exact where double precision loses them") {
  // Couplings of two scales: where the large ones cancel, the small ones decide, or cancel too.
  using Exact = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;  // of 64 bits
  for (bool const strict : {true, false}) {
    int differing = 0;
    for (std::uint32_t sample = 0; sample < 40; ++sample) {
      CAPTURE(sample);
      MatrixXd J = small_integers(9, true, sample);
      for (int i = 0; i < 9; ++i)
        for (int j = 0; j < 9; ++j)
          if ((i + j) % 3 == 0) J(i, j) *= 0x1p-58;
      auto const expected = plain_local_minima(Exact(J.cast<long double>()), strict);
      check_all(J, expected, strict);
      differing += words(plain_local_minima(J, strict)) != words(expected) ? 1 : 0;
    }
    CHECK(differing > 0);  // otherwise no field was lost
  }
}

TEST_CASE("a search in pieces, interrupted or shared by a team, finds the same in the same order") {
  for (auto const& J : {gaussian(22, 1), hebb(8, 27, 2)}) {
    auto const make = [&] { return LocalMinima(J, false, no_limit); };
    auto const whole = completed(make());
    for (double const operations : {1., 1e6}) {
      auto const parts = interrupted(make, operations, 2);
      CHECK(parts.minima() == whole.minima());
      CHECK(parts.examined() == whole.examined());
    }
    auto const shared = completed(LocalMinima(J, false, no_limit, backwards));
    CHECK(shared.minima() == whole.minima());
    CHECK(shared.examined() == whole.examined());
  }
}

TEST_CASE("patterns of a low load are minima, with their energies") {
  constexpr int N = 40;
  Rng rng(5, 0, streams::patterns);
  auto const xi = random_patterns(2, N, rng);
  auto const minima = searched(hebbian_sums(xi), true).minima();
  auto const found = words(minima);
  for (auto const& state : words(SpinStates(xi))) CHECK(std::ranges::count(found, state) == 1);
  CHECK(minima.count() % 2 == 0);
  auto const E = energies(hebbian_sums(xi), SpinStates(xi));
  MatrixXd const J = hebbian_sums(xi);
  for (int mu = 0; mu < 2; ++mu)
    CHECK(E(mu) == -0.5 * xi.row(mu).dot((J - MatrixXd(J.diagonal().asDiagonal())) * xi.row(mu).transpose()));
}

TEST_CASE("the mean number of minima of Gaussian couplings is the exact one") {
  for (int const N : {10, 16}) {
    int const samples = N == 10 ? 2000 : 1000;
    double sum = 0, squares = 0;
    for (std::uint32_t sample = 0; sample < static_cast<std::uint32_t>(samples); ++sample) {
      auto const count = static_cast<double>(searched(gaussian(N, sample), true).minima().count());
      sum += count;
      squares += count * count;
    }
    double const mean = sum / samples, error = std::sqrt((squares / samples - mean * mean) / (samples - 1));
    CAPTURE(N);
    // 5.2 standard errors: two false alarms of 2e-7 each
    CHECK(std::abs(mean - std::exp(log_mean_sk_minima(N))) < 5.2 * error);
    CHECK(error < 0.03 * mean);
  }
}

TEST_CASE("a limit of the number is said with what was found") {
  auto const J = gaussian(24, 4);
  auto const count = searched(J, true).minima().count();
  CHECK(searched(J, true, count).minima().count() == count);
  LocalMinima limited(J, true, count - 1);
  std::string message;
  try {
    while (!limited.done()) limited.advance(1);
  } catch (std::length_error const& error) {
    message = error.what();
  }
  CHECK(message.starts_with("there are more than " + std::to_string(count - 1) + " local minima: "));
  CHECK(!limited.done());
}

TEST_CASE("couplings that are no finite square matrix are refused") {
  CHECK_THROWS_AS(LocalMinima(MatrixXd::Zero(2, 3), true, 9), std::domain_error);
  CHECK_THROWS_AS(LocalMinima(MatrixXd::Zero(0, 0), true, 9), std::domain_error);
  CHECK_THROWS_AS(LocalMinima(MatrixXd::Zero(129, 129), true, 9), std::domain_error);
  for (double const x : {std::nan(""), std::numeric_limits<double>::infinity(), 1e308})
    CHECK_THROWS_AS(LocalMinima(MatrixXd::Constant(3, 3, x), true, 9), std::domain_error);
}

}  // namespace hypnos::local_minima_test

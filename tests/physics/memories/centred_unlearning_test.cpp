#include "hypnos/physics/memories/centred_unlearning.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/plain_relaxation.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::centred_unlearning_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Order all_orders[] = {Order::random_site, Order::sweep, Order::random_sweep};

Rng stream() { return {9, 2, streams::dreams}; }

// Patterns of mean b.
MatrixXd patterns(int P, int N, double b) {
  Rng rng(9, 0, streams::patterns);
  return MatrixXd::NullaryExpr(P, N, [&] { return rng.uniform() < (1 + b) / 2 ? 1 : -1; });
}

// sum_{j != i} J_ij (s_j - b)
double field(MatrixXd const& J, VectorXd const& s, double b, Index i) {
  double sum = 0;
  for (Index j = 0; j < s.size(); ++j)
    if (j != i) sum += J(i, j) * (s(j) - b);
  return sum;
}

MatrixXd hebb(MatrixXd const& xi, double b) {
  auto const N = xi.cols();
  MatrixXd J = MatrixXd::Zero(N, N);
  for (Index i = 0; i < N; ++i)
    for (Index j = 0; j < N; ++j)
      for (Index mu = 0; mu < xi.rows(); ++mu)
        if (i != j) J(i, j) += (xi(mu, i) - b) * (xi(mu, j) - b) / static_cast<double>(N);
  return J;
}

bool stable(MatrixXd const& J, MatrixXd const& xi, double b) {
  for (Index mu = 0; mu < xi.rows(); ++mu)
    for (Index i = 0; i < xi.cols(); ++i)
      if (!(xi(mu, i) * field(J, xi.row(mu), b, i) > 0)) return false;
  return true;
}

// Dream d in couplings J, and J after it.
VectorXd plain_centred_dream(MatrixXd& J, double b, double lambda, Order order, int d) {
  Rng numbers = numbers_of_dream(stream(), d);
  VectorXd s(J.cols());
  for (double& spin : s) spin = numbers.uniform() < (1 + b) / 2 ? 1 : -1;
  plain_relaxation(
      s, [&](Index i) { return field(J, s, b, i); }, order, numbers, Relaxation::no_limit);
  for (Index i = 0; i < s.size(); ++i)
    for (Index j = 0; j < s.size(); ++j)
      if (i != j) J(i, j) -= lambda / static_cast<double>(s.size()) * (s(i) - b) * (s(j) - b);
  return s;
}

}  // namespace

TEST_CASE("centred unlearning is that of a plain definition, dream by dream") {
  constexpr Fraction lambda{3, 100};
  for (auto const order : all_orders)
    for (double const b : {-0.5, 0.0, 0.3}) {
      CAPTURE(b);
      auto const xi = patterns(4, 33, b);
      auto J = hebb(xi, b);
      std::int64_t first = stable(J, xi, b) ? 0 : -1;
      for (int d = 0; d < 25; ++d) {
        auto const network = completed(CentredUnlearning(xi, b, lambda, order, {d, false}, stream()));
        CHECK(network.dreams() == d);
        CHECK((network.J() - J).cwiseAbs().maxCoeff() < 1e-13);
        bool const symmetric = network.C() == network.C().transpose();
        CHECK(symmetric);
        CHECK(network.C().diagonal().isZero(0));
        CHECK(network.dreams_in().value_or(-1) == first);
        plain_centred_dream(J, b, 0.03, order, d);
        if (first < 0 && stable(J, xi, b)) first = d + 1;
      }
    }
}

TEST_CASE("without a mean couplings are the integers of Hebbian unlearning") {
  // dreams of a network of which the integers of all dreams are known
  auto const xi = patterns(6, 40, 0);
  auto const network = completed(CentredUnlearning(xi, 0, {1, 10}, Order::random_site, {40, false}, stream()));
  Eigen::MatrixXi C = 10 * (xi.transpose() * xi).cast<int>();
  C.diagonal().setZero();
  for (int d = 0; d < 40; ++d) {
    Rng numbers = numbers_of_dream(stream(), d);
    Eigen::VectorXi s(40);
    for (int& spin : s) spin = numbers.uniform() < 0.5 ? 1 : -1;
    plain_relaxation(
        s, [&](Index i) { return C.row(i).dot(s); }, Order::random_site, numbers, Relaxation::no_limit);
    C = unlearnt(C, 1, s);
  }
  CHECK(network.C() == C.cast<double>());
}

TEST_CASE("unlearning ends when all patterns are stable, or after all dreams") {
  constexpr double b = -0.4;
  constexpr Fraction lambda{1, 100};
  // 12 patterns in 60 neurons are not stable at first
  auto const xi = patterns(12, 60, b);
  auto const run = completed(CentredUnlearning(xi, b, lambda, Order::random_site, {20'000, true}, stream()));
  REQUIRE(run.dreams_in().has_value());
  auto const first = *run.dreams_in();
  CHECK(first > 10);
  CHECK(run.dreams() == first);
  CHECK(stable(run.J(), xi, b));
  auto const before = completed(CentredUnlearning(xi, b, lambda, Order::random_site, {first - 1, true}, stream()));
  CHECK_FALSE(before.dreams_in().has_value());
  CHECK_FALSE(stable(before.J(), xi, b));
  auto const on = completed(CentredUnlearning(xi, b, lambda, Order::random_site, {first + 50, false}, stream()));
  CHECK(on.dreams_in() == first);
  CHECK(on.dreams() == first + 50);
  // one pattern is stable from the beginning
  auto const one = completed(CentredUnlearning(patterns(1, 60, b), b, lambda, Order::sweep, {100, true}, stream()));
  CHECK(one.dreams_in() == 0);
  CHECK(one.dreams() == 0);
}

TEST_CASE("centred unlearning that is interrupted has the same bits") {
  auto const xi = patterns(20, 50, -0.3);
  for (auto const order : all_orders) {
    auto const make = [&] { return CentredUnlearning(xi, -0.3, {1, 50}, order, {60, false}, stream()); };
    auto const whole = completed(make()), parts = interrupted(make, 0, 7);
    CHECK(whole.C() == parts.C());
    CHECK(whole.dreams_in() == parts.dreams_in());
  }
}

TEST_CASE("unlearning refuses what has no mean between -1 and +1") {
  auto const unlearning = [](MatrixXd const& xi, double b) {
    return CentredUnlearning(xi, b, {1, 10}, Order::sweep, {1, false}, stream());
  };
  CHECK_THROWS_AS(unlearning(MatrixXd::Ones(1, 4), 1), std::domain_error);
  CHECK_THROWS_AS(unlearning(MatrixXd::Ones(1, 4), std::nan("")), std::domain_error);
  CHECK_THROWS_AS(unlearning(MatrixXd::Zero(1, 4), 0), std::domain_error);
  CHECK_THROWS_AS(unlearning(MatrixXd::Ones(0, 4), 0), std::domain_error);
}

}  // namespace hypnos::centred_unlearning_test

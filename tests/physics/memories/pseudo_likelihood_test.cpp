#include "hypnos/physics/memories/pseudo_likelihood.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::pseudo_likelihood_test {

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd patterns(int P, int N) {
  Rng rng(5, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// The definition: -sum_mu ln P(s_i = xi_i^mu | the others).
double loss(MatrixXd const& xi, MatrixXd const& J, int i) {
  double sum = 0;
  for (int mu = 0; mu < xi.rows(); ++mu) {
    double field = 0;
    for (int j = 0; j < xi.cols(); ++j)
      if (j != i) field += J(i, j) * xi(mu, j);
    sum += std::log1p(std::exp(-2 * xi(mu, i) * field));
  }
  return sum;
}

}  // namespace

TEST_CASE("the loss of every row is the least that a row of this length has") {
  // at 2.4 patterns a neuron some rows cannot store all of them, and are shorter than Lambda = 5
  for (auto const& [P, N, Lambda] :
       {std::tuple{1, 2, 1.0}, {3, 5, 0.5}, {20, 33, 1.0}, {32, 64, 3.0}, {70, 65, 2.0}, {72, 30, 5.0}}) {
    CAPTURE(N);
    auto const xi = patterns(P, N);
    auto const found = pseudo_likelihood(xi, Lambda, 1e-9, 100'000);
    bool shorter = false;
    for (int i = 0; i < N; ++i) {
      double const least = loss(xi, found.J, i);
      CHECK(found.J(i, i) == 0);
      CHECK(found.log_loss(i) == doctest::Approx(std::log(least)).epsilon(1e-10));  // sums of P N roundings
      CHECK(found.gap(i) <= 1e-9);
      CHECK(found.J.row(i).norm() <= Lambda * (1 + 1e-12));
      shorter = shorter || found.J.row(i).norm() < 0.99 * Lambda;
    }
    CHECK(shorter == (P == 72));
    // No row within the length is better by more than the gap: those nearby in random directions are worse.
    Rng rng(5, 1, streams::couplings);
    for (int trial = 0; trial < 20; ++trial) {
      MatrixXd near =
          found.J + 0.03 * Lambda / std::sqrt(N) * MatrixXd::NullaryExpr(N, N, [&] { return rng.normal(); });
      near.diagonal().setZero();
      for (int i = 0; i < N; ++i) {
        near.row(i) *= std::min(1.0, Lambda / near.row(i).norm());
        CHECK(loss(xi, near, i) >= loss(xi, found.J, i) * (1 - 1e-9));
      }
    }
  }
}

TEST_CASE("short rows are Hebb's, and long ones the support vector machine's") {
  auto const xi = patterns(40, 100);
  MatrixXd const hebb = hebbian_sums(xi);
  // w = Lambda v / |v|, v = sum_mu (1 - tanh(Lambda Delta)) xi_i xi: off Hebb's direction by less than Lambda times the
  // largest stability, about 6
  double const Lambda = 1e-6;
  auto const weak = pseudo_likelihood(xi, Lambda, 1e-12, 1000);
  for (int i = 0; i < 100; ++i) CHECK((weak.J.row(i) / Lambda - hebb.row(i) / hebb.row(i).norm()).norm() < 10 * Lambda);
  // 1 / 2 ln L_i lies between -Lambda margin and -Lambda margin + 1 / 2 ln P, so the margin is within ln P / (2 Lambda)
  // of the largest
  auto const machine = support_vector_machine(xi, 1e-6, 100'000);
  for (double const strong : {100., 1000.}) {
    auto const found = pseudo_likelihood(xi, strong, 1e-6, 100'000);
    Eigen::ArrayXd const margin = stabilities(xi, found.J).colwise().minCoeff().transpose();
    CHECK((margin <= machine.bound + 1e-12).all());
    CHECK((margin >= machine.margin - std::log(40) / (2 * strong) - 1e-5).all());
    CHECK(margin.mean() > 0.99 * machine.margin.mean());
    CHECK((found.log_loss > -2 * strong * machine.bound - 1e-9).all());
  }
}

TEST_CASE("a neuron whose patterns contradict each other keeps no couplings") {
  MatrixXd xi(2, 3);  // the same but for neuron 0
  xi << 1, 1, -1, -1, 1, -1;
  auto const found = pseudo_likelihood(xi, 10, 1e-6, 100);
  CHECK(found.J.row(0).isZero(0));
  CHECK(found.log_loss(0) == doctest::Approx(std::log(2 * std::log(2))));
  CHECK(found.J.row(1).norm() == doctest::Approx(10));
}

TEST_CASE("learning by pseudo-likelihood in parts of iterations, interrupted, has the same bits") {
  for (int const most : {35, 2000}) {  // an end in the middle, with rows that are not ready
    auto const xi = patterns(90, 150);
    auto const make = [&] { return PseudoLikelihoodLearning(xi, 20, 1e-5, most); };
    auto const whole = completed(make()).found();
    auto const parts = interrupted(make, 0, 1).found();  // 64 rows a piece
    CHECK(parts.J == whole.J);
    CHECK((parts.log_loss == whole.log_loss).all());
    CHECK((parts.gap == whole.gap).all());
    CHECK(parts.iterations == whole.iterations);
    CHECK((whole.gap.maxCoeff() <= 1e-5) == (most == 2000));
  }
}

TEST_CASE("pseudo-likelihood refuses what it cannot learn") {
  CHECK_THROWS_AS(pseudo_likelihood(MatrixXd::Zero(2, 5), 1, 1e-3, 10), std::domain_error);
  CHECK_THROWS_AS(pseudo_likelihood(MatrixXd::Ones(0, 5), 1, 1e-3, 10), std::domain_error);
  CHECK_THROWS_AS(pseudo_likelihood(MatrixXd::Ones(2, 1), 1, 1e-3, 10), std::domain_error);
  CHECK_THROWS_AS(pseudo_likelihood(MatrixXd::Ones(2, 5), 0, 1e-3, 10), std::domain_error);
  CHECK_THROWS_AS(pseudo_likelihood(MatrixXd::Ones(2, 5), 1, 0, 10), std::domain_error);
}

}  // namespace hypnos::pseudo_likelihood_test

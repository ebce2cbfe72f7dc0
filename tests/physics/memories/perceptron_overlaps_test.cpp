#include "hypnos/physics/memories/perceptron_overlaps.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::perceptron_overlaps_test {

using Eigen::MatrixXd;

namespace {

MatrixXd signs(int rows, int N, Stream stream) {
  Rng rng(3, 0, stream);
  return random_patterns(rows, N, rng);
}

}  // namespace

TEST_CASE("perceptron overlaps are the products of eta* and eta, term by term") {
  for (int const N : {1, 2, 63, 64, 65, 130})
    for (int const count : {1, 3, 20}) {
      auto const xi = signs(5, N, streams::patterns), states = signs(count, N, streams::glassy_states);
      auto const omega = perceptron_overlaps(xi, SpinStates(states));
      for (int mu = 0; mu < 5; ++mu)
        for (int i = 0; i < N; ++i) {
          double sum = 0;
          for (int k = 0; k < count; ++k)
            for (int j = 0; j < N; ++j) sum += states(k, i) * states(k, j) * xi(mu, i) * xi(mu, j);
          CHECK(omega(mu, i) == sum / (N * count));  // integers and one division
        }
    }
}

TEST_CASE("states that are added in parts count alike") {
  auto const xi = signs(5, 65, streams::patterns), states = signs(300, 65, streams::glassy_states);
  SpinStates const packed(states);
  PerceptronOverlapSum sum;
  for (auto const& [first, count] : {std::pair{0, 1}, {1, 280}, {281, 19}}) sum.add(xi, packed.part(first, count));
  CHECK(sum.states() == 300);
  CHECK(sum.overlaps(xi) == perceptron_overlaps(xi, packed));
}

TEST_CASE("a state that is a pattern overlaps by 1 with it on every neuron, whatever its sign") {
  auto const xi = signs(4, 70, streams::patterns);
  MatrixXd states(2, 70);
  states << xi.row(2), -xi.row(2);
  CHECK((perceptron_overlaps(xi, SpinStates(states)).row(2).array() == 1).all());
}

TEST_CASE("overlaps of a pattern are on average the squares of its overlaps with the states: never negative") {
  auto const xi = signs(6, 77, streams::patterns), states = signs(9, 77, streams::glassy_states);
  auto const omega = perceptron_overlaps(xi, SpinStates(states));
  for (int mu = 0; mu < 6; ++mu) {
    double const square = (states * xi.row(mu).transpose() / 77).squaredNorm() / 9;
    CHECK(omega.row(mu).mean() == doctest::Approx(square).epsilon(1e-13));  // sums of 77 roundings
  }
}

TEST_CASE("means are taken over satisfied, violated and least satisfied constraints") {
  MatrixXd delta(2, 3), omega(2, 3);
  delta << 0.5, -1, 0.25, -0.5, 0.25, 2;
  omega << 1, 10, 100, 1000, 200, 2;
  auto const means = means_by_stability(omega, delta);
  CHECK(means.sat == (1 + 100 + 200 + 2) / 4.);
  CHECK(means.unsat == (10 + 1000) / 2.);
  CHECK(means.min == (100 + 200) / 2.);
  CHECK(means.min_neuron == (1 + 200 + 100) / 3.);  // 0.5 of the first neuron, 0.25 of the second and of the third
}

TEST_CASE("a stability of zero is satisfied, and a kind that does not occur has no mean") {
  MatrixXd delta(1, 2), omega(1, 2);
  omega << 3, 5;
  delta << 0, 1;
  auto const satisfied = means_by_stability(omega, delta);
  CHECK(satisfied.sat == 4);
  CHECK(satisfied.min == 3);
  CHECK(satisfied.min_neuron == 4);
  CHECK(std::isnan(satisfied.unsat));
  delta << -2, -1;
  auto const violated = means_by_stability(omega, delta);
  CHECK(violated.unsat == 4);
  CHECK(std::isnan(violated.sat));
  CHECK(std::isnan(violated.min));
  CHECK(std::isnan(violated.min_neuron));
}

TEST_CASE(
    "of every neuron its least stable satisfied constraint: ties count together, neurons without any are left out") {
  MatrixXd delta(3, 3), omega(3, 3);
  delta << 1, -1, 0, 1, -2, 0.5, 3, -3, -0.5;
  omega << 10, 1, 7, 20, 2, 8, 30, 3, 9;
  CHECK(means_by_stability(omega, delta).min_neuron == (15 + 7) / 2.);
  // plainly, of random numbers
  Rng rng(3, 1, streams::patterns);
  delta = MatrixXd::NullaryExpr(7, 40, [&] { return rng.normal() + 0.5; });
  omega = MatrixXd::NullaryExpr(7, 40, [&] { return rng.normal(); });
  double sum = 0;
  int neurons = 0;
  for (int i = 0; i < 40; ++i) {
    int least = -1;
    for (int mu = 0; mu < 7; ++mu)
      if (delta(mu, i) >= 0 && (least < 0 || delta(mu, i) < delta(least, i))) least = mu;
    if (least < 0) continue;
    sum += omega(least, i);
    ++neurons;
  }
  CHECK(means_by_stability(omega, delta).min_neuron == doctest::Approx(sum / neurons).epsilon(1e-13));  // 40 roundings
}

}  // namespace hypnos::perceptron_overlaps_test

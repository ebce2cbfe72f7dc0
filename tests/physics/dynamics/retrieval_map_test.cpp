#include "hypnos/physics/dynamics/retrieval_map.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::retrieval_map_test {

using Eigen::ArrayXd;
using Eigen::MatrixXd;

TEST_CASE("few patterns are retrieved from a large distance, and none from the opposite side") {
  Rng patterns(1, 0, streams::patterns);
  auto const xi = random_patterns(2, 201, patterns);
  Rng const stream(1, 0, streams::retrieval);
  std::vector<double> const m_0 = {-0.9, 0.5, 0.8, 1};
  auto const map = retrieval_map(hebbian_sums(xi), xi, m_0, 3, 0, stream);
  // Two patterns mix only if both overlaps are large: the other is 0 on average, its spread 1/sqrt(N) = 0.07.
  CHECK((map.m_f.tail(3) == 1).all());
  CHECK((map.reconstructed.tail(3) == 1).all());
  CHECK(map.m_f(0) == -1);
  CHECK(map.reconstructed(0) == 0);
}

TEST_CASE("a map is the mean over trajectories, and counts those that end near enough") {
  Rng patterns(2, 0, streams::patterns);
  auto const xi = random_patterns(13, 50, patterns);
  Rng const stream(1, 0, streams::retrieval);
  auto const J = hebbian_sums(xi);
  for (double const m_0 : {0.3, 0.7}) {
    MatrixXd const m_f = completed(Retrieval(J, SpinStates(xi), {{m_0}, 4}, stream)).m_f(0);
    for (double const tolerated : {0., 0.05, 0.1, 0.2, 1.}) {
      int near = 0;
      for (auto const overlap : m_f.reshaped())
        if (std::lround(50 * (1 - overlap) / 2) <= std::floor(50 * tolerated + 1e-9)) ++near;
      auto const map = retrieval_map(J, xi, {m_0}, 4, tolerated, stream);
      CHECK(map.m_f(0) == doctest::Approx(m_f.mean()).epsilon(1e-14));  // sums of 52 numbers
      CHECK(map.reconstructed(0) == doctest::Approx(near / 52.).epsilon(1e-14));
    }
  }
}

TEST_CASE("two neurons that follow and flee each other never settle") {
  Eigen::MatrixXd J = Eigen::MatrixXd::Zero(2, 2);
  J(0, 1) = 1;
  J(1, 0) = -1;
  Rng const stream(1, 0, streams::retrieval);
  CHECK(retrieval_map(J, Eigen::MatrixXd::Ones(1, 2), {0, 1}, 3, 0, stream, 100).unsettled == 6);
  J(1, 0) = 1;
  CHECK(retrieval_map(J, Eigen::MatrixXd::Ones(1, 2), {0, 1}, 3, 0, stream, 100).unsettled == 0);
}

TEST_CASE("the radius lies where fewer than seven of ten are reconstructed, seen from the pattern") {
  std::vector<double> const m_0 = {0, 0.25, 0.5, 0.75, 1};
  auto const radius = [&](std::initializer_list<double> reconstructed) {
    return basin_radius(m_0, ArrayXd::Map(reconstructed.begin(), 5), enough_reconstructed);
  };
  CHECK(radius({0, 0, 0.5, 0.75, 1}) == doctest::Approx(1 - 0.7));
  CHECK(radius({0, 0, 0.5, 0.9, 0.6}) == 0);
  CHECK(radius({0.9, 0.9, 0.9, 0.9, 0.9}) == 1);
  CHECK(radius({0.9, 0.6, 0.7, 0.9, 0.9}) == doctest::Approx(0.5));
  CHECK(radius({0, 0, 0.9, 0, 1}) == doctest::Approx(1 - 0.925));  // the first time counts
  CHECK(std::isnan(basin_radius({}, {}, 0.7)));
  CHECK(basin_radius({1}, ArrayXd::Ones(1), 0.7) == 0);
  // another level, between two points: 0.98 is a fifth of the way from 1 to 0.9
  CHECK(basin_radius({0, 0.5, 1}, Eigen::Array3d(0.1, 0.9, 1), enough_overlap) == doctest::Approx(0.1));
}

TEST_CASE("initial overlaps lead from 0 to 1") {
  CHECK(initial_overlaps(0).empty());
  CHECK(initial_overlaps(1) == std::vector{1.});
  CHECK(initial_overlaps(5) == std::vector{0., 0.25, 0.5, 0.75, 1.});
}

}  // namespace hypnos::retrieval_map_test

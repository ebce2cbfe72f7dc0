#include "hypnos/physics/dynamics/enumerated_basins.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <stdexcept>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/dynamics/fixed_point_count.hpp"
#include "hypnos/physics/dynamics/plain_local_minima.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/moment_matching.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::enumerated_basins_test {

using Eigen::MatrixXd;

namespace {

MatrixXd gaussian(int N, std::uint32_t sample) {
  Rng rng(1, sample, streams::couplings);
  return sk_couplings(N, 1. / N, rng);
}

MatrixXd hebb(int P, int N, std::uint32_t sample) {
  Rng rng(1, sample, streams::patterns);
  return hebbian_sums(random_patterns(P, N, rng));
}

// The definition: states are numbers whose bit i is set where s_i = +1.
struct Plain {
  MatrixXd J;
  int N = static_cast<int>(J.cols());
  std::map<std::uint32_t, std::map<std::uint32_t, double>> known{};

  std::vector<int> unstable(std::uint32_t state) const {
    auto const spin = [&](int i) { return (state >> i & 1) != 0 ? 1 : -1; };
    std::vector<int> neurons;
    for (int i = 0; i < N; ++i) {
      double h = 0;
      for (int j = 0; j < N; ++j) h += j == i ? 0 : J(i, j) * spin(j);
      if (spin(i) * h < 0) neurons.push_back(i);
    }
    return neurons;
  }

  // With which probability the dynamics from the state ends where.
  std::map<std::uint32_t, double> const& ends(std::uint32_t state) {
    if (auto const found = known.find(state); found != known.end()) return found->second;
    auto const neurons = unstable(state);
    std::map<std::uint32_t, double> probability;
    if (neurons.empty()) probability[state] = 1;
    for (int const i : neurons)
      for (auto const& [end, p] : ends(state ^ 1U << i)) probability[end] += p / static_cast<double>(neurons.size());
    return known[state] = probability;
  }

  EnumeratedBasins::Region region(std::uint32_t end) {
    std::set<std::uint32_t> inside;
    for (std::uint32_t state = 0; state < 1U << N; ++state) {
      double largest = 0;
      for (auto const& [other, p] : ends(state)) largest = std::max(largest, p);
      if (auto const at = ends(state).find(end); at != ends(state).end() && at->second >= largest - 1e-5)
        inside.insert(state);
    }
    auto const all = static_cast<double>(inside.size());
    EnumeratedBasins::Region region{all / std::ldexp(1, N), 0, 0};
    while (!inside.empty()) {
      std::vector<std::uint32_t> piece{*inside.begin()};
      inside.erase(inside.begin());
      for (std::size_t k = 0; k < piece.size(); ++k)
        for (int i = 0; i < N; ++i)
          if (inside.erase(piece[k] ^ 1U << i) > 0) piece.push_back(piece[k] ^ 1U << i);
      ++region.pieces;
      region.largest = std::max(region.largest, static_cast<double>(piece.size()) / all);
    }
    return region;
  }
};

std::uint32_t number_of(SpinState s) { return static_cast<std::uint32_t>(s.words()[0]); }

// Checks all fixed points of J; returns how many have a region of several pieces.
int check_definition(MatrixXd const& J) {
  Plain plain{J};
  auto const states = 1U << plain.N;
  auto const fixed_points = plain_local_minima(J, false);
  EnumeratedBasins const basins(J);
  auto const volumes = basins.volumes(fixed_points);
  auto const regions = basins.regions(fixed_points);
  CHECK(volumes.sum() == doctest::Approx(1).epsilon(1e-13));
  int several = 0;
  for (Eigen::Index k = 0; k < fixed_points.count(); ++k) {
    auto const end = number_of(fixed_points[k]);
    double volume = 0;
    for (std::uint32_t state = 0; state < states; ++state)
      if (auto const& ends = plain.ends(state); ends.contains(end)) volume += ends.at(end) / states;
    CHECK(volumes(k) == doctest::Approx(volume).epsilon(1e-12));
    auto const region = plain.region(end);
    auto const& found = regions[static_cast<std::size_t>(k)];
    CHECK(found.volume == region.volume);
    CHECK(found.pieces == region.pieces);
    CHECK(found.largest == region.largest);
    several += region.pieces > 1 ? 1 : 0;
  }
  CHECK(fixed_point_count(J) == fixed_points.count());
  return several;
}

}  // namespace

TEST_CASE("basins of all states are those of the definition, with ties and without") {
  for (int const N : {1, 2, 3, 4, 5, 8, 9, 10})
    for (std::uint32_t sample = 0; sample < 4; ++sample) {
      CAPTURE(N);
      CAPTURE(sample);
      check_definition(gaussian(N, sample));
      check_definition(hebb(1 + static_cast<int>(sample), N, sample));
    }
  // a network whose regions are of several pieces
  Rng rng(1, 2, streams::patterns);
  auto const matching =
      completed(MomentMatching(random_patterns(3, 12, rng), {1, 1}, MatchingStart::hebb, {.steps = {10}}));
  CHECK(check_definition(matching.couplings()) > 0);
}

// 40,000 trajectories from random states: each count is binomial, and all 12 or so lie within 6 standard deviations of
// the enumeration, whose false-alarm probability is below 1e-7.
TEST_CASE("the dynamics ends in fixed points as often as their basins say") {
  constexpr int N = 14, trials = 40000;
  auto const J = gaussian(N, 7);
  auto const fixed_points = plain_local_minima(J, false);
  auto const volumes = EnumeratedBasins(J).volumes(fixed_points);
  Rng rng(3, 0, streams::patterns);
  auto const ends = Relaxation(J).relax(SpinStates(random_patterns(trials, N, rng)), Order::random_site,
                                        Rng(3, 0, streams::retrieval));
  for (Eigen::Index k = 0; k < fixed_points.count(); ++k) {
    int count = 0;
    for (Eigen::Index trial = 0; trial < trials; ++trial)
      count += differing_spins(ends.states[trial], fixed_points[k]) == 0 ? 1 : 0;
    CHECK(std::abs(count - trials * volumes(k)) < 6 * std::sqrt(trials * volumes(k) * (1 - volumes(k))));
  }
}

TEST_CASE("fixed points in blocks are all counted") {
  // 2^21 pairs of states, two blocks; P = 1 has the pattern and its opposite
  CHECK(fixed_point_count(hebb(1, 22, 0)) == 2);
  auto const J = gaussian(22, 1);
  auto const fixed_points = plain_local_minima(J, false).count();
  CHECK(fixed_point_count(J) == fixed_points);
  auto const backwards = [](int count, int size, FillBlock const& fill) {
    std::vector<double> values(static_cast<std::size_t>(count) * static_cast<std::size_t>(size));
    for (int k = count - 1; k >= 0; --k) fill(k, std::span(values).subspan(static_cast<std::size_t>(k), 1));
    return values;
  };
  CHECK(fixed_point_count(J, BlockMap(
                                 backwards, [] {}, 2)) == fixed_points);
}

TEST_CASE("what is no symmetric network or no fixed point is refused") {
  CHECK_THROWS_AS(EnumeratedBasins(MatrixXd::Zero(26, 26)), std::domain_error);
  CHECK_THROWS_AS(EnumeratedBasins(MatrixXd::Zero(2, 3)), std::domain_error);
  MatrixXd J = hebb(2, 6, 0);
  J(0, 1) += 1;
  CHECK_THROWS_AS(EnumeratedBasins{J}, std::domain_error);
  auto const one = hebb(1, 6, 0);
  EnumeratedBasins const basins(one);
  auto states = plain_local_minima(one, false);
  states[0].flip(2);
  CHECK_THROWS_AS(basins.volumes(states), std::domain_error);
  CHECK_THROWS_AS(basins.regions(SpinStates(5, 1)), std::domain_error);
  CHECK_THROWS_AS(fixed_point_count(MatrixXd::Zero(41, 41)), std::domain_error);
}

TEST_CASE("an interruption leaves the work through poll()") {
  CHECK_THROWS_AS(EnumeratedBasins(hebb(2, 8, 0), [] { throw std::runtime_error("stop"); }), std::runtime_error);
}

}  // namespace hypnos::enumerated_basins_test

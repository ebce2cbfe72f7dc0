#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "hypnos/physics/dynamics/plain_heat_bath_chain.hpp"

namespace hypnos {

/// The definition of dynamics at a fixed overlap (kawasaki.hpp, saddles.hpp) as plain loops: integer couplings with
/// zero diagonal, energies and fields computed anew for every pair.
struct PlainFixedOverlap {
  Eigen::MatrixXi J;
  Eigen::VectorXi s, reference;
  std::vector<int> aligned, opposite;

  PlainFixedOverlap(Eigen::MatrixXi couplings, Eigen::VectorXi start, Eigen::VectorXi xi)
      : J(std::move(couplings)), s(std::move(start)), reference(std::move(xi)) {
    for (int i = 0; i < s.size(); ++i) (s(i) == reference(i) ? aligned : opposite).push_back(i);
  }

  /// -sum_ij J_ij s_i s_j = 2 E.
  std::int64_t twice_energy() const { return -s.cast<std::int64_t>().dot((J * s).cast<std::int64_t>()); }
  int unstable() const { return static_cast<int>((s.array() * (J * s).array() < 0).count()); }
  int half_energy_change(int a, int b) {
    auto const before = twice_energy();
    flip(a, b);
    auto const after = twice_energy();
    flip(a, b);
    return static_cast<int>((after - before) / 4);
  }

  void flip(int a, int b) {
    s(a) = -s(a);
    s(b) = -s(b);
  }
  void exchange(std::size_t x, std::size_t y) {
    flip(aligned[x], opposite[y]);
    std::swap(aligned[x], opposite[y]);
  }
  std::pair<std::size_t, std::size_t> random_places(Rng& rng) {
    std::size_t const x = rng.below(static_cast<std::uint32_t>(aligned.size()));
    return {x, rng.below(static_cast<std::uint32_t>(opposite.size()))};
  }

  /// `scale` is T / 2.
  void kawasaki(double scale, std::int64_t moves, Rng& rng) {
    for (; moves > 0; --moves) {
      auto const [x, y] = random_places(rng);
      if (half_energy_change(aligned[x], opposite[y]) <= logistic_threshold(rng.bits(), scale)) exchange(x, y);
    }
  }

  void descend(Rng& rng) {
    for (int rejected = 0; rejected < 4 * s.size(); ++rejected)
      if (auto const [x, y] = random_places(rng); half_energy_change(aligned[x], opposite[y]) < 0) {
        exchange(x, y);
        rejected = -1;
      }
    while (true) {
      std::vector<std::pair<int, int>> pairs;
      for (int const a : aligned)
        for (int const b : opposite)
          if (half_energy_change(a, b) < 0) pairs.emplace_back(a, b);
      if (pairs.empty()) return;
      std::ranges::sort(pairs);
      auto const [a, b] = pairs[rng.below(static_cast<std::uint32_t>(pairs.size()))];
      flip(a, b);
      *std::ranges::find(aligned, a) = b;
      *std::ranges::find(opposite, b) = a;
    }
  }

  /// Proposes until |unstable - f N| <= 1/2, at most so many times.
  std::int64_t descend_to_saddle(double f, std::int64_t most_proposals, Rng& rng) {
    auto const distance = [&] { return std::abs(unstable() - f * static_cast<double>(s.size())); };
    std::int64_t proposals = 0;
    for (double before = distance(); before > 0.5 && proposals < most_proposals; ++proposals, before = distance()) {
      auto const [x, y] = random_places(rng);
      flip(aligned[x], opposite[y]);
      if (distance() > before) flip(aligned[x], opposite[y]);
      else std::swap(aligned[x], opposite[y]);
    }
    return proposals;
  }
};

}  // namespace hypnos

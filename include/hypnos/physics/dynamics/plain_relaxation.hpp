#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"

namespace hypnos {

// The definition of asynchronous dynamics at zero temperature as plain loops, for any numbers: `s` is a vector of Eigen
// with entries +-1, and field(i) is the field on s_i in its present state. Neuron i is unstable if s_i field(i) < 0.

/// Updates neurons 0, 1, ..., N-1 in sweeps until none is unstable; false if one is after `most_flips` flips.
template <class Spins, class Field>
bool relax_in_sweeps(Spins& s, Field const& field, std::int64_t most_flips) {
  auto const N = s.size();
  std::int64_t flips = 0;
  Eigen::Index stable = 0;  // updates in a row that changed nothing
  for (Eigen::Index i = 0; stable < N; i = (i + 1) % N, ++stable)
    if (s(i) * field(i) < 0) {
      if (flips++ == most_flips) return false;
      s(i) = -s(i);
      stable = -1;
    }
  return true;
}

/// Flips neurons chosen at random among the unstable ones until there is none; false if there is one after `most_flips`
/// flips. One number below(u) a flip counts the u unstable neurons from the first.
template <class Spins, class Field>
bool relax_at_random(Spins& s, Field const& field, Rng& rng, std::int64_t most_flips) {
  for (std::int64_t flips = 0;; ++flips) {
    std::vector<Eigen::Index> unstable;
    for (Eigen::Index i = 0; i < s.size(); ++i)
      if (s(i) * field(i) < 0) unstable.push_back(i);
    if (unstable.empty()) return true;
    if (flips == most_flips) return false;
    auto const i = unstable[rng.below(static_cast<std::uint32_t>(unstable.size()))];
    s(i) = -s(i);
  }
}

/// Updates all neurons in sweeps, each in a random order (a shuffle of the one before), until none is unstable; false if
/// one is after `most_flips` flips.
template <class Spins, class Field>
bool relax_in_random_sweeps(Spins& s, Field const& field, Rng& rng, std::int64_t most_flips) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(s.size()));
  std::iota(order.begin(), order.end(), 0);
  auto const unstable = [&](Eigen::Index i) { return s(i) * field(i) < 0; };
  for (std::int64_t flips = 0; std::ranges::any_of(order, unstable);) {
    rng.shuffle(std::span(order));
    for (auto const i : order)
      if (unstable(i)) {
        if (flips++ == most_flips) return false;
        s(i) = -s(i);
      }
  }
  return true;
}

/// One of them.
template <class Spins, class Field>
bool plain_relaxation(Spins& s, Field const& field, Order order, Rng& rng, std::int64_t most_flips) {
  switch (order) {
    case Order::random_site: return relax_at_random(s, field, rng, most_flips);
    case Order::sweep: return relax_in_sweeps(s, field, most_flips);
    case Order::random_sweep: break;
  }
  return relax_in_random_sweeps(s, field, rng, most_flips);
}

}  // namespace hypnos

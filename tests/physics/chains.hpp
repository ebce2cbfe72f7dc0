#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/heat_bath.hpp"

namespace hypnos {

inline Rng chain_stream(std::uint64_t seed) { return {seed, 0, streams::trained_chains}; }

// Three members, each of which computes its own blocks, last ones first, at an odd address.
inline std::vector<double> team_of_three(int count, int size, FillBlock const& fill) {
  std::vector<double> all(static_cast<std::size_t>(count) * size, std::numeric_limits<double>::quiet_NaN());
  for (int rank = 0; rank < 3; ++rank)
    for (int k = count - 1; k >= 0; --k) {
      if (k % 3 != rank) continue;
      std::vector<double> memory(static_cast<std::size_t>(size) + 1);
      fill(k, std::span(memory).subspan(1));
      std::copy(memory.begin() + 1, memory.end(), all.begin() + static_cast<std::ptrdiff_t>(k) * size);
    }
  return all;
}

template <class A, class B>
bool same_numbers(A const& a, B const& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), sizeof(double) * a.size()) == 0;
}

// Whether independent numbers x have the mean `expected`: within 7 of their own standard errors. False alarm: Student's
// t with 100 or more degrees of freedom exceeds 7 with a probability below 3e-10.
inline bool mean_is(Eigen::ArrayXd const& x, double expected) {
  auto const n = static_cast<double>(x.size());
  double const error = std::sqrt((x - x.mean()).square().sum() / (n * (n - 1)));
  return std::abs(x.mean() - expected) <= 7 * error;
}

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// The definition of local minima: all 2^N states are tried, those with s_i sum_{j != i} J_ij s_j > 0 (strict), or >= 0,
/// for all i are kept. J is a matrix of integers, or of numbers whose sums are exact.
template <class Matrix>
SpinStates plain_local_minima(Matrix const& J, bool strict) {
  auto const N = static_cast<int>(J.cols());
  SpinStates minima(N), s(N, 1);
  for (std::uint64_t state = 0; state < std::uint64_t{1} << N; ++state) {
    for (int i = 0; i < N; ++i)
      if (s[0].is_up(i) != ((state >> i & 1) != 0)) s[0].flip(i);
    bool stable = true;
    for (int i = 0; i < N && stable; ++i) {
      typename Matrix::Scalar h = 0;
      for (int j = 0; j < N; ++j)
        if (j != i) h += J(i, j) * s[0].spin(j);
      stable = strict ? s[0].spin(i) * h > 0 : s[0].spin(i) * h >= 0;
    }
    if (stable) minima.append(s);
  }
  return minima;
}

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <vector>

/// Hebbian unlearning in its simplest form: a scalar product for every update of a neuron, in double or single
/// precision.
template <class Real>
struct NaiveNetwork {
  int N;
  Real epsilon;
  std::vector<Real> J;  // (N x N)
  std::uint64_t random = 0x123456789abcdef;

  /// A sweep updates N neurons chosen at random; then all are tested for stability.
  void dream();
};

extern template struct NaiveNetwork<float>;
extern template struct NaiveNetwork<double>;

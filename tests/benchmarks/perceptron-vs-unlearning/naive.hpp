#pragma once

#include <cstdint>
#include <vector>

/// Hebbian unlearning as one writes it at once: a scalar product for every neuron that is visited, in double or, for who
/// thinks of speed, single precision.
template <class Real>
struct NaiveNetwork {
  int N;
  Real epsilon;
  std::vector<Real> J;  // (N x N)
  std::uint64_t random = 0x123456789abcdef;

  /// A sweep visits N neurons picked at random, then all are asked whether they are content.
  void dream();
};

extern template struct NaiveNetwork<float>;
extern template struct NaiveNetwork<double>;

#pragma once

#include <cstdint>
#include <vector>

/// Hebbian unlearning as one writes it at once: single precision, a scalar product for every neuron that is visited.
struct NaiveNetwork {
  int N;
  float epsilon;
  std::vector<float> J;  // (N x N)
  std::uint64_t random = 0x123456789abcdef;

  /// A sweep visits N neurons picked at random, then all are asked whether they are content.
  void dream();
};

#pragma once

#include <cstdint>
#include <vector>

/// Training with noise in its simplest fast form: field and update of a row in one pass, in single precision.
struct FusedTraining {
  int N, P;
  float rate;     ///< lambda / N
  bool rescaled;  ///< rate sigma_i, by the squares of a row that its updates follow
  double m_t;
  std::vector<float> J, patterns;  // (N x N), (P x N)
  std::vector<float> S = std::vector<float>(static_cast<std::size_t>(N)), squares = {};
  std::uint64_t random = 0x123456789abcdef;

  void step();
};

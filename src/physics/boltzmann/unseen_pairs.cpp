#include "hypnos/physics/boltzmann/unseen_pairs.hpp"

#include <algorithm>

namespace hypnos {

std::vector<std::pair<int, int>> unseen_pairs(Ensemble const& data) {
  std::vector<std::pair<int, int>> unseen;
  auto const N = static_cast<int>(data.m.size());
  for (int i = 0; i < N; ++i)
    for (int j = i + 1; j < N; ++j) {
      double least = 4;  // of four times the probability of s_i = a, s_j = b
      for (int const a : {-1, 1})
        for (int const b : {-1, 1}) least = std::min(least, 1 + a * data.m(i) + b * data.m(j) + a * b * data.c(i, j));
      if (least < 1e-9) unseen.emplace_back(i, j);  // one sample in four thousand million would be more
    }
  return unseen;
}

}  // namespace hypnos

#include "hypnos/physics/states/patterns.hpp"

#include <cstdint>

namespace hypnos {

Eigen::MatrixXd random_patterns(int P, int N, Rng& rng) {
  Eigen::MatrixXd xi(P, N);
  for (int mu = 0; mu < P; ++mu) {
    std::uint32_t word = 0;
    for (int i = 0; i < N; ++i, word >>= 1) {
      if (i % 32 == 0) word = rng.bits();
      xi(mu, i) = (word & 1) != 0 ? 1 : -1;
    }
  }
  return xi;
}

}  // namespace hypnos

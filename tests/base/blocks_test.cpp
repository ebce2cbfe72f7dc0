#include "hypnos/base/blocks.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace hypnos::blocks_test {

TEST_CASE("an ordered sum adds block after block, however many are computed at the same time") {
  auto const fill = [](int k, std::span<double> block) {
    block[0] = 1.0 / (k + 1);
    block[1] = k % 2 == 0 ? 1e16 : -1e16 + k;
  };
  for (int const count : {0, 1, 15, 16, 17, 100}) {
    double harmonic = 0, cancelling = 0;
    for (int k = 0; k < count; ++k) {
      harmonic += 1.0 / (k + 1);
      cancelling += k % 2 == 0 ? 1e16 : -1e16 + k;
    }
    for (int const workers : {1, 3, 7}) {
      auto const sum = ordered_sum(BlockMap(
                                       serial_blocks, [] {}, workers),
                                   count, 2, fill);
      CHECK(sum == std::vector<double>{harmonic, cancelling});
    }
  }
}

TEST_CASE("a copy of a map keeps its poll") {
  BlockMap map(
      serial_blocks, [] { throw std::runtime_error("stop"); }, 2);
  BlockMap const copy = map;
  CHECK_THROWS_AS(copy.poll(), std::runtime_error);
  CHECK(copy.workers() == 2);
}

}  // namespace hypnos::blocks_test

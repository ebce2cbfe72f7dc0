#include "hypnos/base/blocks.hpp"

#include <algorithm>

namespace hypnos {

std::vector<double> serial_blocks(int count, int size, FillBlock const& fill) {
  auto const width = static_cast<std::size_t>(size);
  std::vector<double> blocks(static_cast<std::size_t>(count) * width);
  for (int k = 0; k < count; ++k) fill(k, std::span(blocks).subspan(static_cast<std::size_t>(k) * width, width));
  return blocks;
}

std::vector<std::vector<double>> serial_items(int count, MakeItem const& make) {
  std::vector<std::vector<double>> items;
  for (int k = 0; k < count; ++k) items.push_back(make(k));
  return items;
}

std::vector<double> ordered_sum(BlockMap const& blocks, int count, int size, FillBlock const& fill) {
  auto const width = static_cast<std::size_t>(size);
  std::vector<double> sum(width);
  int const at_once = 16 * blocks.workers();
  for (int first = 0; first < count; first += at_once) {
    int const some = std::min(at_once, count - first);
    auto const values = blocks(some, size, [&](int k, std::span<double> block) { fill(first + k, block); });
    for (std::size_t begin = 0; begin < values.size(); begin += width)
      for (std::size_t n = 0; n < width; ++n) sum[n] += values[begin + n];
  }
  return sum;
}

}  // namespace hypnos

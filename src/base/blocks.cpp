#include "hypnos/base/blocks.hpp"

namespace hypnos {

std::vector<double> serial_blocks(int count, int size, FillBlock const& fill) {
  auto const width = static_cast<std::size_t>(size);
  std::vector<double> blocks(static_cast<std::size_t>(count) * width);
  for (int k = 0; k < count; ++k) fill(k, std::span(blocks).subspan(static_cast<std::size_t>(k) * width, width));
  return blocks;
}

}  // namespace hypnos

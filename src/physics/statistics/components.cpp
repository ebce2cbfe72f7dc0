#include "hypnos/physics/statistics/components.hpp"

#include <utility>
#include <vector>

namespace hypnos {

using Eigen::Index;

Eigen::ArrayXi component_counts(Eigen::ArrayXXi const& picture, int labels) {
  constexpr int nothing = -1;
  Eigen::ArrayXXi left = picture;  // pixels of no component so far
  Eigen::ArrayXi counts = Eigen::ArrayXi::Zero(labels);
  std::vector<std::pair<Index, Index>> border;
  auto const columns = left.cols(), rows = left.rows();
  for (Index first_y = 0; first_y < columns; ++first_y)
    for (Index first_x = 0; first_x < rows; ++first_x) {
      int const label = left(first_x, first_y);
      if (label < 0 || label >= labels) continue;
      ++counts(label);
      auto const take = [&](Index x, Index y) {
        if (left(x, y) != label) return;
        left(x, y) = nothing;
        border.emplace_back(x, y);
      };
      take(first_x, first_y);
      while (!border.empty()) {
        auto const [x, y] = border.back();
        border.pop_back();
        take((x + 1) % rows, y);
        take((x + rows - 1) % rows, y);
        take(x, (y + 1) % columns);
        take(x, (y + columns - 1) % columns);
      }
    }
  return counts;
}

}  // namespace hypnos

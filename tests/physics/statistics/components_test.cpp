#include "hypnos/physics/statistics/components.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "hypnos/base/random.hpp"

namespace hypnos::components_test {

using Eigen::ArrayXi;
using Eigen::ArrayXXi;

namespace {

// Every pixel takes the smallest number of its neighbours of equal label until none changes; one number a component is
// left.
ArrayXi plain_component_counts(ArrayXXi const& picture, int labels) {
  auto const rows = picture.rows(), columns = picture.cols();
  ArrayXXi number(rows, columns);
  for (int k = 0; k < number.size(); ++k) number(k) = k;
  for (bool changed = true; changed;) {
    changed = false;
    for (int x = 0; x < rows; ++x)
      for (int y = 0; y < columns; ++y)
        for (int k = 0; k < rows * columns; ++k) {
          auto const u = k % rows, v = k / rows;
          auto const dx = std::min((x - u + rows) % rows, (u - x + rows) % rows),
                     dy = std::min((y - v + columns) % columns, (v - y + columns) % columns);
          if (dx + dy != 1 || picture(u, v) != picture(x, y) || number(u, v) >= number(x, y)) continue;
          number(x, y) = number(u, v);
          changed = true;
        }
  }
  ArrayXi counts = ArrayXi::Zero(labels);
  for (int k = 0; k < number.size(); ++k)
    if (number(k) == k && picture(k) >= 0 && picture(k) < labels) ++counts(picture(k));
  return counts;
}

}  // namespace

TEST_CASE("pieces of known pictures, across the borders") {
  ArrayXXi picture(4, 5);
  picture << 0, 1, 1, 2, 0,  //
      1, 1, 2, 2, 1,         //
      3, -1, 3, -1, 3,       //
      0, 2, 1, 2, 0;
  // 0: corners, joined across the borders; 1: joined across the left border, and the top one; 2: the one at the lower
  // left is alone; 3: the first and the last are neighbours across the border
  ArrayXi const counts = component_counts(picture, 5);
  CHECK(counts(0) == 1);
  CHECK(counts(1) == 1);
  CHECK(counts(2) == 2);
  CHECK(counts(3) == 2);
  CHECK(counts(4) == 0);
  CHECK(component_counts(ArrayXXi::Zero(1, 1), 1)(0) == 1);
  CHECK(component_counts(ArrayXXi::Zero(1, 7), 1)(0) == 1);
  CHECK(component_counts(ArrayXXi::Constant(3, 3, -1), 2).sum() == 0);
  CHECK(component_counts(ArrayXXi::Constant(3, 3, 2), 2).sum() == 0);  // a label that is not counted
}

TEST_CASE("corners do not connect") {
  ArrayXXi chequered(6, 4);
  for (int x = 0; x < 6; ++x)
    for (int y = 0; y < 4; ++y) chequered(x, y) = (x + y) % 2;
  CHECK(component_counts(chequered, 2)(0) == 12);
  CHECK(component_counts(chequered, 2)(1) == 12);
}

TEST_CASE("pieces of random pictures are those of a plain definition") {
  Rng rng(1, 0, Stream("components-test"));
  for (auto const& [rows, columns] : {std::pair{1, 9}, {2, 7}, {8, 8}, {9, 5}})
    for (int trial = 0; trial < 20; ++trial) {
      ArrayXXi const picture = ArrayXXi::NullaryExpr(rows, columns, [&] { return static_cast<int>(rng.below(3)) - 1; });
      CHECK((component_counts(picture, 2) == plain_component_counts(picture, 2)).all());
    }
}

}  // namespace hypnos::components_test

#pragma once

#include <Eigen/Core>

namespace hypnos {

/// How many connected components the pixels of each label 0, ..., labels - 1 form, (labels). Pixels are connected
/// through their four neighbours on the periodic grid. Other values of `picture` belong to no component. O(pixels).
Eigen::ArrayXi component_counts(Eigen::ArrayXXi const& picture, int labels);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

namespace hypnos {

struct Peak {
  double place, height;
};

/// Where a curve with the points (x, y), x increasing, is highest: the maximum of the parabola through all points, by
/// least squares, that are no further than `reach` from the highest; or the highest point itself where these are fewer
/// than three, or their parabola has no maximum among them. At least one point; of equal ones the first is the highest.
///
/// NaN if the highest is the first or the last point, or if the maximum is nearer than reach / 2 to one of these: such a
/// curve cannot be told from one that is higher beyond its points.
Peak local_peak(Eigen::ArrayXd const& x, Eigen::ArrayXd const& y, double reach);

}  // namespace hypnos

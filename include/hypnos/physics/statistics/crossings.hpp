#pragma once

#include <Eigen/Core>

namespace hypnos {

// Where a curve that rises and falls again is above zero, and where it is highest. The curve is linear between its
// points (x, y), x increasing.

/// Where it first is 0 or above; NaN if it never is.
double first_rise(Eigen::ArrayXd const& x, Eigen::ArrayXd const& y);

/// Where it last falls from 0 or above to below 0; NaN if it never is 0 or above, or is so at its end.
double last_fall(Eigen::ArrayXd const& x, Eigen::ArrayXd const& y);

struct Peak {
  double place, height;
};

/// The maximum of the parabola through all points, by least squares, that are no further than `reach` from the highest;
/// or the highest point itself where these are fewer than three, or their parabola has no maximum among them. At least
/// one point; of equal ones the first is the highest.
Peak local_peak(Eigen::ArrayXd const& x, Eigen::ArrayXd const& y, double reach);

}  // namespace hypnos

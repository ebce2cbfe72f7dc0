#include "hypnos/physics/statistics/crossings.hpp"

#include <Eigen/QR>
#include <cmath>
#include <limits>

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;

namespace {

constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();

// Between point k, below 0, and its neighbour l at 0 or above.
double zero_between(ArrayXd const& x, ArrayXd const& y, Index k, Index l) {
  return x(l) + (x(k) - x(l)) * (y(l) / (y(l) - y(k)));
}

}  // namespace

double first_rise(ArrayXd const& x, ArrayXd const& y) {
  for (Index k = 0; k < y.size(); ++k)
    if (y(k) >= 0) return k == 0 ? x(0) : zero_between(x, y, k - 1, k);
  return nowhere;
}

double last_fall(ArrayXd const& x, ArrayXd const& y) {
  for (Index k = y.size() - 1; k >= 0; --k)
    if (y(k) >= 0) return k == y.size() - 1 ? nowhere : zero_between(x, y, k + 1, k);
  return nowhere;
}

Peak local_peak(ArrayXd const& x, ArrayXd const& y, double reach) {
  Index highest = 0, first = 0, count = 0;
  y.maxCoeff(&highest);
  while (x(first) < x(highest) - reach) ++first;
  while (first + count < x.size() && x(first + count) <= x(highest) + reach) ++count;

  Peak const record = {x(highest), y(highest)};
  if (count < 3) return record;
  double const scale = x(first + count - 1) - x(first);
  ArrayXd const u = (x.segment(first, count) - x(highest)) / scale;
  Eigen::MatrixX3d powers(count, 3);
  powers << ArrayXd::Ones(count), u, u.square();
  Eigen::Vector3d const c = powers.colPivHouseholderQr().solve(y.segment(first, count).matrix());
  double const top = -c(1) / (2 * c(2));
  if (!(c(2) < 0) || top < u(0) || top > u(count - 1)) return record;
  return {x(highest) + scale * top, c(0) + top * c(1) / 2};
}

}  // namespace hypnos

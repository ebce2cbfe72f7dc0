#include "hypnos/physics/statistics/peak.hpp"

#include <Eigen/QR>
#include <cmath>
#include <limits>

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;

namespace {

constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Peak local_peak(ArrayXd const& x, ArrayXd const& y, double reach) {
  Index highest = 0, first = 0, count = 0;
  y.maxCoeff(&highest);
  while (x(first) < x(highest) - reach) ++first;
  while (first + count < x.size() && x(first + count) <= x(highest) + reach) ++count;

  Peak peak = {x(highest), y(highest)};
  if (count >= 3) {
    double const scale = x(first + count - 1) - x(first);
    ArrayXd const u = (x.segment(first, count) - x(highest)) / scale;
    Eigen::MatrixX3d powers(count, 3);
    powers << ArrayXd::Ones(count), u, u.square();
    Eigen::Vector3d const c = powers.colPivHouseholderQr().solve(y.segment(first, count).matrix());
    double const top = -c(1) / (2 * c(2));
    if (c(2) < 0 && top >= u(0) && top <= u(count - 1)) peak = {x(highest) + scale * top, c(0) + top * c(1) / 2};
  }
  Index const last = x.size() - 1;
  bool const at_edge =
      highest == 0 || highest == last || peak.place < x(0) + reach / 2 || peak.place > x(last) - reach / 2;
  return at_edge ? Peak{nowhere, nowhere} : peak;
}

}  // namespace hypnos

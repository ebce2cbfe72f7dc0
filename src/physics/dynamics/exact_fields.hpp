#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace hypnos {

/// The largest power of two of which all entries are multiples; 1 if all are zero.
inline double common_unit(Eigen::MatrixXd const& J) {
  int least = std::numeric_limits<int>::max();
  for (double const x : J.reshaped()) {
    if (x == 0) continue;
    int exponent = 0;
    auto const mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(std::abs(x), &exponent), 53));
    least = std::min(least, exponent - 53 + std::countr_zero(static_cast<std::uint64_t>(mantissa)));
  }
  return least == std::numeric_limits<int>::max() ? 1 : std::ldexp(1, least);
}

/// -1, 0 or 1: the sign of the sum of all numbers, exactly. They are added by sums without loss (J. R. Shewchuk,
/// Discrete Comput. Geom. 18, 305 (1997)): partial sums that do not overlap, of which the last one decides.
inline int sign_of_sum(Eigen::ArrayXd const& numbers) {
  std::vector<double> partial_sums;
  for (double x : numbers) {
    std::size_t kept = 0;
    for (double y : partial_sums) {
      if (std::abs(x) < std::abs(y)) std::swap(x, y);
      double const sum = x + y, lost = y - (sum - x);
      if (lost != 0) partial_sums[kept++] = lost;
      x = sum;
    }
    partial_sums.resize(kept);
    if (x != 0) partial_sums.push_back(x);
  }
  return partial_sums.empty() ? 0 : partial_sums.back() > 0 ? 1 : -1;
}

}  // namespace hypnos

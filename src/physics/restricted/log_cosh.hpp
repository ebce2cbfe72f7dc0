#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace hypnos {

/// sum_alpha log 2 cosh x_alpha of each column, where log 2 cosh x = |x| + log(1 + exp(-2 |x|)).
/// One logarithm for 64 entries: the product of as many factors between 1 and 2 does not overflow, even in single
/// precision. Its rounding is that of a sum of 64 numbers of order 1.
template <class Derived>
Eigen::VectorX<typename Derived::Scalar> sums_of_log_2cosh(Eigen::MatrixBase<Derived> const& x) {
  constexpr Eigen::Index at_once = 64;
  Eigen::VectorX<typename Derived::Scalar> sums(x.cols());
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    sums(k) = x.col(k).cwiseAbs().sum();
    for (Eigen::Index first = 0; first < x.rows(); first += at_once) {
      auto const some = x.col(k).segment(first, std::min(at_once, x.rows() - first)).array();
      sums(k) += std::log(((-2 * some.abs()).exp() + 1).prod());
    }
  }
  return sums;
}

/// The same sums, and tanh x = sign(x) (1 - e) / (1 + e) in the place of x: both by e = exp(-2 |x|), since Eigen's
/// hyperbolic tangent of double precision is not vectorized.
template <class Scalar>
Eigen::VectorX<Scalar> sums_of_log_2cosh_to_tanh(Eigen::MatrixX<Scalar>& x) {
  constexpr Eigen::Index at_once = 64;
  Eigen::VectorX<Scalar> sums(x.cols());
  Eigen::ArrayX<Scalar> e(at_once);
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    sums(k) = x.col(k).cwiseAbs().sum();
    for (Eigen::Index first = 0; first < x.rows(); first += at_once) {
      auto const count = std::min(at_once, x.rows() - first);
      auto some = x.col(k).segment(first, count).array();
      e.head(count) = (-2 * some.abs()).exp();
      sums(k) += std::log((e.head(count) + 1).prod());
      some = (some < 0).select(e.head(count) - 1, 1 - e.head(count)) / (1 + e.head(count));
    }
  }
  return sums;
}

}  // namespace hypnos

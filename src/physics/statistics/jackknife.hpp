#pragma once

#include <Eigen/Core>
#include <cmath>

namespace hypnos {

/// The standard error of a function of averages over R independent samples, from its values with each of the samples
/// left out in turn: error^2 = (R-1)/R sum_r (f_r - mean f)^2 (Tukey; Efron, The jackknife, SIAM 1982).
inline double jackknife_error(Eigen::ArrayXd const& left_out) {
  auto const R = static_cast<double>(left_out.size());
  return std::sqrt((R - 1) / R * (left_out - left_out.mean()).square().sum());
}

}  // namespace hypnos

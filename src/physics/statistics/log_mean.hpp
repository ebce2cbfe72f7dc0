#pragma once

#include <Eigen/Core>
#include <cmath>

#include "statistics/jackknife.hpp"

namespace hypnos {

/// ln of the mean of weights w > 0, from their logarithms.
struct LogMean {
  double value;
  double error;      ///< jackknife over the weights, which are independent
  double effective;  ///< (sum w)^2 / sum w^2: how many dominate the mean; if few do, the error is too small
};

inline LogMean log_mean(Eigen::ArrayXd const& log_w) {
  double const largest = log_w.maxCoeff();
  Eigen::ArrayXd const w = (log_w - largest).exp();
  // Sums of all others: from the left and from the right, since sum - w loses everything where w dominates.
  Eigen::ArrayXd without(w.size());
  double left = 0, right = 0;
  for (Eigen::Index r = 0; r < w.size(); left += w(r++)) without(r) = left;
  for (Eigen::Index r = w.size(); r-- > 0; right += w(r)) without(r) += right;
  return {largest + std::log(w.mean()), jackknife_error(without.log()), w.sum() * w.sum() / w.square().sum()};
}

}  // namespace hypnos

#include "hypnos/physics/statistics/comparison.hpp"

#include <cmath>
#include <limits>

namespace hypnos {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

bool has_spread(Eigen::VectorXd const& x) { return x.size() > 0 && x.maxCoeff() - x.minCoeff() > 1e-12; }

Eigen::VectorXd centred(Eigen::VectorXd const& x) { return x.array() - x.mean(); }

}  // namespace

Eigen::VectorXd pairs(Eigen::MatrixXd const& matrix) {
  auto const N = matrix.rows();
  Eigen::VectorXd entries(N * (N - 1) / 2);
  for (Eigen::Index i = 0, k = 0; i < N; ++i)
    for (Eigen::Index j = i + 1; j < N; ++j) entries(k++) = matrix(i, j);
  return entries;
}

double standard_deviation(Eigen::VectorXd const& x) { return std::sqrt(centred(x).squaredNorm() / x.size()); }

double slope(Eigen::VectorXd const& x, Eigen::VectorXd const& y) {
  if (!has_spread(x) || !has_spread(y)) return undefined;
  auto const dx = centred(x);
  return dx.dot(centred(y)) / dx.squaredNorm();
}

double pearson(Eigen::VectorXd const& x, Eigen::VectorXd const& y) {
  return has_spread(x) && has_spread(y) ? cosine(centred(x), centred(y)) : undefined;
}

double cosine(Eigen::VectorXd const& x, Eigen::VectorXd const& y) { return x.dot(y) / (x.norm() * y.norm()); }

}  // namespace hypnos

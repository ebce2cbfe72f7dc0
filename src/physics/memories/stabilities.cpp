#include "hypnos/physics/memories/stabilities.hpp"

#include <limits>

namespace hypnos {

template <class Real>
Eigen::MatrixX<Real> stabilities(Eigen::MatrixXd const& xi, Eigen::MatrixX<Real> const& J) {
  Eigen::MatrixX<Real> const x = xi.cast<Real>();
  Eigen::MatrixX<Real> delta = x * J.transpose();
  auto const norms = J.rowwise().norm().eval();
  for (Eigen::Index i = 0; i < J.rows(); ++i)
    if (norms(i) > 0) delta.col(i).array() *= x.col(i).array() / norms(i);
  return delta;
}

template <class Real>
StabilityRange range_of(Eigen::MatrixX<Real> const& delta) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (delta.size() == 0) return {infinity, std::numeric_limits<double>::quiet_NaN(), -infinity};
  return {delta.minCoeff(), delta.template cast<double>().mean(), delta.maxCoeff()};
}

template Eigen::MatrixXf stabilities(Eigen::MatrixXd const&, Eigen::MatrixXf const&);
template Eigen::MatrixXd stabilities(Eigen::MatrixXd const&, Eigen::MatrixXd const&);
template StabilityRange range_of(Eigen::MatrixXf const&);
template StabilityRange range_of(Eigen::MatrixXd const&);

}  // namespace hypnos

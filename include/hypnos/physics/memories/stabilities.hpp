#pragma once

#include <Eigen/Core>

namespace hypnos {

/// Stabilities of patterns in the couplings:
///   Delta_i^mu = xi_i^mu sum_j J_ij xi_j^mu / |J_i|,  |J_i| the Euclidean norm of row i
/// (Benedetti et al., J. Chem. Phys. 156, 104107 (2022), Eq. 5). xi (P x N) has entries +-1; J (N x N), symmetric or
/// not, is used with its diagonal. (P x N), computed in the precision of J (float or double); a row of zeros has
/// the stability 0. A pattern is a fixed point of the dynamics if all its stabilities are >= 0. 2 P N^2 operations.
template <class Real>
Eigen::MatrixX<Real> stabilities(Eigen::MatrixXd const& xi, Eigen::MatrixX<Real> const& J);

extern template Eigen::MatrixXf stabilities(Eigen::MatrixXd const&, Eigen::MatrixXf const&);
extern template Eigen::MatrixXd stabilities(Eigen::MatrixXd const&, Eigen::MatrixXd const&);

/// The smallest, the mean and the largest of all stabilities.
struct StabilityRange {
  double min, av, max;
};

/// Of no stabilities at all: +infinity, NaN and -infinity.
template <class Real>
StabilityRange range_of(Eigen::MatrixX<Real> const& delta);

extern template StabilityRange range_of(Eigen::MatrixXf const&);
extern template StabilityRange range_of(Eigen::MatrixXd const&);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

namespace hypnos {

/// N times Hebb's couplings, sum_mu xi_i^mu xi_j^mu with a zero diagonal, (N x N) (Benedetti et al., J. Chem. Phys.
/// 156, 104107 (2022), Eq. 3), of patterns xi (P x N). Integers, so that fields that vanish are exactly zero.
Eigen::MatrixXd hebbian_sums(Eigen::MatrixXd const& xi);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

namespace hypnos {

/// xi_i^mu sum_{j != i} w_ij xi_j^mu of rows w_i = sum_nu b_nu xi^nu, one in a column: with all j, less the term j = i.
/// gram = xi xi^T (P x P); b and the signs xi_i^mu (P x rows).
template <class Weights, class Signs>
Eigen::MatrixXd aligned_fields(Eigen::MatrixXd const& gram, Weights const& b, Signs const& signs) {
  Eigen::RowVectorXd const own = signs.cwiseProduct(b).colwise().sum();
  return ((gram * b).cwiseProduct(signs)).rowwise() - own;
}

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

namespace hypnos {

/// xi_i^mu sum_{j != i} w_ij x_j^mu of rows w_i = sum_nu b_nu x^nu, one in a column: with all j, less the term j = i.
/// gram = x x^T (P x P); b, the signs xi_i^mu and the inputs x_i^mu (P x rows).
template <class Weights, class Signs, class Inputs>
Eigen::MatrixXd aligned_fields(Eigen::MatrixXd const& gram, Weights const& b, Signs const& signs, Inputs const& x) {
  Eigen::RowVectorXd const own = x.cwiseProduct(b).colwise().sum();
  return (gram * b - x * own.asDiagonal()).cwiseProduct(signs);
}

/// The same of inputs that are the patterns themselves, x = xi.
template <class Weights, class Signs>
Eigen::MatrixXd aligned_fields(Eigen::MatrixXd const& gram, Weights const& b, Signs const& signs) {
  return aligned_fields(gram, b, signs, signs);
}

}  // namespace hypnos

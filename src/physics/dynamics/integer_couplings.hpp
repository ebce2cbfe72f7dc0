#pragma once

#include <Eigen/Core>

namespace hypnos {

/// matrix times 2^exponent.
Eigen::MatrixXd scaled(Eigen::MatrixXd const& matrix, int exponent);

/// The couplings of a network as integers: J_ij = 2^exponent c_ij with zero diagonal, for the smallest exponent for
/// which no sum of |c_ij| over a row reaches 2^28. Couplings that are no such multiples are rounded to the nearest;
/// symmetric ones stay symmetric.
struct ScaledIntegers {
  Eigen::MatrixXi c;  // (N x N)
  int exponent;
};

/// J (N x N), finite, else std::domain_error.
ScaledIntegers integer_couplings(Eigen::MatrixXd const& J);

}  // namespace hypnos

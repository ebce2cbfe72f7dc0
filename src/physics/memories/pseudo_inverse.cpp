#include "hypnos/physics/memories/pseudo_inverse.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <stdexcept>

namespace hypnos {

using Eigen::MatrixXd;

namespace {

// Of the span of the patterns, (N x rank).
MatrixXd orthonormal_basis(MatrixXd const& xi) {
  if (xi.rows() < xi.cols()) {
    // xi xi^T = L L^T: the rows of L^-1 xi are orthonormal
    Eigen::LLT<MatrixXd> const cholesky(xi * xi.transpose());
    constexpr double independent = 1e-6;  // part of a pattern that is orthogonal to those before it
    auto const orthogonal = cholesky.matrixLLT().diagonal().array().square() / static_cast<double>(xi.cols());
    if (cholesky.info() == Eigen::Success && (orthogonal > independent).all())
      return cholesky.matrixL().solve(xi).transpose();
  }
  // slower, and also if patterns depend on each other
  Eigen::ColPivHouseholderQR<MatrixXd> const decomposition(xi.transpose());
  return decomposition.householderQ() * MatrixXd::Identity(xi.cols(), decomposition.rank());
}

}  // namespace

MatrixXd pseudo_inverse(MatrixXd const& xi) {
  if (xi.rows() < 1 || xi.cols() < 1 || !(xi.array().abs() == 1).all())
    throw std::domain_error("the pseudo-inverse rule needs patterns of +1 and -1");
  MatrixXd J = MatrixXd::Zero(xi.cols(), xi.cols());
  J.selfadjointView<Eigen::Lower>().rankUpdate(orthonormal_basis(xi));
  J.triangularView<Eigen::StrictlyUpper>() = J.transpose();
  // Where A_ii = 1 the rest of the row vanishes, but for rounding.
  constexpr double rounding = 1e-12;
  for (Eigen::Index i = 0; i < J.rows(); ++i)
    if (J(i, i) > 1 - rounding) {
      J.row(i).setZero();
      J.col(i).setZero();
    }
  J.diagonal().setZero();
  return J;
}

}  // namespace hypnos

#include "hypnos/physics/dynamics/external_fields.hpp"

namespace hypnos {

using Eigen::MatrixXd;

MatrixXd with_external_fields(MatrixXd const& J, Eigen::VectorXd const& h) {
  auto const N = J.cols();
  MatrixXd all = MatrixXd::Zero(N + 1, N + 1);
  all.topLeftCorner(N, N) = J;
  all.topRightCorner(N, 1) = h;
  return all;
}

MatrixXd with_constant_neuron(MatrixXd const& states) {
  MatrixXd all = MatrixXd::Ones(states.rows(), states.cols() + 1);
  all.leftCols(states.cols()) = states;
  return all;
}

}  // namespace hypnos

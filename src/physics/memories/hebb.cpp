#include "hypnos/physics/memories/hebb.hpp"

namespace hypnos {

Eigen::MatrixXd hebbian_sums(Eigen::MatrixXd const& xi) {
  Eigen::MatrixXd J = xi.transpose() * xi;
  J.diagonal().setZero();
  return J;
}

}  // namespace hypnos

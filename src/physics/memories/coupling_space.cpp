#include "hypnos/physics/memories/coupling_space.hpp"

#include <cmath>
#include <utility>

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Column i below the diagonal equals row i beyond it, and is contiguous.
VectorXd position(MatrixXd const& J) {
  auto const N = J.cols();
  VectorXd r(N * (N - 1) / 2);
  for (Index i = 0, k = 0; i < N; k += N - 1 - i, ++i) r.segment(k, N - 1 - i) = J.col(i).tail(N - 1 - i);
  return r / std::sqrt(r.squaredNorm() / static_cast<double>(r.size()));
}

MatrixXd random_directions(int count, int N, Rng& numbers) {
  MatrixXd directions(Index{N} * (N - 1) / 2, count);
  for (double& component : directions.reshaped()) component = numbers.normal();
  return directions.colwise().normalized();
}

ReferenceLine::ReferenceLine(VectorXd start, VectorXd const& end, MatrixXd directions)
    : start_(std::move(start)), v_(end - start_), directions_(std::move(directions)) {
  v_ /= v_.norm();
}

PathPoint ReferenceLine::point(VectorXd const& r) const {
  auto const [along, distance] = displacement(start_, r);
  return {(directions_.transpose() * r).array(), along, distance};
}

Displacement ReferenceLine::displacement(VectorXd const& from, VectorXd const& to) const {
  return {(to - from).dot(v_), (to - from).norm()};
}

}  // namespace hypnos

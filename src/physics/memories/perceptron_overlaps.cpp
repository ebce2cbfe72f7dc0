#include "hypnos/physics/memories/perceptron_overlaps.hpp"

#include <algorithm>
#include <limits>

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;

MatrixXd perceptron_overlaps(MatrixXd const& xi, SpinStates const& states) {
  PerceptronOverlapSum sum;
  sum.add(xi, states);
  return sum.overlaps(xi);
}

void PerceptronOverlapSum::add(MatrixXd const& xi, SpinStates const& states) {
  if (sum_.size() == 0) sum_.setZero(xi.rows(), xi.cols());
  constexpr Index at_once = 256;
  for (Index first = 0; first < states.count(); first += at_once) {
    MatrixXd const S = states.signs(first, std::min(at_once, states.count() - first));
    MatrixXd const products = xi * S.transpose();
    sum_.noalias() += products * S;
  }
  states_ += states.count();
}

MatrixXd PerceptronOverlapSum::overlaps(MatrixXd const& xi) const {
  return sum_.cwiseProduct(xi) / (static_cast<double>(xi.cols()) * static_cast<double>(states_));
}

ConstraintMeans means_by_stability(MatrixXd const& omega, MatrixXd const& delta) {
  auto const sat = delta.array() >= 0;
  double const least = sat.select(delta.array(), std::numeric_limits<double>::infinity()).minCoeff();
  auto const mean = [&](auto const& chosen) {
    return chosen.select(omega.array(), 0).sum() / static_cast<double>(chosen.count());  // 0 / 0 is NaN
  };
  return {mean(sat), mean(delta.array() < 0), mean(delta.array() == least)};
}

}  // namespace hypnos

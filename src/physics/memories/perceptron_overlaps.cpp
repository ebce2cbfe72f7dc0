#include "hypnos/physics/memories/perceptron_overlaps.hpp"

#include <algorithm>
#include <cmath>
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
  Eigen::ArrayXXd const satisfied = sat.select(delta.array(), std::numeric_limits<double>::infinity());
  auto const mean = [](auto const& chosen, auto const& values) {
    return chosen.select(values, 0).sum() / static_cast<double>(chosen.count());  // 0 / 0 is NaN
  };
  double sum = 0, neurons = 0;
  for (Index i = 0; i < delta.cols(); ++i)
    if (double const least = satisfied.col(i).minCoeff(); std::isfinite(least)) {
      sum += mean(satisfied.col(i) == least, omega.col(i).array());
      ++neurons;
    }
  return {mean(sat, omega.array()), mean(delta.array() < 0, omega.array()),
          mean(delta.array() == satisfied.minCoeff(), omega.array()), sum / neurons};
}

}  // namespace hypnos

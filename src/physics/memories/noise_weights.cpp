#include "hypnos/physics/memories/noise_weights.hpp"

#include <cmath>
#include <limits>

#include "hypnos/physics/memories/stabilities.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

VectorXd signs_of(SpinState S) {
  VectorXd s(S.size());
  for (int i = 0; i < S.size(); ++i) s(i) = S.spin(i);
  return s;
}

}  // namespace

WeightStatistics::WeightStatistics(MatrixXd const& xi, MatrixXd const& J, double scale)
    : xi_(xi),
      J_(J),
      delta_(hypnos::stabilities(xi, J)),
      inverse_sigma_(std::sqrt(static_cast<double>(J.cols())) / (std::abs(scale) * J.rowwise().norm().array())) {
  if (!inverse_sigma_.isFinite().all()) inverse_sigma_.setConstant(std::numeric_limits<double>::quiet_NaN());
}

NoiseWeights WeightStatistics::weights(SpinState S, Index nu) const {
  double const N = static_cast<double>(xi_.cols());
  VectorXd const s = signs_of(S), h = J_ * s;
  VectorXd const updated = (h.array() == 0).select(s, h.cwiseSign());
  VectorXd const reference = xi_.row(nu).transpose();
  VectorXd const m = xi_ * s / N, m_1 = xi_ * updated / N, M = xi_ * reference / N;
  auto const half = 0.5 * inverse_sigma_;
  auto const weighted = [&](VectorXd const& m_a, VectorXd const& s_a, VectorXd const& m_b, VectorXd const& s_b) {
    MatrixXd const sum =
        m_a * (s_a.array() * half).matrix().transpose() + m_b * (s_b.array() * half).matrix().transpose();
    return ArrayXXd(sum.cwiseProduct(xi_));
  };
  return {weighted(m, updated, m_1, s), weighted(m, reference, M, s)};
}

void WeightStatistics::set_bins(Bins const& delta, Bins const& omega) {
  delta_bins_ = delta;
  omega_bins_ = omega;
  counts_ = ArrayXXd::Zero(delta.count, omega.count);
}

void WeightStatistics::Sums::add(MatrixXd const& x, ArrayXXd const& values) {
  y += values.sum();
  yy += values.square().sum();
  xy += (values * x.array()).sum();
}

void WeightStatistics::add(SpinState S, Index nu) {
  auto const [omega, Omega] = weights(S, nu);
  ++configurations_;
  omega_.add(delta_, omega);
  Omega_.add(delta_, Omega);
  if (counts_.size() == 0) return;
  for (Index k = 0; k < omega.size(); ++k) {
    int const row = delta_bins_.of(delta_.reshaped()(k)), column = omega_bins_.of(omega.reshaped()(k));
    if (row >= 0 && column >= 0) ++counts_(row, column);
  }
}

LineFit WeightStatistics::fit(Sums const& sums) const {
  double const points = configurations_ * static_cast<double>(delta_.size());
  double const x = delta_.mean(), y = sums.y / points;
  double const xx = delta_.array().square().mean() - x * x, yy = sums.yy / points - y * y,
               xy = sums.xy / points - x * y;
  double const slope = xy / xx;
  return {y - slope * x, slope, xy / std::sqrt(xx * yy)};
}

ArrayXXd WeightStatistics::density() const {
  double const points = configurations_ * static_cast<double>(delta_.size());
  return counts_ / (points * delta_bins_.width * omega_bins_.width);
}

}  // namespace hypnos

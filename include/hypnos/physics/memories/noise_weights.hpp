#pragma once

#include <Eigen/Core>

#include "hypnos/physics/states/spin_states.hpp"
#include "hypnos/physics/statistics/histogram.hpp"

namespace hypnos {

/// What a training configuration S with the reference pattern xi^nu does to the stability of every pattern mu at every
/// neuron i in one step of the symmetric rule of training with noise (Benedetti and Ventura, arXiv:2302.13417, Eqs.
/// 20-22, A7, A8). With S^1 = sign(J S), where a field of zero leaves S_i, overlaps m_mu of S and m_1,mu of S^1 with
/// xi^mu, M_mu of xi^nu with xi^mu, and sigma_i = (sum_j J_ij^2 / N)^1/2:
///   omega_i^mu = (m_mu xi_i^mu S^1_i + m_1,mu xi_i^mu S_i) / (2 sigma_i)     of the unlearning part,
///   Omega_i^mu = (m_mu xi_i^mu xi_i^nu + M_mu xi_i^mu S_i) / (2 sigma_i)     of the noise part.
/// Good configurations have omega < 0 where Delta ~ 0 (Eq. 23).
struct NoiseWeights {
  Eigen::ArrayXXd omega, Omega;  ///< (P x N)
};

/// Least-squares line y = intercept + slope x and Pearson coefficient over many points. NaN without any spread.
struct LineFit {
  double intercept, slope, pearson;
};

/// Weights of many configurations in one network against the stabilities of its patterns.
class WeightStatistics {
 public:
  /// Couplings scale J, (N x N), any diagonal; sign(J S) is exact for integers J. Patterns xi (P x N). omega and Omega
  /// are NaN if a row of J vanishes.
  WeightStatistics(Eigen::MatrixXd const& xi, Eigen::MatrixXd const& J, double scale);

  NoiseWeights weights(SpinState S, Eigen::Index nu) const;

  /// Adds the weights of one configuration, N P points of (Delta, omega) and of (Delta, Omega), to the fits and, if
  /// there are bins, those of omega to the density. O(N^2 + N P).
  void add(SpinState S, Eigen::Index nu);
  /// Bins of Delta and of omega.
  void set_bins(Bins const& delta, Bins const& omega);

  Eigen::MatrixXd const& stabilities() const { return delta_; }
  LineFit omega() const { return fit(omega_); }  ///< omega_emp(0) is the intercept
  LineFit Omega() const { return fit(Omega_); }
  /// Density of (Delta, omega), (bins of Delta x bins of omega): parts of all points by the area of a bin.
  Eigen::ArrayXXd density() const;

  /// What add() changes.
  template <class Archive>
  void archive(Archive& members) {
    members(configurations_, omega_.y, omega_.yy, omega_.xy, Omega_.y, Omega_.yy, Omega_.xy, counts_);
  }

 private:
  struct Sums {
    double y = 0, yy = 0, xy = 0;
    void add(Eigen::MatrixXd const& x, Eigen::ArrayXXd const& values);
  };
  LineFit fit(Sums const& sums) const;

  Eigen::MatrixXd xi_, J_, delta_;
  Eigen::ArrayXd inverse_sigma_;
  double configurations_ = 0;
  Sums omega_, Omega_;
  Bins delta_bins_{0, 1, 0}, omega_bins_{0, 1, 0};
  Eigen::ArrayXXd counts_;
};

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <vector>

#include "hypnos/physics/boltzmann/exact_moments.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"

namespace hypnos {

/// C_v(beta) = beta^2 (<E^2> - <E>^2) of the whole system, not per spin, in units of k_B
/// (Ventura et al., Unlearning regularization for Boltzmann machines, Eq. 21). Costs one enumeration of the states.
double specific_heat(Ising const& model, double beta, BlockMap const& blocks = serial_blocks);

/// The same at several inverse temperatures, one after the other, to be continued after an interruption
/// (Realization::complete).
class SpecificHeats {
 public:
  SpecificHeats(Ising model, std::vector<double> betas, BlockMap blocks = serial_blocks);

  bool done() const { return measured_ == std::size(betas_); }
  /// One inverse temperature.
  void advance();
  double fraction() const { return done() ? 1 : static_cast<double>(measured_) / static_cast<double>(betas_.size()); }
  /// C_v in the order of betas.
  Eigen::ArrayXd const& result() const { return Cv_; }
  template <class Archive>
  void archive(Archive& members) {
    members(measured_, Cv_);
  }

 private:
  Ising model_;
  std::vector<double> betas_;
  BlockMap blocks_;
  std::size_t measured_ = 0;
  Eigen::ArrayXd Cv_;
};

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "hypnos/physics/boltzmann/sampled_moments.hpp"

namespace hypnos {

/// Specific heats and their standard errors.
struct SampledSpecificHeats {
  Eigen::ArrayXd Cv, error;  ///< in the order of betas
};

/// C_v(beta) = beta^2 (<E^2> - <E>^2) at several inverse temperatures from Markov chains that are cooled: the same chains
/// go from the smallest beta to the largest, and at each of them `sweeps` sweeps are discarded and as many measured.
/// Errors as in MomentSampling; those at different beta are correlated. May be continued after an interruption
/// (Realization::complete).
class Cooling {
 public:
  Cooling(HeatBath& chains, Ising model, std::vector<double> betas, int sweeps, BlockMap blocks = serial_blocks);

  bool done() const { return measured_ == order_.size(); }
  /// A piece of the sampling at one inverse temperature.
  void advance();
  double fraction() const;
  SampledSpecificHeats const& result() const { return result_; }
  template <class Archive>
  void archive(Archive& members) {
    auto const before = measured_;
    members(measured_, result_.Cv, result_.error);
    if (measured_ != before) start_sampling();
    if (sampling_) members(*sampling_);
    else members(chains_);
  }

 private:
  void start_sampling();

  HeatBath& chains_;
  Ising model_;
  std::vector<double> betas_;
  std::vector<std::size_t> order_;  // from the smallest beta to the largest
  int sweeps_;
  BlockMap blocks_;
  std::size_t measured_ = 0;
  std::optional<MomentSampling> sampling_;  // at beta number order_[measured_]; none if all are done
  SampledSpecificHeats result_;
};

}  // namespace hypnos

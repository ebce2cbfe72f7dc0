#pragma once

#include <limits>
#include <vector>

#include "hypnos/physics/boltzmann/averages.hpp"
#include "hypnos/physics/dynamics/heat_bath.hpp"
#include "hypnos/physics/dynamics/thermalization.hpp"

namespace hypnos {

/// Averages during learning from Markov chains that are kept from step to step (Tieleman, Training restricted Boltzmann
/// machines using approximations to the likelihood gradient, ICML 2008): the model changes little in a step, so they stay
/// near equilibrium. Each inverse temperature has chains of its own.
class PersistentChains {
 public:
  /// Chains number k are those of the k-th inverse temperature that a rule needs; they are measured in `sweeps` sweeps.
  PersistentChains(int N, int chains, int sweeps, std::vector<Rng> const& streams, BlockMap blocks = serial_blocks);

  /// To be completed before learning: chains number k start in random states.
  Thermalization thermalization(std::size_t k, Ising model, double beta, int sweeps);

  /// The source of averages for learning. Must not outlive the chains.
  Averages averages();

  /// Root mean square of the standard errors of the last averages <s_i s_j> at the first inverse temperature, over pairs
  /// that have one (SampledMoments); NaN before.
  double c_error() const { return c_error_; }

  template <class Archive>
  void archive(Archive& members) {
    for (auto& chains : chains_) members(chains);
    members(c_error_);
  }

 private:
  std::vector<Moments> sample(Ising const& model, std::vector<double> const& betas);

  int sweeps_;
  BlockMap blocks_;
  std::vector<HeatBath> chains_;
  double c_error_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace hypnos

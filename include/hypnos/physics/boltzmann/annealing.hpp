#pragma once

#include <Eigen/Core>

#include "hypnos/physics/boltzmann/ising.hpp"
#include "hypnos/physics/dynamics/chain_measurement.hpp"

namespace hypnos {

struct AnnealedLogZ {
  double log_Z = 0;
  double error = 0;  ///< standard error; also the size of a bias of order error^2 / 2, downwards
  double effective_chains =
      0;  ///< (sum w)^2 / sum w^2: how many dominate the average; if few do, the error is too small
};

/// ln Z(beta), Z = sum_s exp(-beta E(s)), by annealed importance sampling (Neal, Stat. Comput. 11, 125 (2001)).
///   Z(beta) = 2^N <w>,  ln w = - sum_k (beta_{k+1} - beta_k) E(s_k),  beta_k = k beta / steps
/// where s_0 is random and s_k comes from s_{k-1} by one heat bath sweep at beta_k. <w> is exact for any number of
/// steps >= 1 (else std::domain_error); with more steps it has less noise. The error is a jackknife over chains.
/// The chains start anew, whatever their states, and end after a sweep at beta: with many steps, near equilibrium.
/// Cost: HeatBath::run with steps + 1 sweeps.
class Annealing final : public ChainMeasurement {
 public:
  Annealing(HeatBath& chains, Ising model, double beta, int steps, BlockMap blocks = serial_blocks);

  AnnealedLogZ result() const;
  template <class Archive>
  void archive(Archive& members) {
    ChainMeasurement::archive(members);
    members(log_w_);
  }

 private:
  void measure(ChainBundle& bundle, std::span<double> results) const override;
  void collect(int first, int count, std::span<double const> results) override;

  Eigen::ArrayXd log_w_;  // of every chain
};

/// The same in one call.
AnnealedLogZ annealed_log_Z(HeatBath& chains, Ising const& model, double beta, int steps,
                            BlockMap const& blocks = serial_blocks);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

#include "hypnos/physics/boltzmann/exact_moments.hpp"
#include "hypnos/physics/dynamics/chain_measurement.hpp"

namespace hypnos {

/// Estimates of averages over P(s) = exp(-beta E(s)) / Z, and their standard errors.
struct SampledMoments {
  Moments mean;                      ///< log_Z is NaN: chains do not determine it (annealed_log_Z does)
  Eigen::VectorXd m_error;           ///< of <s_i>, (N)
  Eigen::MatrixXd c_error;           ///< of <s_i s_j>, (N x N), symmetric, zero diagonal
  double energy_error = 0;           ///< of <E>
  double energy_variance_error = 0;  ///< of <E^2> - <E>^2
};

/// Runs the chains for `sweeps` >= 1 sweeps (else std::domain_error) and averages over the states after each of them and
/// over all chains; `discarded` sweeps come before.
/// Errors come from the spread of the chains' own averages over time, so they are right whatever the time correlation,
/// and are themselves known to one part in sqrt(2 chains). Where all chains have the same average, as when a spin never
/// flips in any of them, their spread says nothing, and the error is NaN. Errors do not include a bias: the chains must
/// be in equilibrium, or follow a model that changes little between calls.
/// With no field at all, E(s) = E(-s), and m and its error are exactly 0, as in exact_moments.
/// energy_variance is corrected for the bias that the error of <E> brings.
/// The bits do not depend on the number of processes. On top of HeatBath::run it counts N^2/2 pairs in every chain and
/// every 64 sweeps (the last incomplete ones too): a millisecond for N = 50 and 1024 chains, the time of ten sweeps.
/// Memory: N sweeps / 8 bytes per chain, 64 chains at a time.
class MomentSampling final : public ChainMeasurement {
 public:
  MomentSampling(HeatBath& chains, Ising model, double beta, int discarded, int sweeps,
                 BlockMap blocks = serial_blocks);

  SampledMoments result() const;
  template <class Archive>
  void archive(Archive& members) {
    ChainMeasurement::archive(members);
    members(counts_, energy_, square_);
  }

 private:
  void measure(ChainBundle& bundle, std::span<double> results) const override;
  void collect(int first, int count, std::span<double const> results) override;

  Eigen::ArrayXd
      counts_;  // of every pair: sums over chains of the number of sweeps with unlike spins, and of its square
  Eigen::ArrayXd energy_, square_;  // of every chain: E and E^2 averaged over time
};

/// The same in one call, on chains in equilibrium.
SampledMoments sampled_moments(HeatBath& chains, Ising const& model, double beta, int sweeps,
                               BlockMap const& blocks = serial_blocks);

}  // namespace hypnos

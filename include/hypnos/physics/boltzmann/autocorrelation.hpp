#pragma once

#include <Eigen/Core>

#include "hypnos/physics/boltzmann/ising.hpp"
#include "hypnos/physics/dynamics/chain_measurement.hpp"

namespace hypnos {

struct Autocorrelation {
  Eigen::ArrayXd rho;    ///< at lags 0, 1, 2 ... sweeps; 1 at lag 0
  Eigen::ArrayXd error;  ///< standard errors of rho
  double tau = 0;        ///< integrated time, sweeps: 1/2 + sum of rho over lags 1 ... window
  double tau_error = 0;
  int window = 0;  ///< the first lag of at least 6 tau (Sokal, Monte Carlo methods in statistical mechanics, 1989)
};

/// Correlation of the configurations of a heat bath chain with those some sweeps later
/// (Ventura et al., Unlearning regularization for Boltzmann machines, Fig. 8),
///   rho(lag) = (q(lag) - q_inf) / (1 - q_inf),  q(lag) = 1/N sum_i <s_i(t) s_i(t + lag)>,  q_inf = 1/N sum_i <s_i>^2.
/// q(lag) averages over all times of a run of `sweeps` sweeps and over all chains. q_inf comes from products of
/// different chains only, which are independent, so it is unbiased; with no field at all E(s) = E(-s) and it is exactly
/// 0, although a single chain in a glassy model may need much longer than the run to show this symmetry.
/// Where spins hardly ever flip, q_inf = 1 and rho is NaN, or all noise.
/// tau and tau_error are NaN if lags end before the window does: ask for more.
/// Errors are jackknifes over chains, at fixed window: they need no model of the correlation in time. They are NaN where
/// all chains agree, as when no spin flips in any of them; at lag 0 the error is 0. The chains must
/// be in equilibrium at beta, or be brought there by the `discarded` sweeps. 1 <= lags < sweeps, else
/// std::domain_error.
/// Cost on top of HeatBath::run: N sweeps lags / 64 counts per chain; memory N sweeps / 8 bytes per chain, 64 at a time.
class AutocorrelationMeasurement final : public ChainMeasurement {
 public:
  AutocorrelationMeasurement(HeatBath& chains, Ising model, double beta, int discarded, int sweeps, int lags,
                             BlockMap blocks = serial_blocks);

  Autocorrelation result() const;
  template <class Archive>
  void archive(Archive& members) {
    ChainMeasurement::archive(members);
    members(of_chains_);
  }

 private:
  void measure(ChainBundle& bundle, std::span<double> results) const override;
  void collect(int first, int count, std::span<double const> results) override;

  int lags_;
  Eigen::ArrayXXd of_chains_;  // (lags + 1 + N, chains): overlaps at all lags, then magnetizations
};

/// The same in one call, on chains in equilibrium.
Autocorrelation autocorrelation(HeatBath& chains, Ising const& model, double beta, int sweeps, int lags,
                                BlockMap const& blocks = serial_blocks);

}  // namespace hypnos

#pragma once

#include "hypnos/physics/boltzmann/ising.hpp"
#include "hypnos/physics/dynamics/heat_bath.hpp"

namespace hypnos {

struct AnnealedLogZ {
  double log_Z = 0;
  double error = 0;             ///< standard error; also the size of a bias of order error^2 / 2, downwards
  double effective_chains = 0;  ///< (sum w)^2 / sum w^2: how many carry the average; if few do, the error is too small
};

/// ln Z(beta), Z = sum_s exp(-beta E(s)), by annealed importance sampling (Neal, Stat. Comput. 11, 125 (2001)).
///   Z(beta) = 2^N <w>,  ln w = - sum_k (beta_{k+1} - beta_k) E(s_k),  beta_k = k beta / steps
/// where s_0 is random and s_k comes from s_{k-1} by one heat bath sweep at beta_k. <w> is exact for any number of
/// steps >= 1; with more steps it has less noise. The error is a jackknife over chains.
/// The chains begin anew, whatever their states, and end after a sweep at beta: with many steps, near equilibrium.
/// Cost: HeatBath::run with steps + 1 sweeps.
AnnealedLogZ annealed_log_Z(HeatBath& chains, Ising const& model, double beta, int steps,
                            BlockMap const& blocks = serial_blocks);

}  // namespace hypnos

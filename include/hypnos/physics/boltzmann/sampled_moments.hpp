#pragma once

#include <Eigen/Core>

#include "hypnos/physics/boltzmann/exact_moments.hpp"
#include "hypnos/physics/dynamics/heat_bath.hpp"

namespace hypnos {

/// Estimates of averages over P(s) = exp(-beta E(s)) / Z, and their standard errors.
struct SampledMoments {
  Moments mean;                      ///< log_Z is NaN: chains do not know it (annealed_log_Z does)
  Eigen::VectorXd m_error;           ///< of <s_i>, (N)
  Eigen::MatrixXd c_error;           ///< of <s_i s_j>, (N x N), symmetric, zero diagonal
  double energy_error = 0;           ///< of <E>
  double energy_variance_error = 0;  ///< of <E^2> - <E>^2
};

/// Runs the chains for `sweeps` >= 1 sweeps and averages over the states after each of them and over all chains.
/// Errors come from the spread of the chains' own averages over time, so they are right whatever the time correlation,
/// and are themselves known to one part in sqrt(2 chains). They do not show a bias: chains must have forgotten where
/// they started, or follow a model that changes little between calls.
/// With no field at all, E(s) = E(-s), and m and its error are exactly 0, as in exact_moments.
/// energy_variance is free of the bias that the error of <E> brings.
/// Bits do not depend on who computes what. On top of HeatBath::run it counts N^2/2 pairs in every chain and every 64
/// sweeps (begun ones too): a millisecond for N = 50 and 1024 chains, as long as ten sweeps take. Memory: N sweeps / 8
/// bytes a chain, 64 chains at a time.
SampledMoments sampled_moments(HeatBath& chains, Ising const& model, double beta, int sweeps,
                               BlockMap const& blocks = serial_blocks);

}  // namespace hypnos

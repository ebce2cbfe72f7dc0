#pragma once

#include <Eigen/Core>

#include "hypnos/physics/boltzmann/exact_moments.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"

namespace hypnos {

/// A distribution of N spins as far as an Ising model can tell: its averages and its entropy.
struct Ensemble {
  Eigen::VectorXd m;   ///< <s_i>, (N)
  Eigen::MatrixXd c;   ///< <s_i s_j>, (N x N), symmetric
  double entropy = 0;  ///< -<ln P>, nats
};

/// The Ising model of these moments at this beta; S = ln Z + beta <E>.
Ensemble ensemble(Moments const& moments, double beta = 1);

/// <E> = -sum_{i<j} J_ij <s_i s_j> - sum_i h_i <s_i>.
double mean_energy(Ising const& model, Ensemble const& p);

/// <ln P_model> over p at inverse temperature beta, -beta <E>_p - ln Z_beta: what a sample of p adds to the
/// log-likelihood on average, nats.
double log_likelihood(Ensemble const& p, Ising const& model, double log_Z, double beta = 1);

/// D_KL(p | model) = -S_p + beta <E>_p + ln Z_beta (Ventura et al., Unlearning regularization for Boltzmann machines,
/// Eq. 25), nats. Non-negative up to the rounding of its terms, about N times 1e-15.
double kl_divergence(Ensemble const& p, Ising const& model, double log_Z, double beta = 1);

/// D_KL(p | q) + D_KL(q | p) of two Ising models at beta = 1 (Eq. 20), nats, as the sum over i<j of
/// (J_p - J_q)_ij (c_p - c_q)_ij and of the same for fields: free of the large terms that cancel in each part.
double symmetric_kl_divergence(Ising const& p, Ensemble const& averages_p, Ising const& q, Ensemble const& averages_q);

}  // namespace hypnos

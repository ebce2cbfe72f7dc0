#pragma once

namespace hypnos {

// Distributions of the stabilities (stabilities.hpp) of alpha N random patterns in large networks, for rules where they
// are known in closed form. Those of training with noise: wong_sherrington.hpp.

/// Of Hebb's couplings: the field of a pattern on its neuron is 1 plus the interference of the others, normal with
/// variance alpha, and rows have length alpha^(1/2), so Delta is normal with mean alpha^(-1/2) and variance 1.
struct HebbianStabilities {
  double mean;

  /// alpha > 0, else std::domain_error.
  explicit HebbianStabilities(double alpha);

  double density(double delta) const;
  double cumulative(double delta) const;  ///< fraction of stabilities <= delta
};

/// At the largest possible smallest stability k (gardner.hpp): a stability that were below k without its pattern is
/// raised to k,
///   rho(Delta) = phi(Delta) Theta(Delta - k) + Phi(k) delta(Delta - k)
/// (Kepler and Abbott, J. Phys. (France) 49, 1657 (1988)). All NaN where alpha > 2.
struct LargestMarginStabilities {
  double k;
  double at_k;  ///< fraction of stabilities that equal k, Phi(k)

  /// alpha > 0, else std::domain_error.
  explicit LargestMarginStabilities(double alpha);

  double density(double delta) const;     ///< without the part at k
  double cumulative(double delta) const;  ///< fraction of stabilities <= delta
};

/// Of the pseudo-inverse with zero diagonal, J_ij = Q_ij for i != j, Q the projector onto the space of the patterns
/// (Personnaz, Guyon and Dreyfus, J. Phys. Lett. 46, L359 (1985); Kanter and Sompolinsky, Phys. Rev. A 35, 380 (1987)).
/// All patterns have the same stability on a neuron: field 1 - Q_ii, row length sqrt(Q_ii - Q_ii^2), so
///   Delta_i = sqrt((1 - Q_ii) / Q_ii).
/// With x the vector of xi_i^mu and A the inverse of sum_{j != i} x_j x_j^T, Q_ii = h / (1 + h) for h = x^T A x, so
/// Delta_i = h^{-1/2}. Since entries are +-1, h has variance 2 sum_{mu != nu} A_mu,nu^2. The spectrum of Marchenko and
/// Pastur gives its mean alpha / (1 - alpha) and variance 2 alpha^2 / (N (1 - alpha)^3). To leading order in 1/N Delta
/// is therefore normal with
///   mean sqrt((1 - alpha) / alpha), variance 1 / (2 alpha N).
struct PseudoInverseStabilities {
  double mean, deviation;

  /// 0 < alpha < 1, N >= 1, else std::domain_error.
  PseudoInverseStabilities(double alpha, int N);

  double density(double delta) const;
  double cumulative(double delta) const;  ///< fraction of stabilities <= delta
};

}  // namespace hypnos

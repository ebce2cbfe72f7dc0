#pragma once

namespace hypnos {

// The optimal stability of alpha N random patterns of N neurons, N -> infinity: the largest k such that couplings
// exist for which all stabilities (stabilities.hpp) are at least k. For k < 0, where the formulas are only bounds (the
// space of solutions falls into pieces), functions of alpha return NaN. alpha > 0, else std::domain_error.

/// Couplings without symmetry: 1 / alpha = int_{-k}^infinity (t + k)^2 Dt = (1 + k^2) Phi(k) + k phi(k), with Phi and
/// phi the normal distribution and its density (Gardner, J. Phys. A 21, 257 (1988)). Two patterns a neuron at k = 0.
double gardner_k(double alpha);

/// Symmetric couplings, J_ij = J_ji, of strongly diluted networks (Gardner, Gutfreund and Yekutieli, J. Phys. A 22,
/// 1995 (1989)):
///   1 / (2 alpha) = I_2(u) + I_1(u)^2,  k = u + I_1(u),  I_1 = u Phi + phi,  I_2 = (1 + u^2) Phi + u phi.
/// The cavity argument: the smallest symmetric J with all constraints fulfilled is J_ij = sum_mu (x_i + x_j) xi_i xi_j,
/// so a new pattern meets a Gaussian field of variance |J|^2 and the response to its own x_i, and to the mean <x> of
/// the x_j. 1.278 patterns a neuron at k = 0.
double symmetric_gardner_k(double alpha);

}  // namespace hypnos

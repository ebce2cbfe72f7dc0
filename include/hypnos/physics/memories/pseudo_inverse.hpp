#pragma once

#include <Eigen/Core>

namespace hypnos {

/// The couplings of the pseudo-inverse rule with a zero diagonal (Personnaz, Guyon and Dreyfus, J. Physique Lett. 46,
/// L359 (1985); Kanter and Sompolinsky, Phys. Rev. A 35, 380 (1987)):
///   J_ij = A_ij for i != j,  A the projector onto the span of the patterns,
/// for independent patterns A_ij = 1/N sum_{mu nu} xi_i^mu (C^-1)_{mu nu} xi_j^nu, C_{mu nu} = xi^mu xi^nu / N. As A
/// xi^mu = xi^mu and A^2 = A, all patterns have the same stability at neuron i, sqrt((1 - A_ii) / A_ii); the mean of
/// A_ii is P / N. xi (P x N), entries +-1; J (N x N), symmetric. Row i is zero where A_ii = 1, as for N independent
/// patterns. O(P^2 N + P N^2).
Eigen::MatrixXd pseudo_inverse(Eigen::MatrixXd const& xi);

}  // namespace hypnos

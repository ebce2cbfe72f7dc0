#pragma once

#include <Eigen/Core>

namespace hypnos {

/// The couplings that hold patterns most firmly: for every neuron i, the largest margin
///   kappa_i = max_J min_mu xi_i^mu sum_{j != i} J_ij xi_j^mu / |J_i|
/// and the only J_i that has it (Gardner, J. Phys. A 21, 257 (1988); Ventura, Learning and unlearning (2024),
/// Eqs. 14 and 17). J is not symmetric.
struct SupportVectorMachine {
  Eigen::MatrixXd J;  ///< (N x N), zero diagonal, rows of length 1; zeros for a neuron whose patterns cannot be held
  Eigen::ArrayXd margin;  ///< the smallest stability of each row of J, (N)
  Eigen::ArrayXd
      bound;  ///< kappa_i lies in [margin, bound], proved by weights of the patterns; equal but for tolerance
  int iterations;
};

/// All rows at once: with w_i = sum_mu a_mu xi_i^mu xi^mu, the dual problem max_{a >= 0} sum_mu a_mu - |w_i|^2 / 2 by
/// accelerated projected gradients (Beck and Teboulle, SIAM J. Imaging Sci. 2, 183 (2009)), begun again for a row
/// whenever its momentum points against the gradient (O'Donoghue and Candes, Found. Comput. Math. 15, 715 (2015)).
/// Any a proves kappa_i <= |w_i| / sum_mu a_mu. A row is ready when its margin is at least (1 - tolerance) times the
/// bound; after `most_iterations` rows stay as they are (of patterns that cannot be held the bound goes to 0).
/// xi (P x N), entries +-1, P >= 1, N >= 2; tolerance > 0; else std::domain_error. An iteration is a product
/// (P x P)(P x rows that are not ready).
SupportVectorMachine support_vector_machine(Eigen::MatrixXd const& xi, double tolerance, int most_iterations);

/// |J - J^T| / |J + J^T|, Frobenius norms: 0 for symmetric, 1 for independent J_ij and J_ji, infinite for J = -J^T;
/// NaN for J = 0.
double asymmetry(Eigen::MatrixXd const& J);

}  // namespace hypnos

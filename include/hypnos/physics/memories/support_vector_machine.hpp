#pragma once

#include <Eigen/Core>
#include <iterator>
#include <vector>

#include "hypnos/base/stage.hpp"

namespace hypnos {

/// The couplings with the largest margin: for every neuron i,
///   kappa_i = max_J min_mu xi_i^mu sum_{j != i} J_ij x_j^mu / |J_i|
/// and the only J_i that has it (Gardner, J. Phys. A 21, 257 (1988); Ventura, Learning and unlearning (2024),
/// Eqs. 14 and 17). J is not symmetric. The inputs x are the patterns xi, or others: xi less its mean activity, where
/// fields are those of s less this mean.
struct SupportVectorMachine {
  Eigen::MatrixXd
      J;  ///< (N x N), zero diagonal, rows of length 1; zeros for a neuron whose constraints cannot be satisfied
  Eigen::ArrayXd margin;  ///< the smallest stability of each row of J, (N)
  Eigen::ArrayXd
      bound;  ///< kappa_i lies in [margin, bound], proved by weights of the patterns; equal but for tolerance
  int iterations;
};

/// All rows at once: with w_i = sum_mu a_mu xi_i^mu x^mu, the dual problem max_{a >= 0} sum_mu a_mu - |w_i|^2 / 2 by
/// accelerated projected gradients (Beck and Teboulle, SIAM J. Imaging Sci. 2, 183 (2009)), begun again for a row
/// whenever its momentum points against the gradient (O'Donoghue and Candes, Found. Comput. Math. 15, 715 (2015)).
/// Any a proves kappa_i <= |w_i| / sum_mu a_mu. A row is ready when its margin is at least (1 - tolerance) times the
/// bound; after `most_iterations` rows stay as they are (where the constraints cannot be satisfied the bound goes to
/// 0). xi (P x N), entries +-1, P >= 1, N >= 2; x (P x N), finite; tolerance > 0; else std::domain_error. An iteration
/// is a product (P x P)(P x rows that are not ready).
SupportVectorMachine support_vector_machine(Eigen::MatrixXd const& xi, Eigen::MatrixXd const& x, double tolerance,
                                            int most_iterations);
/// The same with x = xi.
SupportVectorMachine support_vector_machine(Eigen::MatrixXd const& xi, double tolerance, int most_iterations);

/// The same in pieces: a stage (stage.hpp). A piece is an iteration, or, of large networks, a part of its rows.
class SupportVectorMachineLearning {
 public:
  SupportVectorMachineLearning(Eigen::MatrixXd const& xi, Eigen::MatrixXd const& x, double tolerance,
                               int most_iterations);
  SupportVectorMachineLearning(Eigen::MatrixXd const& xi, double tolerance, int most_iterations)
      : SupportVectorMachineLearning(xi, xi, tolerance, most_iterations) {}

  bool done() const {
    return neurons_.empty() || (machine_.iterations == most_iterations_ && phase_ == Phase::iteration);
  }
  void advance(double operations = operations_of_a_piece);
  double fraction() const;

  template <class Archive>
  void archive(Archive& members) {
    members(machine_.J, machine_.margin, machine_.bound, machine_.iterations, neurons_, signs_, own_, b_, y_, t_,
            phase_, row_, open_);
  }

  /// Of a stage that is done.
  SupportVectorMachine const& machine() const { return machine_; }

 private:
  enum class Phase { iteration, test };

  Eigen::Index rows() const { return std::ssize(neurons_); }
  Eigen::MatrixXd fields(Eigen::MatrixXd const& weights, Eigen::Index count) const;
  void iterate(Eigen::Index count);
  void test(Eigen::Index count);

  Eigen::MatrixXd x_, gram_;
  double tolerance_, step_;
  int most_iterations_;
  SupportVectorMachine machine_;

  // Rows that are not ready, one in a column. Weights carry the sign of their pattern's neuron: b_mu = a_mu xi_i^mu.
  std::vector<Eigen::Index> neurons_;
  Eigen::MatrixXd signs_, own_, b_, y_;  // own: x_i^mu; y: where the gradient is taken
  Eigen::ArrayXd t_;                     // of the momentum
  Phase phase_ = Phase::iteration;
  Eigen::Index row_ = 0;            // that comes next in this phase
  std::vector<Eigen::Index> open_;  // of the rows tested so far those that are not ready
};

/// |J - J^T| / |J + J^T|, Frobenius norms: 0 for symmetric, 1 for independent J_ij and J_ji, infinite for J = -J^T;
/// NaN for J = 0.
double asymmetry(Eigen::MatrixXd const& J);

}  // namespace hypnos

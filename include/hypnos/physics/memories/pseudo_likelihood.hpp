#pragma once

#include <Eigen/Core>
#include <iterator>
#include <vector>

#include "hypnos/base/stage.hpp"

namespace hypnos {

/// The couplings of largest pseudo-likelihood of the patterns, for rows of bounded length. Those of neuron i minimize
///   L_i(w) = sum_mu ln(1 + exp(-2 xi_i^mu sum_{j != i} w_j xi_j^mu)),  |w| <= Lambda,
/// which is -sum_mu ln P(s_i = xi_i^mu | the other neurons of xi^mu) in the Ising model with the couplings w (Besag, J.
/// R. Stat. Soc. B 36, 192 (1974)). Where couplings exist that store all patterns, |w| = Lambda, and
///   L_i = sum_mu ln(1 + exp(-2 Lambda Delta_i^mu))
/// with the stabilities Delta; then J_i tends to that of the support vector machine for Lambda -> infinity, and to
/// Hebb's for Lambda -> 0.
struct PseudoLikelihood {
  Eigen::MatrixXd J;        ///< (N x N), rows w, zero diagonal, not symmetric
  Eigen::ArrayXd log_loss;  ///< ln L_i, (N)
  Eigen::ArrayXd gap;       ///< (L_i - its minimum) / L_i is proved to be at most this, (N)
  int iterations;
};

/// Learns all rows at once: conjugate gradients on the sphere |w| = const for ln L_i (Edelman, Arias and Smith, SIAM J.
/// Matrix Anal. Appl. 20, 303 (1998)), with a line search along great circles, which needs no product, and a search for
/// the length, whose bound is doubled from 1 to Lambda. With v = sum_mu a_mu xi_i^mu xi^mu, a_mu = 2 / (1 + exp(2
/// xi_i^mu sum_j w_j xi_j^mu)), the dual problem proves L_i(w) - min L_i <= Lambda |v| - w v; a row is ready when this
/// is at most tolerance times L_i. A stage (stage.hpp). A piece is an iteration, or, of large networks, a part of its
/// rows. An iteration is a product (P x P)(P x rows that are not ready) and about ten exponentials an entry.
class PseudoLikelihoodLearning {
 public:
  /// xi (P x N), entries +-1, P >= 1, N >= 2; Lambda > 0 and tolerance > 0, else std::domain_error. After
  /// `most_iterations` rows stay as they are.
  PseudoLikelihoodLearning(Eigen::MatrixXd const& xi, double Lambda, double tolerance, int most_iterations);

  bool done() const { return neurons_.empty() || found_.iterations == most_iterations_; }
  void advance(double operations = operations_of_a_piece);
  double fraction() const { return done() ? 1 : static_cast<double>(found_.iterations) / most_iterations_; }

  template <class Archive>
  void archive(Archive& members) {
    members(found_.J, found_.log_loss, found_.gap, found_.iterations, neurons_, signs_, w_, w_fields_, d_, d_fields_,
            g_fields_, norm_, bound_, g_squared_, row_, open_);
  }

  /// Of a stage that is done.
  PseudoLikelihood const& found() const { return found_; }

 private:
  void iterate(Eigen::Index k, Eigen::VectorXd const& v, Eigen::VectorXd const& v_fields);
  void lengthen(Eigen::Index k);

  Eigen::MatrixXd xi_, gram_;
  double Lambda_, tolerance_;
  int most_iterations_;
  PseudoLikelihood found_;

  // Rows that are not ready, one in a column. A vector sum_mu b_mu xi^mu is kept as b and as its aligned fields,
  // xi_i^mu sum_{j != i} of it with xi^mu, so that scalar products are sums over patterns.
  std::vector<Eigen::Index> neurons_;
  Eigen::MatrixXd signs_;
  Eigen::MatrixXd w_, w_fields_;  // of length 1
  Eigen::MatrixXd d_, d_fields_;  // direction of the search, orthogonal to w
  Eigen::MatrixXd g_fields_;      // gradient before the last step
  Eigen::ArrayXd norm_, bound_;   // of w; the bound rises to Lambda
  Eigen::ArrayXd g_squared_;
  Eigen::Index row_ = 0;  // that comes next in this iteration
  std::vector<Eigen::Index> open_;
};

/// The same in one call.
PseudoLikelihood pseudo_likelihood(Eigen::MatrixXd const& xi, double Lambda, double tolerance, int most_iterations);

}  // namespace hypnos

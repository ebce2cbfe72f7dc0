#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>

#include "hypnos/base/fraction.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"

namespace hypnos {

/// How far a network is unlearnt.
struct UnlearningEnd {
  std::int64_t most_dreams = 0;
  bool at_stable = false;  ///< before, at the first number of dreams after which all patterns are stable
};

/// Hebbian unlearning of patterns with a mean b (Ventura, Learning and unlearning (2024), Eqs. 8, 16; Amit, Gutfreund
/// and Sompolinsky, Phys. Rev. A 35, 2293 (1987)): all rules act on s - b. Initially
///   J_ij = 1/N sum_mu (xi_i^mu - b)(xi_j^mu - b);
/// in a dream the network evolves from a random state of mean b to a fixed point S of
///   s_i <- sign(h_i),  h_i = sum_{j != i} J_ij (s_j - b),
/// and then J_ij changes by -(lambda / N)(S_i - b)(S_j - b). J_ii = 0 always. Patterns are stable if all xi_i h_i > 0.
///
/// J = C / (q N) with lambda = r / q, C in double precision: at b = 0 integers, and C is that of `Unlearning`.
/// Dream d draws from the numbers numbers_of_dream(stream, d) (plain_unlearning.hpp): one uniform() a neuron, which is
/// +1 if it is below (1 + b) / 2, then those of the relaxation. A stage (stage.hpp). O(N^2 + N P) a dream.
class CentredUnlearning {
 public:
  /// xi (P x N), entries +-1, P >= 1; -1 < b < 1, else std::domain_error.
  CentredUnlearning(Eigen::MatrixXd const& xi, double b, Fraction lambda, Order order, UnlearningEnd end,
                    Rng const& stream);

  bool done() const { return dreams_ == end_.most_dreams || (end_.at_stable && dreams_in_); }
  void advance(double operations = operations_of_a_piece);
  double fraction() const { return done() ? 1 : static_cast<double>(dreams_) / static_cast<double>(end_.most_dreams); }

  template <class Archive>
  void archive(Archive& members) {
    members(C_, fields_, dreams_, dreams_in_);
  }

  std::int64_t dreams() const { return dreams_; }  ///< so far
  /// The smallest number of dreams after which all patterns are stable; none if there was no such number so far.
  std::optional<std::int64_t> dreams_in() const { return dreams_in_; }
  Eigen::MatrixXd const& C() const { return C_; }
  Eigen::MatrixXd J() const { return C_ / (static_cast<double>(lambda_.q) * static_cast<double>(C_.cols())); }

 private:
  Eigen::VectorXd dreamt_state() const;
  void dream();
  void look_for_stability();

  Eigen::MatrixXd xi_;  // transposed, (N x P)
  double b_;
  Fraction lambda_;
  Order order_;
  UnlearningEnd end_;
  Rng stream_;

  Eigen::MatrixXd C_, fields_;  // fields: sum_{j != i} C_ij (xi_j^mu - b), (N x P)
  std::int64_t dreams_ = 0;
  std::optional<std::int64_t> dreams_in_;
};

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

namespace hypnos {

/// The patterns xi of a machine with regularized axons, one in a column. Entries may be any numbers.
template <class Scalar>
struct AxonPatterns {
  Eigen::MatrixX<Scalar> visible;  ///< (V x K)
  Eigen::MatrixX<Scalar> hidden;   ///< (H x K)
};

/// A restricted Boltzmann machine of V visible and H hidden units +-1 (Pozas-Kerstjens et al., Mach. Learn.: Sci.
/// Technol. 2, 025026 (2021), Eqs. 1, 5, A1, A2; the sign of F is the opposite of that printed in Eq. A2):
///   P(v, h) = exp(-E(v, h)) / Z,  E(v, h) = -v^T W h - a^T v - b^T h,
///   F(v) = -a^T v - sum_alpha log 2 cosh(b + W^T v)_alpha,  exp(-F(v)) = sum_h exp(-E(v, h)),
/// with free weights W (V x H) or with regularized axons, W = xi_v xi_h^T / sqrt(K).
///
/// States are batches: a column for each of n states, entries +-1. Fields of a batch cost n V H multiplications, or
/// n K (V + H) by the patterns, without W. A machine with patterns uses the smaller number; W is computed once, in the
/// constructor, if it is used. Shapes that do not fit are a std::domain_error in all functions.
/// float is for sampling and training, double for likelihoods.
template <class Scalar>
class RestrictedMachine {
 public:
  using Matrix = Eigen::MatrixX<Scalar>;
  using Vector = Eigen::VectorX<Scalar>;
  using Batch = Eigen::Ref<Matrix const>;

  /// Biases a (V) and b (H); without entries they are zero. W has at least one row and one column, K >= 1.
  explicit RestrictedMachine(Matrix W, Vector a = {}, Vector b = {});
  explicit RestrictedMachine(AxonPatterns<Scalar> xi, Vector a = {}, Vector b = {});

  Eigen::Index visible_units() const { return a_.size(); }
  Eigen::Index hidden_units() const { return b_.size(); }
  Vector const& visible_biases() const { return a_; }
  Vector const& hidden_biases() const { return b_; }
  bool has_biases() const { return has_biases_; }
  bool has_patterns() const { return xi_.visible.size() > 0; }
  /// Without columns if the weights are free.
  AxonPatterns<Scalar> const& patterns() const { return xi_; }
  /// W (V x H). K V H multiplications if it is not kept.
  Matrix weights() const;
  /// Multiplications for the fields of one state.
  double multiplications() const;

  /// b + W^T v, (H x n), of visible states v (V x n).
  Matrix hidden_fields(Batch const& v) const;
  /// a + W h, (V x n), of hidden states h (H x n).
  Matrix visible_fields(Batch const& h) const;
  /// F(v), (n). Precision: that of a sum of H numbers; nothing overflows.
  Vector free_energies(Batch const& v) const;
  /// E(v, h), (n), of n pairs.
  Vector energies(Batch const& v, Batch const& h) const;

  /// The same machine in another precision.
  template <class Other>
  RestrictedMachine<Other> cast() const {
    Eigen::VectorX<Other> const a = a_.template cast<Other>(), b = b_.template cast<Other>();
    if (!has_patterns()) return RestrictedMachine<Other>(Eigen::MatrixX<Other>(W_.template cast<Other>()), a, b);
    return RestrictedMachine<Other>(
        AxonPatterns<Other>{xi_.visible.template cast<Other>(), xi_.hidden.template cast<Other>()}, a, b);
  }

 private:
  void set_biases(Eigen::Index V, Eigen::Index H);

  AxonPatterns<Scalar> xi_;
  Matrix W_;  // without entries if fields are computed by the patterns
  Vector a_, b_;
  bool has_biases_ = false;
};

extern template class RestrictedMachine<float>;
extern template class RestrictedMachine<double>;

}  // namespace hypnos

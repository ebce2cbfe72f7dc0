#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/kernels/sign_blocks.hpp"

namespace hypnos {

/// Training with noise (Gardner, Stroud and Wallace, J. Phys. A 22, 2019 (1989); Benedetti and Ventura,
/// arXiv:2302.13417, Eqs. 9-12, 17). In each step a pattern mu is chosen uniformly, and of it a noisy pattern
/// S_i = chi_i xi_i^mu, with independent chi_i = +-1 of mean m_t. With h = J S and eps_i = Theta(-xi_i^mu h_i),
///   asymmetric (Eq. 9)   J_ij += (lambda / N) eps_i xi_i^mu S_j,
///   symmetric (Eq. 17)   J_ij += (lambda / N) (eps_i xi_i^mu S_j + eps_j xi_j^mu S_i),
/// and J_ii = 0. Step by step this is stochastic gradient descent of <max(0, -xi_i^mu h_i)> (WongSherrington,
/// PatternLoss::noisy_perceptron).
struct NoiseRule {
  double lambda = 1;  ///< > 0
  double m_t = 0.5;   ///< training overlap, 0 to 1; probabilities are multiples of 2^-32
  bool symmetric = false;
  /// lambda_i = lambda sigma_i on row i, sigma_i = |J_i| / sqrt(N) before the step. Of the asymmetric rule only: the
  /// symmetric one changes all entries of all rows, so sigma_i after a step needs a pass over the whole matrix.
  bool rescaled = false;
  /// Theta(0) = 1. Couplings of zero, whose fields are all 0, never change with Theta(0) = 0.
  bool zero_field_updates = false;
};

/// std::domain_error for a rule that no couplings of N neurons can have: numbers out of range, a symmetric rule with a
/// rescaled rate, a rescaled rate that needs more than 32 bits.
void require_possible(NoiseRule const& rule, int N);

/// Couplings as integers, J_ij = unit 2^-halvings_i K_ij. A step adds +-step to entries of K, or, with a rescaled rate,
/// the integer next to lambda sigma_i / N in units of row i. So no rounding accumulates, and the order of sums does not
/// matter. Sums of a row with signs stay below 2^30, so 32 bits suffice.
struct IntegerCouplings {
  Eigen::MatrixXi K;  ///< (N x N), zero diagonal
  double unit = 1;
  Eigen::VectorXi halvings;
  int step = 1;            ///< without a rescaled rate
  int smallest_sigma = 0;  ///< 2^smallest_sigma; with a rescaled rate

  static constexpr std::int64_t largest_sum = (std::int64_t{1} << 30) - 1;
  /// With a rescaled rate rows are brought into their range before every step whose number is a multiple of this.
  static constexpr int steps_between_ranges = 32;

  /// Row i is multiplied by 2 while sigma_i is below 2^smallest_sigma in its units, and halved, rounded towards 0,
  /// while it is not below 2^(smallest_sigma + 2): sigma_i^2 N = `squares`, which is returned as it is afterwards. Rows
  /// of zeros remain. Doubling, which is exact, is the usual case, since rescaled steps shorten the rows. The row may
  /// belong to a copy of K.
  using Row = Eigen::Ref<Eigen::RowVectorXi, 0, Eigen::InnerStride<>>;
  std::int64_t bring_into_range(Row row, Eigen::Index i, std::int64_t squares);

  /// sum_j K_ij^2.
  std::int64_t squares(Eigen::Index i) const;
  /// (N x N)
  Eigen::MatrixXd J() const;
};

/// Hebb's couplings (1/N) sum_mu xi_i^mu xi_j^mu (Eq. 7), without rounding: fields that vanish are exactly 0 as long as
/// rates are not rescaled. xi (P x N), P > 0. std::domain_error if the rate is not a fraction (fraction.hpp), or too
/// small for 32 bits, and for a rule that is not one.
IntegerCouplings hebbian_integers(Eigen::MatrixXd const& xi, NoiseRule const& rule);
/// Any couplings (N x N) with zero diagonal, symmetric if the rule is, rounded once to multiples of a unit: without a
/// rescaled rate lambda / N divided by a power of 2, as fine as sums below 2^28 allow; else a power of 2 for every row,
/// with sigma_i between 2^smallest_sigma and four times that. std::domain_error as above, and for numbers that are not
/// finite.
IntegerCouplings rounded_to_integers(Eigen::MatrixXd const& J, NoiseRule const& rule);

/// Independent Gaussian couplings of zero mean and unit variance, (N x N), zero diagonal. Drawn row by row. Symmetric
/// ones: sk_couplings(N, 1, rng).
Eigen::MatrixXd gaussian_couplings(int N, Rng& rng);

/// chi of 32 neurons: a bit is set where chi = +1, which has probability p = threshold / 2^32. Every neuron compares
/// the bits of its own uniform number, from the highest on, with those of p, until they differ; bits of 32 neurons are
/// one word, source.bits(). A few words instead of 32.
template <class Source>
std::uint32_t noise_word(std::uint64_t threshold, Source& source) {
  if (threshold >> 32 != 0) return ~std::uint32_t{0};
  std::uint32_t smaller = 0, equal = ~std::uint32_t{0};
  for (auto left = static_cast<std::uint32_t>(threshold); left != 0 && equal != 0; left <<= 1) {
    std::uint32_t const word = source.bits();
    if (left >> 31 != 0) {
      smaller |= equal & ~word;
      equal &= word;
    } else {
      equal &= ~word;
    }
  }
  return smaller;
}

/// 2^32 (1 + m_t) / 2, rounded.
std::uint64_t noise_threshold(double m_t);

/// Training with noise. Noise does not depend on the couplings, so 32 steps are made together: their fields in the
/// couplings before the first of them are one product, corrections follow from products of the 32 noisy patterns, and
/// the couplings are written once. All numbers are integers, so the couplings are those of single steps
/// (plain_noise_training.hpp) to the last bit.
class NoiseTraining {
 public:
  static constexpr int most_neurons = 16000;

  /// xi (P x N), P > 0, entries +-1; couplings made for the same rule. Step by step, `stream` provides below(P) for mu,
  /// and noise_word() for every 32 neurons.
  NoiseTraining(Eigen::MatrixXd const& xi, IntegerCouplings couplings, NoiseRule rule, Rng const& stream);

  int size() const { return N_; }
  std::int64_t steps() const { return steps_; }  ///< so far
  NoiseRule const& rule() const { return rule_; }

  /// The next steps. std::overflow_error if couplings outgrow 32 bits; the object remains as it was before the last
  /// complete block of 32 steps.
  void train(std::int64_t steps);
  /// How many steps take about so many operations (stage.hpp), a multiple of 32.
  std::int64_t steps_of_a_piece(double operations) const;

  IntegerCouplings couplings() const;
  Eigen::MatrixXd J() const { return couplings().J(); }
  /// sigma_i = sqrt(sum_j J_ij^2 / N). (N)
  Eigen::ArrayXd sigma_of_rows() const;
  /// N^-1 sum_i sigma_i.
  double sigma() const { return sigma_of_rows().mean(); }
  /// Delta_i^mu (stabilities.hpp), (P x N): exact but for one root and one division. P N^2 / 32 operations.
  Eigen::MatrixXd stabilities() const;

  /// The couplings, the number of steps and the position of the stream, for an object made of the same arguments.
  template <class Archive>
  void archive(Archive& members) {
    auto position = stream_.position();
    members(steps_, K_, couplings_.halvings, squares_, largest_sum_, position, words_, used_words_);
    stream_.seek(position);
  }

 private:
  /// Numbers of the stream in order.
  struct Numbers;
  void make_room();
  void draw(int count);
  void train_block(int count);
  void update_symmetric(int count);
  Eigen::ArrayXd norms() const;  // of rows of K

  int N_;
  NoiseRule rule_;
  IntegerCouplings couplings_;  // without K
  Eigen::MatrixXi K_;           // padded (SignBlock)
  Rng stream_;
  std::int64_t steps_ = 0;
  std::vector<std::int64_t> squares_;  // of rows, with a rescaled rate
  std::int64_t largest_sum_ = 0;       // no sum of |K_ij| over j is larger; without a rescaled rate
  std::vector<std::uint32_t> patterns_;

  std::array<std::uint32_t, 256> words_;  // numbers of the stream, drawn many at a time
  std::uint32_t used_words_ = 256;

  // Of a block: noisy patterns S^d, patterns xi^d, fields and changes of rows.
  SignBlock S_;
  std::vector<std::uint32_t> S_words_, xi_words_;
  Eigen::ArrayXXi sums_, changes_;
};

/// The loss of Eq. 13, -mean of erf(m Delta / sqrt(2 (1 - m^2))) over all stabilities; 0 <= m < 1, else
/// std::domain_error. NaN for no stabilities.
double one_step_loss(Eigen::MatrixXd const& stabilities, double m);

}  // namespace hypnos

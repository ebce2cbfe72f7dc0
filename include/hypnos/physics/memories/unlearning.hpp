#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <vector>

#include "hypnos/base/fraction.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// How a dream develops from its random state. T = 0: it relaxes to a fixed point (relaxation.hpp). T > 0: N `sweeps`
/// neurons, uniformly chosen or in sweeps, are each drawn from its distribution given all others (heat bath; Glauber,
/// J. Math. Phys. 4, 294 (1963)),
///   P(s_i = +1) = 1 / (1 + exp(-2 h_i / T)),  h_i = sum_j J_ij s_j.
struct Dynamics {
  Order order = Order::random_site;
  double T = 0;
  int sweeps = 0;  ///< of no meaning at T = 0
};

/// Hebbian unlearning (Hopfield, Feinstein and Palmer, Nature 304, 158 (1983); Benedetti et al., J. Chem. Phys. 156,
/// 104107 (2022), Eqs. 3, 8). Initially J = (1/N) sum_mu xi^mu xi^muT; in a dream the network evolves from a random
/// state to a fixed point S of
///   s_i <- sign(sum_j J_ij s_j), a field of exactly 0 leaves s_i as it is, one neuron after the other,
/// and then J <- J - (epsilon / N) S S^T. J_ii = 0 always.
///
/// With epsilon = r/q all numbers are integers: J = C / (q N), C = q sum_mu xi^mu xi^muT - r sum_d S^d S^dT
/// off the diagonal. No rounding anywhere, so the dreams are the same on every machine, and ties are ties.
///
/// Dream d draws from the words d 2^24, d 2^24 + 1, ... from where the stream stands, whatever happened before:
/// bit j % 32 of word j / 32 says whether neuron j begins at +1, then follow the numbers of the relaxation
/// (relaxation.hpp): at random sites a number below(u) for every flip, which counts the u unstable neurons from the
/// first. At T > 0 follow, for every update, below(N) for the neuron if it is chosen at random (before every sweep in
/// random order a shuffle of the order before), and a word for its threshold (logistic_thresholds.hpp).
class Unlearning {
 public:
  static constexpr int most_neurons = 16000;
  static constexpr std::int64_t largest_sum = std::int64_t{1} << 29;   ///< of q P: couplings are integers of 32 bits
  static constexpr std::int64_t most_updates = std::int64_t{1} << 22;  ///< N sweeps of a thermal dream
  static constexpr std::int64_t words_of_a_dream = std::int64_t{1} << 24;  ///< random numbers reserved for it
  /// Dreams of a run whose numbers fit one substream of a random stream.
  static constexpr std::int64_t dreams_of_a_substream = (std::int64_t{1} << 46) / words_of_a_dream;

  /// xi (P x N), entries +-1. std::domain_error for other entries, or numbers too large for 32 bits (q P above
  /// largest_sum; N above most_neurons), for T < 0, and at T > 0 for sweeps < 0 or N sweeps above most_updates.
  Unlearning(Eigen::MatrixXd const& xi, Fraction epsilon, Dynamics dynamics, Rng const& stream);
  ~Unlearning();
  Unlearning(Unlearning&&) noexcept;
  Unlearning& operator=(Unlearning&&) noexcept;

  int size() const { return N_; }
  SpinStates const& patterns() const { return patterns_; }
  Fraction rate() const { return epsilon_; }
  Dynamics const& dynamics() const { return dynamics_; }
  std::int64_t dreams() const { return dreams_; }  ///< so far, D

  /// The next dreams. They are not kept here; J at any earlier D follows from them by replay(). O(N) a flip, about N /
  /// 2 flips a dream at T = 0; 20 to 60 ns an update at T = 0.3 to 8 and N = 500. std::overflow_error if C outgrows 32
  /// bits.
  SpinStates dream(int count);

  /// How far dreams at T > 0 are from equilibrium: the energy per neuron, of -1/2 sum_ij J_ij s_i s_j, that a dream
  /// ends with, less that after half of its sweeps (rounded down), each in the couplings of this dream. Mean over the
  /// dreams since the last call, without those of replay(); NaN if there are none, and at T = 0. In equilibrium 0,
  /// negative while dreams still relax.
  double take_energy_drift();

  /// How many dreams take about so many operations (stage.hpp): at least 1, and no more than gain by a larger number.
  int dreams_of_a_piece(double operations) const;

  /// What dreams first, ..., first + count - 1 with numbers from another stream would be with the present couplings:
  /// nothing is unlearnt in between.
  SpinStates glassy_states(int count, Rng const& stream, std::int64_t first = 0) const;

  /// Unlearns the given states first, ..., first + count - 1 as if they were the next dreams. O(N^2 / 16) a dream.
  void replay(SpinStates const& dreams, Eigen::Index first, Eigen::Index count);
  void replay(SpinStates const& dreams) { replay(dreams, 0, dreams.count()); }

  /// C (N x N), J = C / (q N).
  Eigen::MatrixXi C() const;
  Eigen::MatrixXd J() const;

  /// xi_i^mu sum_j C_ij xi_j^mu of patterns first, ..., first + count - 1 in columns, (N x count): a constraint is
  /// violated where this is negative. O(N^2) a pattern.
  Eigen::MatrixXi aligned_fields(Eigen::Index first, Eigen::Index count) const;

  /// The Euclidean norms of the rows of C. O(N^2).
  Eigen::ArrayXd row_norms() const;

  /// Delta_i^mu = xi_i^mu sum_j J_ij xi_j^mu / |J_i|, |J_i| the Euclidean norm of row i (Eq. 5), (P x N): exact but for
  /// one root and one division. A row of zeros has the stability 0. O(P N^2).
  Eigen::MatrixXd stabilities() const;

  /// sigma_J = sqrt(<J_ij^2>) over the pairs i < j (Eq. 14; their mean, of order 1/N, is left in); 0 for N < 2. O(N^2).
  double sigma_J() const;

  /// The number of dreams and the couplings, for an object made of the same arguments.
  template <class Archive>
  void archive(Archive& members);

 private:
  struct Couplings;

  /// Returns what heat() does; 0 at T = 0.
  template <class Entries>
  std::int64_t finish_dream(Entries const& couplings, MutableSpinState state, Eigen::Ref<Eigen::ArrayXi const> sums,
                            Rng const& numbers) const;

  void make_room();
  /// Random states for dreams first, ..., and the numbers to go on with.
  std::vector<Rng> begin_dreams(SpinStates& states, Rng const& stream, std::int64_t first) const;

  int N_;
  Fraction epsilon_;
  Dynamics dynamics_;
  Rng stream_;
  SpinStates patterns_;
  std::int64_t dreams_ = 0;
  // Since the last call of take_energy_drift: thermal dreams, and the sum of -2 q N times their changes of energy.
  std::int64_t drifting_ = 0, aligned_ = 0;
  std::unique_ptr<Couplings> couplings_;
};

/// Stabilities from aligned fields (N x P) and the norms of the rows, (P x N).
Eigen::MatrixXd stabilities(Eigen::MatrixXi const& aligned_fields, Eigen::ArrayXd const& norms);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// Which neuron turns next in dynamics at zero temperature: one of all that stand against their fields, with equal
/// probability, which is the law of picking any neuron at random and turning it if its field says so; or the neurons
/// 0, 1, ..., N-1 are visited in turn, again and again.
enum class Order { random_site, sweep };

/// Where a dream leads from its random state. T = 0: to a fixed point. T > 0: N `sweeps` neurons are visited, uniformly
/// chosen or in turn, and each drawn from its distribution given all others (heat bath; Glauber, J. Math. Phys. 4, 294
/// (1963)),
///   P(s_i = +1) = 1 / (1 + exp(-2 h_i / T)),  h_i = sum_j J_ij s_j.
struct Dynamics {
  Order order = Order::random_site;
  double T = 0;
  int sweeps = 0;  ///< of no meaning at T = 0
};

/// epsilon = r / q in lowest terms.
struct UnlearningRate {
  int r, q;
};

/// The fraction that a decimal stands for: 0.01 is 1 / 100, 0.03 is 3 / 100. BadInput (key "epsilon") unless epsilon > 0
/// is, to the last digit of a double, a fraction with q <= 1,000,000.
UnlearningRate unlearning_rate(double epsilon);

/// Hebbian unlearning (Hopfield, Feinstein and Palmer, Nature 304, 158 (1983); Benedetti et al., J. Chem. Phys. 156,
/// 104107 (2022), Eqs. 3, 8). J = (1/N) sum_mu xi^mu xi^muT to begin with; in a dream the network goes from a random
/// state to a fixed point S of
///   s_i <- sign(sum_j J_ij s_j), a field of exactly 0 leaves s_i as it is, one neuron after the other,
/// and then J <- J - (epsilon / N) S S^T. J_ii = 0 always.
///
/// With epsilon = r/q everything happens in whole numbers: J = C / (q N), C = q sum_mu xi^mu xi^muT - r sum_d S^d S^dT
/// off the diagonal. No rounding anywhere, so the dreams are the same on every machine, and ties are ties.
///
/// Dream d draws from the words d 2^24, d 2^24 + 1, ... from where the stream stands, whatever happened before: bit
/// j % 32 of word j / 32 says whether neuron j begins at +1, then follows a number below(u) for every turn in random
/// order, which counts the u unstable neurons from the first. At T > 0 follow, for every visit, below(N) for the neuron
/// if it is chosen at random, and a word w: s_i = +1 if h_i > (T/2) ln(v / (1 - v)), v = (w + 1/2) / 2^32.
class Unlearning {
 public:
  /// xi (P x N), entries +-1. std::domain_error for other entries, or numbers too large for 32 bits (q P beyond 2^29;
  /// N above 16,000), for T < 0, and at T > 0 for sweeps < 0 or N sweeps above most_visits.
  Unlearning(Eigen::MatrixXd const& xi, UnlearningRate epsilon, Dynamics dynamics, Rng const& stream);
  static constexpr std::int64_t most_visits = std::int64_t{1} << 22;
  ~Unlearning();
  Unlearning(Unlearning&&) noexcept;
  Unlearning& operator=(Unlearning&&) noexcept;

  int size() const { return N_; }
  std::int64_t dreams() const { return dreams_; }  ///< so far, D

  /// The next dreams, packed: words() words a dream, bit i % 64 of word i / 64 says whether S_i = +1. Memory of this
  /// object does not grow with them: whoever wants J at any earlier D keeps them. O(N) a turn of a neuron, about N / 2
  /// turns a dream at T = 0; some 10 ns a visit at T > 0. std::overflow_error if C outgrows 32 bits.
  std::vector<std::uint64_t> dream(int count);
  std::size_t words() const { return (static_cast<std::size_t>(N_) + 63) / 64; }

  /// What dreams 0, ..., count - 1 with numbers from another stream would be with the couplings as they are: nothing is
  /// unlearnt in between.
  std::vector<std::uint64_t> glassy_states(int count, Rng const& stream) const;

  /// As if these were the next dreams: from the packed dreams of a run everything else can be had again. O(N^2 / 16).
  void replay(std::span<std::uint64_t const> dreams);

  /// C (N x N), J = C / (q N).
  Eigen::MatrixXi C() const;
  Eigen::MatrixXd J() const;

  /// Delta_i^mu = xi_i^mu sum_j J_ij xi_j^mu / |J_i|, |J_i| the Euclidean norm of row i (Eq. 5), (P x N): exact but for
  /// one root and one division. A row of zeros has the stability 0. O(P N^2).
  Eigen::MatrixXd stabilities() const;

  /// sigma_J = sqrt(<J_ij^2>) over the pairs i < j (Eq. 14; their mean, of order 1/N, is left in); 0 for N < 2. O(N^2).
  double sigma_J() const;

 private:
  struct Couplings;

  template <class Entries>
  void finish_dream(Entries const& couplings, std::span<std::uint64_t> state, Eigen::Ref<Eigen::ArrayXi const> sums,
                    Rng& numbers) const;

  void make_room();
  /// Random states for dreams first, ..., and the numbers to go on with.
  std::vector<Rng> begin_dreams(std::span<std::uint64_t> states, Rng const& stream, std::int64_t first) const;

  int N_;
  UnlearningRate epsilon_;
  Dynamics dynamics_;
  Rng stream_;
  std::vector<std::uint64_t> patterns_;  // packed like dreams
  std::int64_t dreams_ = 0;
  std::unique_ptr<Couplings> couplings_;
};

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/base/blocks.hpp"
#include "hypnos/base/fraction.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/dynamics/local_minima.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// The couplings at which moment matching starts: Hebb's, J = W, or none, J = 0.
enum class MatchingStart { hebb, zero };

struct MatchingPlan {
  std::vector<std::int64_t> steps{};  ///< when distance and number of fixed points are recorded, increasing; the last
                                      ///< one ends learning in any case
  std::int64_t most_fixed_points = 1'000'000;  ///< more are a std::length_error
  int samples = 0;                             ///< random states whose dynamics finds fixed points; 0: all are found
};

/// Learning by moment matching over the fixed points of the dynamics (Ventura, Learning and unlearning (2024),
/// Eqs. 8-10):
///   J_ij += (lambda / N) (W_ij - C_ij),  J_ii = 0,
///   W = 1/P sum_mu xi^mu xi^mu^T,  C = 1/Omega sum_* s* s*^T over the Omega fixed points, s_i h_i >= 0 for all i,
/// until C = W. Fixed points are all those of local_minima.hpp, or the different ones, with their opposites, in which
/// the dynamics (relaxation.hpp, random sites) from random states ends. C is the mean over different fixed points in both
/// cases, so learning with samples ends at the same couplings if all fixed points are found.
///
/// Couplings are integers K in units of lambda / (r N P 2^k), lambda = r / q; P W and Omega C are matrices of integers,
/// and the factor r P 2^k / Omega is rounded to an integer. So fields are exact, and equal numbers stay equal: fields
/// that vanish because W and C are equal or opposite in several places do so in every step. k is the largest number with
/// q N^2 P 2^k <= 2^50, at most 40; the factor is off by less than 2^-k Omega / P, relatively.
///
/// A stage (stage.hpp). Every step is a search for local minima, or N^2 operations a sample.
class MomentMatching {
 public:
  /// xi (P x N), entries +-1, P >= 1; N <= LocalMinima::largest_size without samples. lambda: see possible(). Samples
  /// draw from `stream`: initial state and dynamics from substream (step samples + sample) modulo Rng::substreams.
  MomentMatching(Eigen::MatrixXd const& xi, Fraction lambda, MatchingStart start, MatchingPlan plan,
                 std::optional<Rng> const& stream = {}, ItemMap share = serial_items);

  /// Whether the units are fine enough, k >= 20; otherwise the constructor throws std::domain_error.
  static bool possible(int N, int P, Fraction lambda);

  bool done() const { return evaluated_ && (matched_ || steps_ == plan_.steps.back()); }
  /// std::overflow_error if couplings outgrow 2^53 units.
  void advance(double operations = operations_of_a_piece);
  double fraction() const;

  template <class Archive>
  void archive(Archive& members) {
    members(K_, steps_, evaluated_, matched_, fixed_points_, moments_, missed_, distances_, counts_);
    bool searching = search_.has_value();
    members(searching);
    if (!searching) return search_.reset();
    if (!search_) begin_search();
    members(*search_);
  }

  double unit() const { return unit_; }
  /// K, (N x N) with a zero diagonal.
  Eigen::MatrixXd const& couplings() const { return K_; }
  std::int64_t steps() const { return steps_; }
  bool matched() const { return matched_; }  ///< C = W exactly

  /// Of the couplings, in order of their energies if they are all; those that were found otherwise. None where J = 0 and
  /// all 2^N states are more than most_fixed_points.
  SpinStates const& fixed_points() const { return fixed_points_; }
  /// The probability that a further sample ends in a fixed point that was not found, or in the opposite of one, estimated
  /// by the part of samples whose end was found by no other (Good, Biometrika 40, 237 (1953)); 0 if all are found.
  double missed() const { return missed_; }

  // By record; after the last step all are as they were then.
  Eigen::ArrayXd const& distances() const { return distances_; }  ///< max_ij |C_ij - W_ij|
  Eigen::ArrayXd const& counts() const { return counts_; }        ///< Omega

 private:
  // Without couplings all 2^N states are fixed points and C = 1: they need not be found if they are too many.
  bool too_many() const;
  void begin_search();
  void sample();
  void compare();
  void step();

  int N_, P_;
  Eigen::MatrixXd sums_;  // P W
  Fraction lambda_;
  double unit_, resolution_;  // resolution = 2^k
  MatchingPlan plan_;
  std::optional<Rng> stream_;
  ItemMap share_;

  Eigen::MatrixXd K_;
  std::int64_t steps_ = 0;
  bool evaluated_ = false, matched_ = false;  // whether the fixed points are those of K, and give W
  std::optional<LocalMinima> search_;         // under way
  SpinStates fixed_points_;
  Eigen::MatrixXd moments_;  // Omega C, with a zero diagonal
  double missed_ = 0;
  Eigen::ArrayXd distances_, counts_;
};

/// Whether the states are the patterns and their opposites, each once, and no others.
bool are_patterns_only(SpinStates const& states, SpinStates const& patterns);

}  // namespace hypnos

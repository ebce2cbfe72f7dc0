#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// What patterns become from which neurons have been turned around (Benedetti et al., J. Chem. Phys. 156, 104107
/// (2022), Eqs. 2 and 12): zero-temperature asynchronous dynamics
///   s_i -> sign(sum_{j != i} J_ij s_j),  i uniform among the unstable sites, on which s_i sum_j J_ij s_j < 0,
/// until no site is unstable: the law of visiting sites at random, without the visits that change nothing. A field of
/// zero keeps the spin. J may be asymmetric; its diagonal plays no part.
///
/// Couplings are whole numbers of the smallest power of two for which no field exceeds 2^28, so all fields are exact
/// and do not depend on the order of sums. Couplings that are whole numbers with rows of |J| below 2^28 lose nothing by
/// that, and their fields vanish where they should; others are rounded, by less than 2^-29 of the largest sum of a row
/// of |J|. Since a factor changes no sign, Hebb's couplings are best given times N (hebbian_sums).
class Retrieval {
 public:
  /// J (N x N), finite; xi (P x N), entries +-1. Anything else is a std::domain_error. 2 P N^2 operations.
  Retrieval(Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi);

  struct Ends {
    Eigen::MatrixXd m_f;  ///< overlaps sum_i xi_i s_i / N of the final states with their patterns, (P x trials)
    int unsettled;        ///< how many trajectories were left at the largest number of flips
  };

  /// `trials` trajectories from every pattern. Of the start, exactly turned_neurons(N, m_0) neurons, uniformly chosen,
  /// are opposite to the pattern. Trial t of pattern mu draws its start from substream 2 (t P + mu) of the stream and
  /// its flips from the next one: other m_0, more trials or other couplings do not change these numbers.
  /// With symmetric couplings every trajectory settles. 2 trials P beyond Rng::substreams, or m_0 outside [-1, 1], is a
  /// std::domain_error. O(N) for every neuron that is turned, or flips.
  Ends ends(double m_0, int trials, Rng const& stream, std::int64_t most_flips) const;

  /// The same for several m_0, sooner: starts from one pattern lie on one way.
  std::vector<Ends> ends(std::vector<double> const& m_0, int trials, Rng const& stream, std::int64_t most_flips) const;

 private:
  // Neurons stand in their places (sign_sums.hpp), filled up with neurons without couplings.
  Eigen::MatrixXi twice_J_;              // a flip of neuron j changes x by twice column j; ones on the diagonal
  Eigen::MatrixXi x_;                    // of pattern mu in column mu: twice its fields, and 1 along the spins
  std::vector<std::uint64_t> patterns_;  // packed, words_ a pattern
  std::size_t words_;
  Eigen::Index N_;
};

/// How many neurons are turned around for the overlap m_0: the whole number next to N (1 - m_0) / 2, of two the larger.
/// Overlaps come in steps of 2/N, so the start has m_0 to within 1/N.
int turned_neurons(int N, double m_0);

}  // namespace hypnos

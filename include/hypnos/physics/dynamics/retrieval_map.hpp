#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/physics/dynamics/retrieval.hpp"

namespace hypnos {

/// How well a network retrieves its patterns, from starts of different overlaps m_0 with them (retrieval.hpp).
struct RetrievalMap {
  Eigen::ArrayXd m_f;            ///< mean overlap of the final states with the patterns, for every m_0 (Eq. 12)
  Eigen::ArrayXd reconstructed;  ///< fraction of trajectories that end with at most the tolerated part of neurons wrong
  int unsettled;                 ///< trajectories that were unstable after most_flips; they count like the others
};

/// Of a complete retrieval. `tolerated_error` is a part of all neurons: 0.05 accepts m_f >= 0.9.
RetrievalMap retrieval_map(Retrieval const& retrieval, double tolerated_error);

/// The same of the patterns xi (P x N) in one call, `trials` trajectories from every pattern at every m_0.
RetrievalMap retrieval_map(Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi, std::vector<double> const& m_0,
                           int trials, double tolerated_error, Rng const& stream,
                           std::int64_t most_flips = Relaxation::no_limit);

/// The mean radius of the basins of attraction: 1 - m_0 where a curve over m_0 falls below `level`, from m_0 = 1
/// downwards along the line through its points. m_0 increasing. 0 if it is below the level at the largest m_0, and 1
/// less the smallest m_0 if it never falls below; NaN for no m_0 at all. Two definitions are in use:
///   reconstructed below 0.7 (Benedetti et al., J. Chem. Phys. 156, 104107 (2022), Sec. III; Forrest, J. Phys. A 21, 245
///   (1988)), and m_f below 0.98 (Benedetti and Ventura, arXiv:2302.13417, App. C).
double basin_radius(std::vector<double> const& m_0, Eigen::ArrayXd const& curve, double level);
inline constexpr double enough_reconstructed = 0.7, enough_overlap = 0.98;

/// `points` overlaps from 0 to 1 in equal steps; none for 0, 1 alone for 1.
std::vector<double> initial_overlaps(int points);

}  // namespace hypnos

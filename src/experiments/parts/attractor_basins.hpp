#pragma once

#include "parts/retrieval_maps.hpp"

namespace hypnos {

/// Basins of the attractors of the patterns, the states in which the dynamics from the patterns ends (Benedetti and
/// Ventura, arXiv:2302.13417, App. C): retrieval maps of these states, which patterns of trained networks need not be.
struct AttractorBasins {
  Eigen::ArrayXd m_f;
  double m_f_1, m_f_slope, plateau, basin_radius;
  double unsettled, unconverged;

  AttractorBasins();  ///< nothing measured

  static std::vector<Observed<AttractorBasins>> observables();

  inline static constexpr Stream stream{"attractor-basins/attractors"};
};

/// In the couplings J. Retrieval draws from streams::retrieval, the way to attractors from AttractorBasins::stream.
/// `until`: as in Realization::complete. With no points of the map m_f_1 and `unsettled` alone are measured.
AttractorBasins attractor_basins(RetrievalMaps const& maps, Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi,
                                 Realization& realization, double until, std::int64_t most_flips);

}  // namespace hypnos

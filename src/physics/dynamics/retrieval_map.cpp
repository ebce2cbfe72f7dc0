#include "hypnos/physics/dynamics/retrieval_map.hpp"

#include <limits>

#include "hypnos/physics/dynamics/retrieval.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;

RetrievalMap retrieval_map(Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi, std::vector<double> const& m_0,
                           int trials, double tolerated_error, Rng const& stream, std::int64_t most_flips) {
  Retrieval const retrieval(J, xi);
  RetrievalMap map{ArrayXd(std::ssize(m_0)), ArrayXd(std::ssize(m_0)), 0};
  double const rounding = 1e-9;  // overlaps are multiples of 2/N
  auto const ends = retrieval.ends(m_0, trials, stream, most_flips);
  for (std::size_t k = 0; k < m_0.size(); ++k) {
    auto const& [m_f, unsettled] = ends[k];
    map.unsettled += unsettled;
    map.m_f(static_cast<Index>(k)) = m_f.mean();
    map.reconstructed(static_cast<Index>(k)) =
        (m_f.array() >= 1 - 2 * tolerated_error - rounding).cast<double>().mean();
  }
  return map;
}

double basin_radius(std::vector<double> const& m_0, ArrayXd const& reconstructed) {
  constexpr double enough = 0.7;
  if (m_0.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (reconstructed(reconstructed.size() - 1) < enough) return 0;
  for (auto k = reconstructed.size() - 2; k >= 0; --k)
    if (reconstructed(k) < enough) {
      auto const below = m_0[static_cast<std::size_t>(k)], above = m_0[static_cast<std::size_t>(k) + 1];
      double const part = (enough - reconstructed(k)) / (reconstructed(k + 1) - reconstructed(k));
      return 1 - (below + part * (above - below));
    }
  return 1 - m_0.front();
}

std::vector<double> initial_overlaps(int points) {
  std::vector<double> m_0;
  for (int k = 0; k < points; ++k) m_0.push_back(points > 1 ? static_cast<double>(k) / (points - 1) : 1);
  return m_0;
}

}  // namespace hypnos

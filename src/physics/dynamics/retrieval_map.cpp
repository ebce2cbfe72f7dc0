#include "hypnos/physics/dynamics/retrieval_map.hpp"

#include <limits>

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;

RetrievalMap retrieval_map(Retrieval const& retrieval, double tolerated_error) {
  auto const points = static_cast<Index>(retrieval.starts());
  RetrievalMap map{ArrayXd(points), ArrayXd(points), 0};
  double const rounding = 1e-9;  // overlaps are multiples of 2/N
  for (Index k = 0; k < points; ++k) {
    auto const& m_f = retrieval.m_f(static_cast<std::size_t>(k));
    map.unsettled += retrieval.unsettled(static_cast<std::size_t>(k));
    map.m_f(k) = m_f.mean();
    map.reconstructed(k) = (m_f.array() >= 1 - 2 * tolerated_error - rounding).cast<double>().mean();
  }
  return map;
}

RetrievalMap retrieval_map(Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi, std::vector<double> const& m_0,
                           int trials, double tolerated_error, Rng const& stream, std::int64_t most_flips) {
  RetrievalStarts const starts{.m_0 = m_0, .trials = trials, .most_flips = most_flips};
  return retrieval_map(completed(Retrieval(J, SpinStates(xi), starts, stream)), tolerated_error);
}

double basin_radius(std::vector<double> const& m_0, ArrayXd const& curve, double level) {
  if (m_0.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (curve(curve.size() - 1) < level) return 0;
  for (auto k = curve.size() - 2; k >= 0; --k)
    if (curve(k) < level) {
      auto const below = m_0[static_cast<std::size_t>(k)], above = m_0[static_cast<std::size_t>(k) + 1];
      double const part = (level - curve(k)) / (curve(k + 1) - curve(k));
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

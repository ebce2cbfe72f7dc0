#include "hypnos/physics/memories/perceptron_overlaps.hpp"

#include <limits>

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;

MatrixXd perceptron_overlaps(MatrixXd const& xi, std::span<std::uint64_t const> states) {
  auto const N = xi.cols();
  auto const words = (N + 63) / 64, count = std::ssize(states) / words;
  MatrixXd S(N, count);
  for (Index k = 0; k < count; ++k)
    for (Index i = 0; i < N; ++i)
      S(i, k) = (states[static_cast<std::size_t>(k * words + i / 64)] >> i % 64 & 1) != 0 ? 1 : -1;
  // whole numbers far below 2^53: the order of these sums does not matter
  MatrixXd const along = xi * S;
  MatrixXd omega = along * S.transpose();
  return omega.cwiseProduct(xi) / (static_cast<double>(N) * static_cast<double>(count));
}

ConstraintMeans means_by_stability(MatrixXd const& omega, MatrixXd const& delta) {
  auto const sat = delta.array() >= 0;
  double const least = sat.select(delta.array(), std::numeric_limits<double>::infinity()).minCoeff();
  auto const mean = [&](auto const& chosen) {
    return chosen.select(omega.array(), 0).sum() / static_cast<double>(chosen.count());  // 0 / 0 is NaN
  };
  return {mean(sat), mean(delta.array() < 0), mean(delta.array() == least)};
}

}  // namespace hypnos

#include "hypnos/physics/memories/plain_unlearning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace hypnos {

using Eigen::MatrixXi;
using Eigen::VectorXi;

Rng numbers_of_dream(Rng const& stream, std::int64_t d) {
  Rng numbers = stream;
  numbers.seek({stream.position()[0] + static_cast<double>(d) * 0x1p24, std::numeric_limits<double>::quiet_NaN()});
  return numbers;
}

VectorXi random_state(int N, Rng& numbers) {
  VectorXi s(N);
  std::uint32_t word = 0;
  for (int j = 0; j < N; ++j) {
    if (j % 32 == 0) word = numbers.bits();
    s(j) = (word >> j % 32 & 1) != 0 ? 1 : -1;
  }
  return s;
}

VectorXi fixed_point(MatrixXi const& C, VectorXi s, Order order, Rng& numbers) {
  int last = -1;
  while (true) {
    VectorXi const field = C * s;
    std::vector<int> unstable;
    for (int i = 0; i < s.size(); ++i)
      if (s(i) * field(i) < 0) unstable.push_back(i);
    if (unstable.empty()) return s;

    auto next = unstable.begin();
    if (order == Order::random_site) next += numbers.below(static_cast<std::uint32_t>(unstable.size()));
    else if (auto const later = std::upper_bound(next, unstable.end(), last); later != unstable.end()) next = later;
    s(*next) *= -1;
    last = *next;
  }
}

VectorXi thermal_state(MatrixXi const& C, VectorXi s, double T, int sweeps, Order order, Rng& numbers) {
  auto const N = static_cast<int>(s.size());
  for (std::int64_t visit = 0; visit < std::int64_t{N} * sweeps; ++visit) {
    int const i = order == Order::random_site ? static_cast<int>(numbers.below(static_cast<std::uint32_t>(N)))
                                              : static_cast<int>(visit % N);
    double const v = (numbers.bits() + 0.5) * 0x1p-32;
    s(i) = C.row(i).dot(s) > T / 2 * std::log(v / (1 - v)) ? 1 : -1;
  }
  return s;
}

VectorXi plain_dream(MatrixXi const& C, Dynamics dynamics, Rng const& stream, std::int64_t d) {
  Rng numbers = numbers_of_dream(stream, d);
  VectorXi const s = random_state(static_cast<int>(C.rows()), numbers);
  return dynamics.T == 0 ? fixed_point(C, s, dynamics.order, numbers)
                         : thermal_state(C, s, dynamics.T, dynamics.sweeps, dynamics.order, numbers);
}

MatrixXi unlearnt(MatrixXi C, int r, VectorXi const& S) {
  C -= r * S * S.transpose();
  C.diagonal().setZero();
  return C;
}

}  // namespace hypnos

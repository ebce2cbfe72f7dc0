#include "hypnos/physics/memories/plain_unlearning.hpp"

#include <limits>

#include "hypnos/physics/dynamics/plain_heat_bath_chain.hpp"
#include "hypnos/physics/dynamics/plain_relaxation.hpp"

namespace hypnos {

using Eigen::MatrixXi;
using Eigen::VectorXi;

Rng numbers_of_dream(Rng const& stream, std::int64_t d) {
  Rng numbers = stream;
  numbers.seek({stream.position()[0] + static_cast<double>(d) * static_cast<double>(Unlearning::words_of_a_dream),
                std::numeric_limits<double>::quiet_NaN()});
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

VectorXi thermal_state(MatrixXi const& C, VectorXi s, double T, int sweeps, Order order, Rng& numbers) {
  auto const field = [&](Eigen::Index i) { return C.row(i).dot(s); };
  plain_heat_bath(s, field, T / 2, std::int64_t{s.size()} * sweeps, order, numbers);
  return s;
}

VectorXi plain_dream(MatrixXi const& C, Dynamics dynamics, Rng const& stream, std::int64_t d) {
  Rng numbers = numbers_of_dream(stream, d);
  VectorXi s = random_state(static_cast<int>(C.rows()), numbers);
  if (dynamics.T > 0) return thermal_state(C, s, dynamics.T, dynamics.sweeps, dynamics.order, numbers);
  auto const field = [&](Eigen::Index i) { return C.col(i).dot(s); };
  plain_relaxation(s, field, dynamics.order, numbers, Relaxation::no_limit);
  return s;
}

MatrixXi unlearnt(MatrixXi C, int r, VectorXi const& S) {
  C -= r * S * S.transpose();
  C.diagonal().setZero();
  return C;
}

}  // namespace hypnos

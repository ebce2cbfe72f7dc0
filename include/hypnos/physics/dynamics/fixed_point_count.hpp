#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "hypnos/base/blocks.hpp"

namespace hypnos {

/// How many states are fixed points, s_i sum_{j != i} J_ij s_j >= 0 for all i, by trying all 2^N: a proof that does not
/// use the search of local_minima.hpp. Fields are exact for integer couplings with sums over a row below 2^53.
/// J (N x N) finite, 1 <= N <= largest_counted, else std::domain_error. 3 2^(N-1) ns on one core; blocks of states are
/// shared.
std::int64_t fixed_point_count(Eigen::MatrixXd const& J, BlockMap const& blocks = BlockMap(serial_blocks));

inline constexpr int largest_counted = 40;

}  // namespace hypnos

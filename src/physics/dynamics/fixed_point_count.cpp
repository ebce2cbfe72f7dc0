#include "hypnos/physics/dynamics/fixed_point_count.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>

#include "enumerated_fields.hpp"

namespace hypnos {

std::int64_t fixed_point_count(Eigen::MatrixXd const& J, BlockMap const& blocks) {
  auto const N = static_cast<int>(J.cols());
  if (J.rows() != N || N < 1 || N > largest_counted || !J.allFinite())
    throw std::domain_error("a count of fixed points: couplings are a square matrix of up to " +
                            std::to_string(largest_counted) + " neurons");
  constexpr std::uint64_t of_a_block = 1 << 20;
  EnumeratedFields const fields(J);
  auto const count = static_cast<int>((fields.states() + of_a_block - 1) / of_a_block);
  auto const sum = ordered_sum(blocks, count, 1, [&](int k, std::span<double> found) {
    blocks.poll();
    auto const first = of_a_block * static_cast<std::uint64_t>(k);
    std::int64_t fixed = 0;
    for (auto x = first; x < std::min(first + of_a_block, fields.states()); ++x)
      if (fields.is_fixed_point(x)) ++fixed;
    found[0] = static_cast<double>(fixed);
  });
  return 2 * static_cast<std::int64_t>(sum[0]);
}

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/kernels/sign_sums.hpp"
#include "hypnos/physics/memories/unlearning.hpp"

namespace hypnos {

/// The couplings C of Hebbian unlearning. Off the diagonal they are all even or all odd, C = 2 M + parity, since every
/// term of either sum is +1 or -1. M is kept; the last dreams, up to 16, are pending: with bit d of code_i = [S^d_i = +1]
///   C_ij = 2 (M_ij + r popcount(code_i ^ code_j)) + parity - r pending,    i != j,
/// which SignSums takes in its stride, while writing M anew after every dream would cost more than the dream.
template <class Entry>
class DeferredCouplings {
 public:
  static constexpr int most_pending = 16;

  /// C (N x N), all its numbers off the diagonal even, or all odd.
  DeferredCouplings(Eigen::MatrixXi const& C, int r);

  Eigen::MatrixXi C() const;  ///< nothing may be pending, as in all functions down to row_norms()

  /// Whether the entries fit their type, and fields 32 bits, during 16 more dreams.
  bool has_room();

  /// Column k: sum_j M_ij s_j of packed states, one after the other; padded.
  Eigen::ArrayXXi sums(std::span<std::uint64_t const> states) const;

  /// sum_j C_ij s_j, (N x states).
  Eigen::ArrayXXi fields(std::span<std::uint64_t const> states) const;

  /// The Euclidean norms of the rows of C.
  Eigen::ArrayXd row_norms() const;

  /// Turns neurons until none stands against its field; `sums` of the given state.
  void relax(std::span<std::uint64_t> state, Eigen::Ref<Eigen::ArrayXi const> const& sums, Order order, Rng& rng) const;

  /// Visits N `sweeps` neurons with the heat bath of temperature T, in units of C.
  void heat(std::span<std::uint64_t> state, Eigen::Ref<Eigen::ArrayXi const> const& sums, double T, int sweeps,
            Order order, Rng& rng) const;

  /// C -= r S S^T off the diagonal, pending; at most 16.
  void subtract(std::span<std::uint64_t const> state);

  /// Writes into M what is pending.
  void settle();

 private:
  using Kernel = SignSums<Entry>;
  using Code = typename Kernel::Code;
  using Signs = Eigen::Array<std::int16_t, Eigen::Dynamic, 1>;

  /// Sums of rows of C times the state, without what all rows have in common; see relax().
  Eigen::ArrayXi differing_sums(std::span<std::uint64_t const> state, Eigen::Ref<Eigen::ArrayXi const> const& sums,
                                int tie) const;
  int common() const { return parity_ - r_ * pending_; }

  std::size_t width() const { return static_cast<std::size_t>(M_.rows()); }
  Code code(int i) const { return codes_(static_cast<Eigen::Index>(Kernel::place(static_cast<std::size_t>(i)))); }
  Entry& entry(int i, int j) { return M_(static_cast<Eigen::Index>(Kernel::place(static_cast<std::size_t>(j))), i); }
  Entry entry(int i, int j) const { return const_cast<DeferredCouplings&>(*this).entry(i, j); }

  int N_, r_;
  int parity_ = 0, pending_ = 0;
  std::int64_t largest_;                                    // no |M_ij| is above
  Eigen::Matrix<Entry, Eigen::Dynamic, Eigen::Dynamic> M_;  // a column is a row of M
  Eigen::Array<Code, Eigen::Dynamic, 1> codes_;
  std::array<std::vector<std::uint64_t>, most_pending> pending_states_;
  Eigen::Array<std::int16_t, Eigen::Dynamic, most_pending> pending_signs_;  // the same
};

extern template class DeferredCouplings<std::int16_t>;
extern template class DeferredCouplings<std::int32_t>;

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "hypnos/base/random.hpp"
#include "hypnos/kernels/sign_sums.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// The couplings C of Hebbian unlearning. Off the diagonal they are all even or all odd, C = 2 M + parity, since every
/// term of either sum is +1 or -1. M is stored; the last dreams, up to 16, are pending: with bit d of
/// code_i = [S^d_i = +1]
///   C_ij = 2 (M_ij + r popcount(code_i ^ code_j)) + parity - r pending,    i != j,
/// which the kernels of SignSums add up directly. Writing M after every dream would cost more than the dream.
template <class Entry>
class DeferredCouplings {
 public:
  static constexpr int most_pending = 16;

  /// C (N x N) symmetric, all its numbers off the diagonal even, or all odd.
  DeferredCouplings(Eigen::MatrixXi const& C, int r);

  Eigen::MatrixXi C() const;  ///< no dream may be pending, as in all functions down to row_norms()

  /// Whether the entries fit their type, and fields 32 bits, during 16 more dreams.
  bool has_room();

  /// Column k: sum_j M_ij s_j of state first + k; padded.
  Eigen::ArrayXXi sums(SpinStates const& states, Eigen::Index first, Eigen::Index count) const;

  /// s_i sum_j C_ij s_j of state first + k in column k, (N x count).
  Eigen::MatrixXi aligned_fields(SpinStates const& states, Eigen::Index first, Eigen::Index count) const;

  /// The Euclidean norms of the rows of C.
  Eigen::ArrayXd row_norms() const;

  /// Lets the state settle at zero temperature (relaxation.hpp); `sums` of the given state.
  void relax(MutableSpinState state, Eigen::Ref<Eigen::ArrayXi const> const& sums, Order order, Rng const& rng) const;

  /// N `sweeps` updates of the state by the heat bath of temperature T, in units of C. Returns by how much sum_i s_i
  /// h_i, h of C, grows in the sweeps after the first half of them (rounded down).
  std::int64_t heat(MutableSpinState state, Eigen::Ref<Eigen::ArrayXi const> const& sums, double T, int sweeps,
                    Order order, Rng const& rng) const;

  /// C -= r S S^T off the diagonal, pending; at most 16.
  void subtract(SpinState state);

  /// Writes what is pending into M.
  void write_pending();

  /// No dream may be pending.
  template <class Archive>
  void archive(Archive& members) {
    members(M_, parity_, largest_);
  }

 private:
  using Kernel = SignSums<Entry>;
  using Code = typename Kernel::Code;
  using Signs = Eigen::Array<std::int16_t, Eigen::Dynamic, 1>;
  struct Fields;

  /// Sums of rows of C times the state, without what all rows have in common; see Fields.
  Eigen::ArrayXi differing_sums(SpinState state, Eigen::Ref<Eigen::ArrayXi const> const& sums, int tie) const;
  int common() const { return parity_ - r_ * pending_; }

  std::size_t width() const { return static_cast<std::size_t>(M_.rows()); }
  Code code(int i) const { return codes_(static_cast<Eigen::Index>(Kernel::place(static_cast<std::size_t>(i)))); }
  static Eigen::Index place(int j) { return static_cast<Eigen::Index>(Kernel::place(static_cast<std::size_t>(j))); }

  int N_, r_;
  int parity_ = 0, pending_ = 0;
  std::int64_t largest_;                                    // no |M_ij| is above
  Eigen::Matrix<Entry, Eigen::Dynamic, Eigen::Dynamic> M_;  // a column is a row of M, its entries at their places
  Eigen::Array<Code, Eigen::Dynamic, 1> codes_;
  SpinStates pending_states_;
  Eigen::Array<std::int16_t, Eigen::Dynamic, most_pending> pending_signs_;  // the same
};

extern template class DeferredCouplings<std::int16_t>;
extern template class DeferredCouplings<std::int32_t>;

}  // namespace hypnos

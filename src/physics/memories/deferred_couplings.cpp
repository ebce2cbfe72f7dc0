#include "deferred_couplings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "dynamics/heat_bath_loop.hpp"
#include "dynamics/relaxation_loop.hpp"
#include "hypnos/kernels/bits.hpp"

namespace hypnos {

using Eigen::Index;

template <class Entry>
DeferredCouplings<Entry>::DeferredCouplings(Eigen::MatrixXi const& C, int r)
    : N_(static_cast<int>(C.rows())), r_(r), parity_(N_ > 1 ? C(1, 0) & 1 : 0), pending_states_(N_, most_pending) {
  auto const padded = static_cast<Index>(Kernel::padded(static_cast<std::size_t>(N_)));
  M_.setZero(padded, N_);
  codes_.setZero(padded);
  pending_signs_.setZero(padded, most_pending);
  largest_ = 0;
  for (int i = 0; i < N_; ++i)
    for (int j = 0; j < N_; ++j)
      if (i != j) {
        int const half = (C(j, i) - parity_) / 2;
        largest_ = std::max<std::int64_t>(largest_, std::abs(half));
        M_(place(j), i) = static_cast<Entry>(half);
      }
}

template <class Entry>
Eigen::MatrixXi DeferredCouplings<Entry>::C() const {
  return Eigen::MatrixXi::NullaryExpr(
      N_, N_, [&](Index i, Index j) { return i == j ? 0 : 2 * M_(place(static_cast<int>(i)), j) + parity_; });
}

// `largest_` is a bound, raised by the largest change that dreams can make; the true maximum is computed when the bound
// reaches the end of the type.
template <class Entry>
bool DeferredCouplings<Entry>::has_room() {
  auto const fits = [&] {
    std::int64_t const change = std::int64_t{most_pending} * r_ + 1;
    std::int64_t const field = N_ * (2 * (largest_ + change) + change + 2);
    return largest_ + change <= std::numeric_limits<Entry>::max() && field <= std::numeric_limits<std::int32_t>::max();
  };
  if (fits()) return true;
  largest_ = std::max(-std::int64_t{M_.minCoeff()}, std::int64_t{M_.maxCoeff()});
  return fits();
}

template <class Entry>
Eigen::ArrayXXi DeferredCouplings<Entry>::sums(SpinStates const& states, Index first, Index count) const {
  Eigen::Array<Entry, Eigen::Dynamic, Eigen::Dynamic> signs(M_.rows(), count);
  for (Index k = 0; k < count; ++k)
    Kernel::unpack(states[first + k].words(), static_cast<std::size_t>(N_), signs.col(k).data());
  Eigen::ArrayXXi sums = Eigen::ArrayXXi::Zero(M_.rows(), count);
  Kernel::multiply(M_.data(), static_cast<std::size_t>(N_), width(), signs.data(), static_cast<std::size_t>(count),
                   sums.data());
  return sums;
}

template <class Entry>
Eigen::MatrixXi DeferredCouplings<Entry>::aligned_fields(SpinStates const& states, Index first, Index count) const {
  Eigen::MatrixXi fields = 2 * sums(states, first, count).topRows(N_);
  Signs s(M_.rows());
  for (Index k = 0; k < count; ++k) {
    unpack_signs(states[first + k].words(), s.data());
    auto const used = s.head(N_).template cast<int>();
    fields.col(k).array() += parity_ * (used.sum() - used);
    fields.col(k).array() *= used;
  }
  return fields;
}

template <class Entry>
Eigen::ArrayXd DeferredCouplings<Entry>::row_norms() const {
  Eigen::ArrayXd norms(N_);
  for (int i = 0; i < N_; ++i) {
    std::int64_t squares = 0;
    for (int j = 0; j < N_; ++j) {
      std::int64_t const c = 2 * std::int64_t{M_(place(j), i)} + parity_;
      if (j != i) squares += c * c;
    }
    norms(i) = std::sqrt(static_cast<double>(squares));
  }
  return norms;
}

// The field on neuron i, sum_j C_ij s_j, is x_i + c m - tie s_i where
//   x_i = 2 sum_{j != i} (M_ij + r popcount(code_i ^ code_j)) s_j + (tie - c) s_i,  c = parity - r pending,  m = sum_j
// s_j.
template <class Entry>
Eigen::ArrayXi DeferredCouplings<Entry>::differing_sums(SpinState state, Eigen::Ref<Eigen::ArrayXi const> const& sums,
                                                        int tie) const {
  Signs s(M_.rows());
  unpack_signs(state.words(), s.data());
  s.tail(M_.rows() - N_).setZero();
  int const m = s.cast<int>().sum();
  Eigen::ArrayXi x = 2 * sums + r_ * pending_ * m + (tie - common()) * s.cast<int>();
  for (int d = 0; d < pending_; ++d)
    x -= r_ * scalar_product(pending_states_[d], state) * pending_signs_.col(d).template cast<int>();
  Eigen::ArrayXi placed(x.size());
  Kernel::arrange_sums({x.data(), width()}, placed.data());
  return placed;
}

// tie = 1 where fields are even and may be zero: the sign of x_i + c m is then that of the field, or, if this is zero,
// of the spin. So one comparison of x_i with one threshold for all neurons finds the unstable ones.
template <class Entry>
struct DeferredCouplings<Entry>::Fields {
  DeferredCouplings const& C;
  int c, tie, m;
  Eigen::ArrayXi x;
  int subtracted = 0;  // from x, to keep thresholds within 16 bits

  int compare(Marks const& marks) { return add(0, 0, marks); }

  int flip(int i, int before, Marks const& marks) {
    m -= 2 * before;
    int const count = add(i, -4 * before, marks);
    // afterwards, so that vectors do not wait for a single number on its way to memory
    x(static_cast<Index>(Kernel::place_of_sum(static_cast<std::size_t>(i)))) -= 2 * (tie - c) * before;
    return count;
  }

  int add(int i, int factor, Marks const& marks) {
    int threshold = -c * m - subtracted;
    if (std::abs(threshold) > std::numeric_limits<std::int16_t>::max()) {
      x -= threshold;
      subtracted += std::exchange(threshold, 0);
    }
    return Kernel::add_row({x.data(), C.width()}, C.M_.col(i).data(), C.codes_.data(), C.code(i), C.r_, factor,
                           static_cast<std::int16_t>(threshold), marks);
  }
};

template <class Entry>
void DeferredCouplings<Entry>::relax(MutableSpinState state, Eigen::Ref<Eigen::ArrayXi const> const& sums, Order order,
                                     Rng const& rng) const {
  int const c = common();
  int const tie = c % 2 == 0 || N_ % 2 == 1 ? 1 : 0;
  Fields fields{*this, c, tie, SpinState(state).magnetization(), differing_sums(state, sums, tie)};
  BufferedRandom random(rng);
  UpdatePosition position;
  hypnos::relax(state, fields, order, random, Relaxation::no_limit, position);
}

// Spins flip one by one: a coupling between two neurons is not ready here, which proposals of several neurons would
// need.
template <class Entry>
std::int64_t DeferredCouplings<Entry>::heat(MutableSpinState state, Eigen::Ref<Eigen::ArrayXi const> const& sums,
                                            double T, int sweeps, Order order, Rng const& rng) const {
  int const c = common();
  Eigen::ArrayXi x = differing_sums(state, sums, 0);
  int m = SpinState(state).magnetization();
  UnstableNeurons neurons(state);
  BufferedRandom random(rng);
  UpdatePosition position;
  auto const own = [&](int i) -> int& {
    return x(static_cast<Index>(Kernel::place_of_sum(static_cast<std::size_t>(i))));
  };

  auto const make = [&](std::span<int const> updated, std::span<std::int32_t const> thresholds) {
    for (std::size_t k = 0; k < updated.size(); ++k) {
      int const i = updated[k];
      bool const up = own(i) + c * m > thresholds[k];
      if (up == neurons.is_up(i)) continue;
      int const before = neurons.flip(i);
      m -= 2 * before;
      Kernel::add_row({x.data(), width()}, M_.col(i).data(), codes_.data(), code(i), r_, -4 * before, 0,
                      neurons.marks());
      own(i) += 2 * c * before;
    }
  };
  auto const update = [&](std::int64_t updates) {
    heat_bath_updates(N_, T / 2, updates, order, random, position, make);
  };
  auto const alignment = [&] {
    std::int64_t sum = 0;
    for (int i = 0; i < N_; ++i) sum += std::int64_t{SpinState(state).spin(i)} * (own(i) + c * m);
    return sum;
  };
  update(std::int64_t{N_} * (sweeps / 2));
  auto const half = alignment();
  update(std::int64_t{N_} * (sweeps - sweeps / 2));
  return alignment() - half;
}

template <class Entry>
void DeferredCouplings<Entry>::subtract(SpinState state) {
  pending_states_[pending_].assign(state);
  unpack_signs(state.words(), pending_signs_.col(pending_).data());
  Eigen::Array<Entry, Eigen::Dynamic, 1> placed(M_.rows());
  Kernel::unpack(state.words(), width(), placed.data());
  codes_ += ((placed + 1) / 2).template cast<Code>() * static_cast<Code>(1 << pending_);
  ++pending_;
}

template <class Entry>
void DeferredCouplings<Entry>::write_pending() {
  if (pending_ == 0) return;
  int const c = parity_ - r_ * pending_;
  parity_ = c & 1;
  int const shift = (c - parity_) / 2;
  for (int i = 0; i < N_; ++i) {
    Kernel::write_down({M_.col(i).data(), width()}, codes_.data(), code(i), r_, shift);
    M_(place(i), i) = 0;
  }
  largest_ += std::max(-shift, r_ * pending_ + shift);
  codes_.setZero();
  pending_ = 0;
}

template class DeferredCouplings<std::int16_t>;
template class DeferredCouplings<std::int32_t>;

}  // namespace hypnos

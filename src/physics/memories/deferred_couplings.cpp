#include "deferred_couplings.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "dynamics/descent.hpp"
#include "dynamics/numbers.hpp"
#include "hypnos/kernels/bits.hpp"

namespace hypnos {

using Eigen::Index;

namespace {

// sum_j s_j t_j of packed states, whose bits beyond N are equal.
int overlap(std::span<std::uint64_t const> s, std::span<std::uint64_t const> t, int N) {
  int differing = 0;
  for (std::size_t w = 0; w < s.size(); ++w) differing += std::popcount(s[w] ^ t[w]);
  return N - 2 * differing;
}

// sum_j s_j.
int magnetization(std::span<std::uint64_t const> s, int N) {
  int up = 0;
  for (auto const word : s) up += std::popcount(word);
  return 2 * up - N;
}

}  // namespace

template <class Entry>
DeferredCouplings<Entry>::DeferredCouplings(Eigen::MatrixXi const& C, int r)
    : N_(static_cast<int>(C.rows())), r_(r), parity_(N_ > 1 ? C(1, 0) & 1 : 0) {
  auto const padded = static_cast<Index>(Kernel::padded(static_cast<std::size_t>(N_)));
  M_.setZero(padded, N_);
  codes_.setZero(padded);
  pending_signs_.setZero(padded, most_pending);
  largest_ = 0;
  for (int i = 0; i < N_; ++i)
    for (int j = 0; j < N_; ++j)
      if (i != j) {
        int const half = (C(i, j) - parity_) / 2;
        largest_ = std::max<std::int64_t>(largest_, std::abs(half));
        entry(i, j) = static_cast<Entry>(half);
      }
}

template <class Entry>
Eigen::MatrixXi DeferredCouplings<Entry>::C() const {
  return Eigen::MatrixXi::NullaryExpr(N_, N_, [&](Index i, Index j) {
    return i == j ? 0 : 2 * entry(static_cast<int>(i), static_cast<int>(j)) + parity_;
  });
}

// `largest_` only follows the largest change that dreams can make, until this reaches the end of the type and it is
// worth looking.
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
Eigen::ArrayXXi DeferredCouplings<Entry>::sums(std::span<std::uint64_t const> states) const {
  auto const words = width() / 64;
  auto const count = states.size() / words;
  Eigen::Array<Entry, Eigen::Dynamic, Eigen::Dynamic> signs(M_.rows(), static_cast<Index>(count));
  for (std::size_t k = 0; k < count; ++k)
    Kernel::unpack(states.subspan(k * words, words), static_cast<std::size_t>(N_),
                   signs.col(static_cast<Index>(k)).data());
  Eigen::ArrayXXi sums = Eigen::ArrayXXi::Zero(M_.rows(), static_cast<Index>(count));
  Kernel::multiply(M_.data(), static_cast<std::size_t>(N_), width(), signs.data(), count, sums.data());
  return sums;
}

template <class Entry>
Eigen::ArrayXXi DeferredCouplings<Entry>::fields(std::span<std::uint64_t const> states) const {
  Eigen::ArrayXXi fields = 2 * sums(states).topRows(N_);
  Signs s(M_.rows());
  for (Index k = 0; k < fields.cols(); ++k) {
    unpack_signs(states.subspan(static_cast<std::size_t>(k) * width() / 64, width() / 64), s.data());
    auto const used = s.head(N_).template cast<int>();
    fields.col(k) += parity_ * (used.sum() - used);
  }
  return fields;
}

template <class Entry>
Eigen::ArrayXd DeferredCouplings<Entry>::row_norms() const {
  Eigen::ArrayXd norms(N_);
  auto const C = this->C();
  for (Index i = 0; i < N_; ++i)
    norms(i) = std::sqrt(static_cast<double>(C.col(i).template cast<std::int64_t>().squaredNorm()));
  return norms;
}

// The field on neuron i, sum_j C_ij s_j, is x_i + c m - tie s_i where
//   x_i = 2 sum_{j != i} (M_ij + r popcount(code_i ^ code_j)) s_j + (tie - c) s_i,  c = parity - r pending,  m = sum_j s_j.
template <class Entry>
Eigen::ArrayXi DeferredCouplings<Entry>::differing_sums(std::span<std::uint64_t const> state,
                                                        Eigen::Ref<Eigen::ArrayXi const> const& sums, int tie) const {
  Signs s(M_.rows());
  unpack_signs(state, s.data());
  s.tail(M_.rows() - N_).setZero();
  int const m = s.cast<int>().sum();
  Eigen::ArrayXi x = 2 * sums + r_ * pending_ * m + (tie - common()) * s.cast<int>();
  for (int d = 0; d < pending_; ++d)
    x -= r_ * overlap(pending_states_[static_cast<std::size_t>(d)], state, N_) *
         pending_signs_.col(d).template cast<int>();
  Eigen::ArrayXi placed(x.size());
  Kernel::arrange_sums({x.data(), width()}, placed.data());
  return placed;
}

// tie = 1 where fields are even and may be zero: the sign of x_i + c m is then that of the field, or, if this is zero,
// of the spin. So one comparison of x_i with one threshold for all neurons tells what to do.
template <class Entry>
void DeferredCouplings<Entry>::relax(std::span<std::uint64_t> state, Eigen::Ref<Eigen::ArrayXi const> const& sums,
                                     Order order, Rng& rng) const {
  int const c = common();
  int const tie = c % 2 == 0 || N_ % 2 == 1 ? 1 : 0;
  Eigen::ArrayXi x = differing_sums(state, sums, tie);
  int m = magnetization(state, N_);

  Descent descent(state, N_);
  Numbers numbers(rng);
  int taken_off = 0;  // x
  auto const add_row = [&, marks = descent.marks()](int i, int factor) {
    int threshold = -c * m - taken_off;
    if (std::abs(threshold) > std::numeric_limits<std::int16_t>::max()) {
      x -= threshold;
      taken_off += std::exchange(threshold, 0);
    }
    return Kernel::add_row({x.data(), width()}, M_.col(i).data(), codes_.data(), code(i), r_, factor,
                           static_cast<std::int16_t>(threshold), marks);
  };
  int last = -1;
  for (int count = add_row(0, 0); count > 0;) {  // which only compares
    int const i = order == Order::random_site ? descent.unstable(numbers.below(static_cast<std::uint32_t>(count)))
                                              : descent.unstable_from(last + 1);
    int const before = descent.turn(i);
    m -= 2 * before;
    count = add_row(i, -4 * before);
    // afterwards, lest vectors wait for a single number on its way to memory
    x(static_cast<Index>(Kernel::place_of_sum(static_cast<std::size_t>(i)))) -= 2 * (tie - c) * before;
    last = i;
  }
}

// Neurons are seldom turned at low temperatures: what costs are the numbers, of which many are drawn at once.
template <class Entry>
void DeferredCouplings<Entry>::heat(std::span<std::uint64_t> state, Eigen::Ref<Eigen::ArrayXi const> const& sums,
                                    double T, int sweeps, Order order, Rng& rng) const {
  int const c = common();
  Eigen::ArrayXi x = differing_sums(state, sums, 0);
  int m = magnetization(state, N_);
  Descent descent(state, N_);
  Numbers numbers(rng);

  constexpr int at_once = 64;
  std::array<int, at_once> sites;
  Eigen::Array<double, at_once, 1> u = Eigen::Array<double, at_once, 1>::Constant(0.5), noise;
  auto left = std::int64_t{N_} * sweeps;
  for (int next = 0; left > 0; left -= at_once) {
    auto const visits = static_cast<int>(std::min<std::int64_t>(left, at_once));
    for (int k = 0; k < visits; ++k) {
      sites[static_cast<std::size_t>(k)] =
          order == Order::random_site ? numbers.below(static_cast<std::uint32_t>(N_)) : next;
      u(k) = (numbers.bits() + 0.5) * 0x1p-32;
      next = next + 1 < N_ ? next + 1 : 0;
    }
    noise = T / 2 * (u / (1 - u)).log();
    for (int k = 0; k < visits; ++k) {
      int const i = sites[static_cast<std::size_t>(k)];
      auto& own = x(static_cast<Index>(Kernel::place_of_sum(static_cast<std::size_t>(i))));
      bool const up = own + c * m > noise(k);
      if (up == descent.is_up(i)) continue;
      int const before = descent.turn(i);
      m -= 2 * before;
      Kernel::add_row({x.data(), width()}, M_.col(i).data(), codes_.data(), code(i), r_, -4 * before, 0,
                      descent.marks());
      own += 2 * c * before;
    }
  }
}

template <class Entry>
void DeferredCouplings<Entry>::subtract(std::span<std::uint64_t const> state) {
  pending_states_[static_cast<std::size_t>(pending_)].assign(state.begin(), state.end());
  auto S = pending_signs_.col(pending_);
  unpack_signs(state, S.data());
  Eigen::Array<Entry, Eigen::Dynamic, 1> placed(M_.rows());
  Kernel::unpack(state, width(), placed.data());
  codes_ += ((placed + 1) / 2).template cast<Code>() * static_cast<Code>(1 << pending_);
  ++pending_;
}

template <class Entry>
void DeferredCouplings<Entry>::settle() {
  if (pending_ == 0) return;
  int const c = parity_ - r_ * pending_;
  parity_ = c & 1;
  int const shift = (c - parity_) / 2;
  for (int i = 0; i < N_; ++i) {
    Kernel::write_down({M_.col(i).data(), width()}, codes_.data(), code(i), r_, shift);
    entry(i, i) = 0;
  }
  largest_ += std::max(-shift, r_ * pending_ + shift);
  codes_.setZero();
  pending_ = 0;
}

template class DeferredCouplings<std::int16_t>;
template class DeferredCouplings<std::int32_t>;

}  // namespace hypnos

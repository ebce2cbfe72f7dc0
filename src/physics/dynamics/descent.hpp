#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/kernels/bits.hpp"
#include "hypnos/kernels/sign_sums.hpp"

namespace hypnos {

/// A state on its way down: which neurons stand against their fields, and which is the next to turn.
class Descent {
 public:
  Descent(std::span<std::uint64_t> state, int N)
      : state_(state), used_(state.size(), ~std::uint64_t{0}), unstable_(state.size()), up_to_(state.size()) {
    if (N % 64 != 0) used_.back() = (std::uint64_t{1} << N % 64) - 1;
  }

  /// A field that is not negative (one of zero counts as one along the spin) is expected where s_i = +1.
  Marks marks() { return {state_.data(), used_.data(), unstable_.data(), up_to_.data()}; }

  /// Number k = 0, 1, ... of those that stand against their fields.
  int unstable(int k) const { return place_of_set_bit(unstable_, up_to_.data(), k); }

  /// The first of them from neuron i on, or, if there is none, from neuron 0 on.
  int unstable_from(int i) const {
    auto word = static_cast<std::size_t>(i) / 64;
    auto rest = word < unstable_.size() ? unstable_[word] & ~std::uint64_t{0} << i % 64 : 0;
    while (rest == 0) {
      word = word + 1 < unstable_.size() ? word + 1 : 0;
      rest = unstable_[word];
    }
    return static_cast<int>(64 * word) + std::countr_zero(rest);
  }

  bool is_up(int i) const { return (state_[static_cast<std::size_t>(i) / 64] >> i % 64 & 1) != 0; }

  /// Turns neuron i, which is content from then on until another turns: marks leave it out. How it stood before.
  int turn(int i) {
    used_[static_cast<std::size_t>(last_) / 64] |= std::uint64_t{1} << last_ % 64;
    last_ = i;
    auto const bit = std::uint64_t{1} << i % 64;
    used_[static_cast<std::size_t>(i) / 64] &= ~bit;
    auto& word = state_[static_cast<std::size_t>(i) / 64];
    int const s = (word & bit) != 0 ? 1 : -1;
    word ^= bit;
    return s;
  }

 private:
  std::span<std::uint64_t> state_;
  std::vector<std::uint64_t> used_, unstable_;
  std::vector<int> up_to_;
  int last_ = 0;  // that turned
};

}  // namespace hypnos

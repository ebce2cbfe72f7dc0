#pragma once

#include <bit>
#include <cstdint>
#include <numeric>
#include <vector>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/kernels/bits.hpp"
#include "hypnos/kernels/sign_sums.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"

namespace hypnos {

/// The unstable neurons of a state while neurons flip, as the kernels mark them.
class UnstableNeurons {
 public:
  explicit UnstableNeurons(MutableSpinState state)
      : state_(state), used_(state.words().size(), ~std::uint64_t{0}), unstable_(used_.size()), up_to_(used_.size()) {
    if (state.size() % 64 != 0) used_.back() = (std::uint64_t{1} << state.size() % 64) - 1;
  }

  /// A field that is not negative (one of zero counts as one along the spin) is expected where s_i = +1.
  Marks marks() { return {state_.words().data(), used_.data(), unstable_.data(), up_to_.data()}; }

  /// Number k = 0, 1, ... of the unstable neurons.
  int operator[](int k) const { return place_of_set_bit(unstable_, up_to_.data(), k); }

  /// The first unstable neuron from i on, or, if there is none, from 0 on.
  int from(int i) const {
    auto word = static_cast<std::size_t>(i) / 64;
    auto rest = word < unstable_.size() ? unstable_[word] & ~std::uint64_t{0} << i % 64 : 0;
    while (rest == 0) {
      word = word + 1 < unstable_.size() ? word + 1 : 0;
      rest = unstable_[word];
    }
    return static_cast<int>(64 * word) + std::countr_zero(rest);
  }

  bool is_up(int i) const { return state_.is_up(i); }
  bool is_unstable(int i) const { return (unstable_[static_cast<std::size_t>(i) / 64] >> i % 64 & 1) != 0; }
  int size() const { return state_.size(); }

  /// Flips neuron i and returns what s_i was. The neuron is stable until another one flips: marks leave it out.
  int flip(int i) {
    used_[static_cast<std::size_t>(last_) / 64] |= std::uint64_t{1} << last_ % 64;
    last_ = i;
    used_[static_cast<std::size_t>(i) / 64] &= ~(std::uint64_t{1} << i % 64);
    int const before = state_.spin(i);
    state_.flip(i);
    return before;
  }

 private:
  MutableSpinState state_;
  std::vector<std::uint64_t> used_, unstable_;
  std::vector<int> up_to_;
  int last_ = 0;  // that flipped
};

/// The neuron that is updated next in sweeps of random order.
inline int next_of_random_sweep(int N, BufferedRandom& random, UpdatePosition& position) {
  auto& [last, sweep, updated] = position;
  if (sweep.empty()) {
    sweep.resize(static_cast<std::size_t>(N));
    std::iota(sweep.begin(), sweep.end(), 0);
    updated = sweep.size();
  }
  if (updated == sweep.size()) {
    random.shuffle(sweep);
    updated = 0;
  }
  return sweep[updated++];
}

/// The unstable neuron that flips next, of `unstable` > 0.
inline int next_flip(UnstableNeurons const& neurons, int unstable, Order order, BufferedRandom& random,
                     UpdatePosition& position) {
  if (order == Order::random_site) return neurons[random.below(static_cast<std::uint32_t>(unstable))];
  if (order == Order::sweep) return neurons.from(position.last + 1);
  while (true)
    if (int const i = next_of_random_sweep(neurons.size(), random, position); neurons.is_unstable(i)) return i;
}

/// The loop of the dynamics at zero temperature (relaxation.hpp). `fields` are those of the state:
///   int compare(Marks const&)              marks the unstable neurons and counts them,
///   int flip(int i, int before, Marks const&)    the same after s_i was flipped, which was `before`.
/// Returns the number of flips done, or -1 if neurons are unstable after `most_flips`.
template <class Fields>
std::int64_t relax(MutableSpinState state, Fields& fields, Order order, BufferedRandom& random, std::int64_t most_flips,
                   UpdatePosition& position) {
  UnstableNeurons neurons(state);
  auto const marks = neurons.marks();
  int unstable = fields.compare(marks);
  for (std::int64_t flips = 0;; ++flips) {
    if (unstable == 0) return flips;
    if (flips == most_flips) return -1;
    int const i = next_flip(neurons, unstable, order, random, position);
    unstable = fields.flip(i, neurons.flip(i), marks);
    position.last = i;
  }
}

}  // namespace hypnos

#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/kernels/heat_bath_proposals.hpp"
#include "hypnos/kernels/logistic_thresholds.hpp"
#include "relaxation_loop.hpp"

namespace hypnos {

/// Sixteen heat bath updates one after the other: s_i = +1 where h_i > threshold, else -1; only the first `count` of
/// them are made, but all sixteen neurons are read. All are evaluated with the present fields; the first that changes a
/// spin is applied to the fields of those behind it, which are evaluated again. The fields of all neurons follow at the
/// end. `Fields`:
///   int spin(int i), int field(int i), int coupling(int i, int j)     s_i, h_i, J_ij; J_ii = 0
///   void expect_flip(int i)                                           reads ahead what flipping i needs
///   void flip(std::span<int const> neurons)                           one after the other
template <class Fields>
void heat_bath_block(Fields& fields, int const* neurons, std::int32_t const* thresholds, int count) {
  HeatBathProposals proposals(
      neurons, thresholds, [&](int i) { return fields.field(i); }, [&](int i) { return fields.spin(i); });
  std::array<int, HeatBathProposals::count> flipped;
  std::size_t flips = 0;
  std::uint32_t left = (std::uint32_t{1} << count) - 1;
  while (std::uint32_t const changing = proposals.changing() & left) {
    int const first = std::countr_zero(changing), i = neurons[first];
    fields.expect_flip(i);
    left &= ~std::uint32_t{1} << first;
    proposals.flip(first, i, [&](int k) { return fields.coupling(neurons[k], i); });
    flipped[flips++] = i;
  }
  if (flips > 0) fields.flip(std::span(flipped).first(flips));
}

/// Which neuron is updated next.
inline int next_update(int N, Order order, BufferedRandom& random, UpdatePosition& position) {
  if (order == Order::random_site) return random.below(static_cast<std::uint32_t>(N));
  if (order == Order::random_sweep) return next_of_random_sweep(N, random, position);
  return position.last = position.last + 1 < N ? position.last + 1 : 0;
}

/// The random numbers of heat bath updates: for every one the neuron is drawn (next_update), and then a word, whose
/// threshold of the scale T / 2 decides (logistic_thresholds.hpp).
class HeatBathNumbers {
 public:
  static constexpr std::size_t at_once = 64;

  /// The next `count` updates.
  void draw(int N, std::size_t count, Order order, BufferedRandom& random, UpdatePosition& position) {
    if (order == Order::random_site && count == at_once) return draw_at_random(static_cast<std::uint32_t>(N), random);
    for (std::size_t k = 0; k < count; ++k) {
      neurons[k] = next_update(N, order, random, position);
      words[k] = random.bits();
    }
  }

  std::array<int, at_once> neurons{};
  std::array<std::uint32_t, at_once> words{};

 private:
  // The same numbers as one by one, by vectors: below(N) almost never needs a second word. If it may, all are drawn
  // again.
  void draw_at_random(std::uint32_t N, BufferedRandom& random) {
    std::array<std::uint32_t, 2 * at_once> drawn;
    random.fill(drawn);
    std::uint32_t least = ~std::uint32_t{0};
    for (std::size_t k = 0; k < at_once; ++k) {
      auto const product = std::uint64_t{drawn[2 * k]} * N;
      neurons[k] = static_cast<int>(product >> 32);
      words[k] = drawn[2 * k + 1];
      least = std::min(least, static_cast<std::uint32_t>(product));
    }
    if (least >= N) return;
    struct Drawn {
      std::uint32_t bits() { return used < words.size() ? words[used++] : later.bits(); }
      std::span<std::uint32_t const> words;
      BufferedRandom& later;
      std::size_t used = 0;
    } source{drawn, random};
    for (std::size_t k = 0; k < at_once; ++k) {
      neurons[k] = static_cast<int>(uniform_below(N, source));
      words[k] = source.bits();
    }
  }
};

/// Heat bath updates in some order, a part of them at a time: make(neurons, thresholds) of spans.
template <class Make>
void heat_bath_updates(int N, double scale, std::int64_t updates, Order order, BufferedRandom& random,
                       UpdatePosition& position, Make const& make) {
  HeatBathNumbers next;
  std::array<std::int32_t, HeatBathNumbers::at_once> thresholds;
  while (updates > 0) {
    auto const count = static_cast<std::size_t>(std::min<std::int64_t>(updates, HeatBathNumbers::at_once));
    next.draw(N, count, order, random, position);
    logistic_thresholds(next.words, scale, thresholds);
    make(std::span<int const>(next.neurons).first(count), std::span<std::int32_t const>(thresholds).first(count));
    updates -= static_cast<std::int64_t>(count);
  }
}

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/kernels/logistic_thresholds.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"

namespace hypnos {

/// The threshold of one word.
inline std::int32_t logistic_threshold(std::uint32_t word, double scale) {
  std::int32_t threshold = 0;
  logistic_thresholds({&word, 1}, scale, {&threshold, 1});
  return threshold;
}

/// The definition of heat bath updates (heat_bath_chain.hpp) as a plain loop from the first update on: `s` is a vector
/// of integers +-1, field(i) the integer field on s_i in its present state, `scale` is T / 2 in the units of fields.
template <class Spins, class Field>
void plain_heat_bath(Spins& s, Field const& field, double scale, std::int64_t updates, Order order, Rng& rng) {
  auto const N = static_cast<int>(s.size());
  std::vector<int> sweep(static_cast<std::size_t>(N));
  std::iota(sweep.begin(), sweep.end(), 0);
  for (std::int64_t update = 0; update < updates; ++update) {
    if (order == Order::random_sweep && update % N == 0) rng.shuffle(std::span(sweep));
    int const i = order == Order::random_site ? static_cast<int>(rng.below(static_cast<std::uint32_t>(N)))
                                              : sweep[static_cast<std::size_t>(update % N)];
    s(i) = field(i) > logistic_threshold(rng.bits(), scale) ? 1 : -1;
  }
}

}  // namespace hypnos

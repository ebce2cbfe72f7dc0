#pragma once

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <vector>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/heat_bath.hpp"

namespace hypnos {

inline Rng chain_stream(std::uint64_t seed) { return {seed, 0, streams::trained_chains}; }

// Three members, each of which computes its own blocks, last ones first, at an odd address.
inline std::vector<double> team_of_three(int count, int size, FillBlock const& fill) {
  std::vector<double> all(static_cast<std::size_t>(count) * size, std::numeric_limits<double>::quiet_NaN());
  for (int rank = 0; rank < 3; ++rank)
    for (int k = count - 1; k >= 0; --k) {
      if (k % 3 != rank) continue;
      std::vector<double> memory(static_cast<std::size_t>(size) + 1);
      fill(k, std::span(memory).subspan(1));
      std::copy(memory.begin() + 1, memory.end(), all.begin() + static_cast<std::ptrdiff_t>(k) * size);
    }
  return all;
}

template <class T>
std::vector<std::byte> state_of(T& object) {
  StateWriter writer;
  writer(object);
  return writer.take();
}

template <class T>
void restore(T& object, std::vector<std::byte> const& state) {
  StateReader reader(state);
  reader(object);
  CHECK(reader.empty());
}

// A computation in pieces: `make(own, blocks)` returns it, on a copy of `start` (chains, or what else it changes). It
// comes to the same state if it is restored into a new one after any number of pieces, and if pieces are abandoned at a
// poll and begun again; an abandoned piece changes nothing. Returns the number of pieces.
template <class Start, class Make>
int check_interruptions(Start const& start, Make const& make) {
  auto whole_start = start;
  auto whole = make(whole_start, BlockMap(serial_blocks));
  std::vector<std::vector<std::byte>> states = {state_of(whole)};
  CHECK(whole.fraction() == 0);
  for (double fraction = 0; !whole.done(); fraction = whole.fraction()) {
    CHECK(whole.fraction() >= fraction);
    whole.advance();
    states.push_back(state_of(whole));
  }
  CHECK(whole.fraction() == 1);
  auto const pieces = states.size() - 1;
  for (std::size_t k = 0; k <= pieces; ++k) {
    auto own = start;
    auto resumed = make(own, BlockMap(serial_blocks));
    restore(resumed, states[k]);
    CHECK(state_of(resumed) == states[k]);
    while (!resumed.done()) resumed.advance();
    CHECK(state_of(resumed) == states.back());
  }

  int polls = 0, abandoned_at = std::numeric_limits<int>::max();
  BlockMap const polled(serial_blocks, [&] {
    if (++polls % abandoned_at == 0) throw 0;
  });
  auto counted_start = start;
  auto counted = make(counted_start, polled);
  while (!counted.done()) counted.advance();
  CHECK(polls > 0);
  int const all = polls;
  for (int const fraction : {2, 3, 7}) {
    polls = 0;
    abandoned_at = std::max(1, all / fraction);
    auto own = start;
    auto stage = make(own, polled);
    int abandoned = 0;
    while (!stage.done()) {
      auto const before = state_of(stage);
      try {
        stage.advance();
      } catch (int) {
        CHECK(state_of(stage) == before);
        if (++abandoned == 3) abandoned_at = std::numeric_limits<int>::max();
      }
    }
    CHECK(abandoned > 0);
    CHECK(state_of(stage) == states.back());
  }
  return static_cast<int>(pieces);
}

template <class A, class B>
bool same_numbers(A const& a, B const& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), sizeof(double) * a.size()) == 0;
}

// Whether independent numbers x have the mean `expected`: within 7 of their own standard errors. False alarm: Student's
// t with 100 or more degrees of freedom exceeds 7 with a probability below 3e-10.
inline bool mean_is(Eigen::ArrayXd const& x, double expected) {
  auto const n = static_cast<double>(x.size());
  double const error = std::sqrt((x - x.mean()).square().sum() / (n * (n - 1)));
  return std::abs(x.mean() - expected) <= 7 * error;
}

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chain_bundle.hpp"

namespace hypnos {

/// The history of a bundle of chains as bits in time: bit b of word w of a spin in chain l is set if the spin was up after
/// sweep 64 w + b of those recorded. Averages over time are counts of bits. Bits after the last sweep are 0.
/// Spin 0 is an additional one that is always up, so that a spin differs from it where it is down; the N spins follow.
class SpinRecord {
 public:
  SpinRecord(int N, int sweeps);

  /// The states after the next sweep. No more than `sweeps` calls.
  void add(ChainBundle const& bundle);

  int spins() const { return spins_; }  ///< N + 1
  int sweeps() const { return sweeps_; }
  int words() const { return words_; }
  /// Word w of all spins of chain l, filled up with zeros to a multiple of eight.
  std::span<std::uint64_t const> word(int l, int w) const { return {&bits_[index(l, w)], width_}; }

 private:
  std::size_t index(int l, int w) const { return (static_cast<std::size_t>(l) * words_ + w) * width_; }
  void transpose_latest();

  int spins_, sweeps_, words_, added_ = 0;
  std::size_t width_;
  std::vector<std::uint64_t> latest_;  // (64, width): bits of number (b, i) are the chains after sweep b of this word
  std::vector<std::uint64_t> bits_;    // (chains, words, width)
};

}  // namespace hypnos

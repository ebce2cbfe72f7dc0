#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// The numbers of a stream from where it stands, drawn many at a time.
class BufferedRandom {
 public:
  explicit BufferedRandom(Rng const& stream) : start_(stream), stream_(stream) {}

  /// As Rng::bits.
  std::uint32_t bits() {
    if (used_ == words_.size()) {
      stream_.fill(words_);
      drawn_ += words_.size();
      used_ = 0;
    }
    return words_[used_++];
  }

  /// The next numbers of bits().
  void fill(std::span<std::uint32_t> words) {
    for (; used_ < words_.size() && !words.empty(); words = words.subspan(1)) words.front() = bits();
    stream_.fill(words);
    drawn_ += words.size();
  }

  /// As Rng::below.
  int below(std::uint32_t n) { return static_cast<int>(uniform_below(n, *this)); }

  /// As Rng::shuffle.
  void shuffle(std::span<int> items) {
    for (auto n = static_cast<std::uint32_t>(items.size()); n > 1; --n)
      std::swap(items[n - 1], items[static_cast<std::size_t>(below(n))]);
  }

  /// The position, for an object made of the same stream. Reading repeats all draws: some nanoseconds each.
  template <class Archive>
  void archive(Archive& members) {
    std::uint64_t const now = drawn_ - (words_.size() - used_);
    std::uint64_t taken = now;
    members(taken);
    if (taken == now) return;
    *this = BufferedRandom(start_);
    for (; taken > 0; --taken) bits();
  }

 private:
  Rng start_, stream_;
  std::array<std::uint32_t, 64> words_;
  std::size_t used_ = words_.size();
  std::uint64_t drawn_ = 0;  // into the buffer
};

}  // namespace hypnos

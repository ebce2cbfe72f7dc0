#pragma once

#include <array>
#include <cstdint>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// The numbers of a stream, drawn many at a time: the stream itself stands further on than what was taken.
class Numbers {
 public:
  explicit Numbers(Rng& rng) : rng_(rng) {}

  /// As Rng::bits.
  std::uint32_t bits() {
    if (used_ == words_.size()) {
      rng_.fill(words_);
      used_ = 0;
    }
    return words_[used_++];
  }

  /// As Rng::below.
  int below(std::uint32_t n) { return static_cast<int>(uniform_below(n, *this)); }

 private:
  Rng& rng_;
  std::array<std::uint32_t, 64> words_;
  std::size_t used_ = words_.size();
};

}  // namespace hypnos

#pragma once

#include <array>
#include <cstdint>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// The numbers of a stream, drawn many at a time.
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
  int below(std::uint32_t n) {
    std::uint64_t product = std::uint64_t{bits()} * n;
    if (static_cast<std::uint32_t>(product) < n) {
      std::uint32_t const rejected = -n % n;
      while (static_cast<std::uint32_t>(product) < rejected) product = std::uint64_t{bits()} * n;
    }
    return static_cast<int>(product >> 32);
  }

 private:
  Rng& rng_;
  std::array<std::uint32_t, 64> words_;
  std::size_t used_ = words_.size();
};

}  // namespace hypnos

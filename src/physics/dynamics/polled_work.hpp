#pragma once

#include <cstdint>

#include "hypnos/base/blocks.hpp"

namespace hypnos {

/// Polls now and then during work that consists of many short operations.
class PolledWork {
 public:
  explicit PolledWork(BlockMap const& blocks) : blocks_(blocks) {}

  /// `operations` of about a nanosecond each have been done since the last call.
  void add(std::uint64_t operations) {
    if ((operations_ += operations) < interval) return;
    operations_ = 0;
    blocks_.poll();
  }

 private:
  static constexpr std::uint64_t interval = 1 << 16;  // so that a poll of 0.1 us costs less than 1 %
  BlockMap const& blocks_;
  std::uint64_t operations_ = 0;
};

}  // namespace hypnos

#pragma once

#include <vector>

#include "hypnos/base/blocks.hpp"

namespace hypnos {

/// The processes that share one task. All of them run the same experiment with the same parameters and must make the
/// same decisions; they differ only in the blocks and items that they compute. Every member must make the same calls in
/// the same order. If a member throws in a call, all members throw.
class Team {
 public:
  virtual ~Team() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;

  /// A BlockMap over the team: every block is computed by one member and known to all afterwards, bit for bit.
  virtual std::vector<double> blocks(int count, int size, FillBlock const& fill) = 0;

  /// `count` items of unequal lengths, each made by one member and known to all afterwards, in the order of their numbers.
  virtual std::vector<std::vector<double>> gather(int count, MakeItem const& make) = 0;
};

/// A team of one.
class Alone final : public Team {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  std::vector<double> blocks(int count, int block_size, FillBlock const& fill) override {
    return serial_blocks(count, block_size, fill);
  }
  std::vector<std::vector<double>> gather(int count, MakeItem const& make) override {
    return serial_items(count, make);
  }
};

}  // namespace hypnos

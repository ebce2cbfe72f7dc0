#pragma once

#include "hypnos/base/blocks.hpp"

namespace hypnos {

/// The processes that share one task. All of them run the same experiment on the same parameters and must come to
/// the same decisions; they differ only in which blocks of a sum they compute.
class Team {
 public:
  virtual ~Team() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;

  /// A BlockMap over the team: every block is computed by one member and known to all afterwards, bit for bit.
  /// If a member throws, all members throw. Every member must make the same calls in the same order.
  virtual std::vector<double> blocks(int count, int size, FillBlock const& fill) = 0;
};

/// A team of one.
class Alone final : public Team {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  std::vector<double> blocks(int count, int block_size, FillBlock const& fill) override {
    return serial_blocks(count, block_size, fill);
  }
};

}  // namespace hypnos

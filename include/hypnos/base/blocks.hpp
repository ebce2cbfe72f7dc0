#pragma once

#include <concepts>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace hypnos {

/// Fills `block` with the values of block number k.
using FillBlock = std::function<void(int k, std::span<double> block)>;

/// All blocks in this process, in order.
std::vector<double> serial_blocks(int count, int size, FillBlock const& fill);

/// Computes `count` blocks of `size` numbers and returns them all, one after the other.
/// The map chooses which process computes a block (one process, or the ranks of a team). The contents of the blocks and
/// the order in which they are combined do not depend on it, so sums have the same bits on any number of ranks.
class BlockMap {
 public:
  using Map = std::function<std::vector<double>(int count, int size, FillBlock const& fill)>;
  using Poll = std::function<void()>;

  /// `poll` may throw; `workers` is the number of blocks that are computed at the same time.
  template <class M>
  requires(std::convertible_to<M, Map> && !std::same_as<M, BlockMap>) BlockMap(
      M map, Poll poll = [] {}, int workers = 1)
      : map_(std::move(map)), poll_(std::move(poll)), workers_(workers) {}

  std::vector<double> operator()(int count, int size, FillBlock const& fill) const { return map_(count, size, fill); }

  /// To be called at least once a second within blocks that take longer. Throws if the work has to be abandoned; the
  /// objects concerned must then be as they were before the work.
  void poll() const { poll_(); }

  /// A computation that can be interrupted between blocks computes this many, or a multiple, between two checkpoints.
  int workers() const { return workers_; }

 private:
  Map map_;
  Poll poll_;
  int workers_;
};

/// Makes item number k, of any length.
using MakeItem = std::function<std::vector<double>(int k)>;

/// Makes `count` items and returns them all in order. As with a BlockMap, their contents do not depend on which process
/// makes an item.
using ItemMap = std::function<std::vector<std::vector<double>>(int count, MakeItem const& make)>;

/// All items in this process, in order.
std::vector<std::vector<double>> serial_items(int count, MakeItem const& make);

/// The sum of `count` blocks, added in the order of their numbers. A bounded number of blocks is computed at a time, so
/// memory does not grow with `count`.
std::vector<double> ordered_sum(BlockMap const& blocks, int count, int size, FillBlock const& fill);

}  // namespace hypnos

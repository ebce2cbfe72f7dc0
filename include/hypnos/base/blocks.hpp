#pragma once

#include <functional>
#include <span>
#include <vector>

namespace hypnos {

/// Fills `block` with the values of block number k.
using FillBlock = std::function<void(int k, std::span<double> block)>;

/// Computes `count` blocks of `size` numbers and returns them all, one after the other.
/// Who computes a block is the map's affair (one process, or the ranks of a team); what is in it and the
/// order in which blocks are combined afterwards are not. That is why sums have the same bits on any
/// number of ranks.
using BlockMap = std::function<std::vector<double>(int count, int size, FillBlock const& fill)>;

/// All blocks in this process, in order.
std::vector<double> serial_blocks(int count, int size, FillBlock const& fill);

}  // namespace hypnos

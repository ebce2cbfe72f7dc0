#include "spin_record.hpp"

#include <algorithm>
#include <array>

namespace hypnos {

namespace {

using Square = std::array<std::uint64_t, 64>;

// Exchanges bit c of row r with bit r of row c: two quarters of the square are exchanged, then the same within quarters.
// (Warren, Hacker's Delight, Sec. 7-3)
void transpose(Square& rows) {
  std::uint64_t mask = 0x00000000ffffffff;
  for (std::size_t half = 32; half > 0; half /= 2, mask ^= mask << half)
    for (std::size_t r = 0; r < 64; r = (r + half + 1) & ~half) {
      auto const exchanged = (rows[r] >> half ^ rows[r + half]) & mask;
      rows[r] ^= exchanged << half;
      rows[r + half] ^= exchanged;
    }
}

}  // namespace

SpinRecord::SpinRecord(int N, int sweeps)
    : spins_(N + 1),
      sweeps_(sweeps),
      words_((sweeps + 63) / 64),
      width_(static_cast<std::size_t>(spins_ + 7) / 8 * 8),
      latest_(64 * width_) {
  bits_.resize(index(ChainBundle::lanes, 0));
}

void SpinRecord::add(ChainBundle const& bundle) {
  auto const row = std::span(latest_).subspan(static_cast<std::size_t>(added_ % 64) * width_, width_);
  row[0] = ~std::uint64_t{0};
  bundle.pack(row.subspan(1));
  if (++added_ % 64 == 0 || added_ == sweeps_) transpose_latest();
}

void SpinRecord::transpose_latest() {
  int const w = (added_ - 1) / 64;
  for (std::size_t i = 0; i < static_cast<std::size_t>(spins_); ++i) {
    Square square;
    for (std::size_t b = 0; b < 64; ++b) square[b] = latest_[b * width_ + i];
    transpose(square);
    for (int l = 0; l < ChainBundle::lanes; ++l) bits_[index(l, w) + i] = square[static_cast<std::size_t>(l)];
  }
  std::ranges::fill(latest_, 0);
}

}  // namespace hypnos

#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "hypnos/base/stream.hpp"

namespace hypnos {

/// Uniform on {0, ..., n-1} without bias (Lemire, ACM TOMACS 29, 3 (2019)) from words of 32 independent bits,
/// source.bits(); n > 0.
template <class Source>
std::uint32_t uniform_below(std::uint32_t n, Source& source) {
  std::uint64_t product = std::uint64_t{source.bits()} * n;
  if (static_cast<std::uint32_t>(product) < n) {
    std::uint32_t const rejected = -n % n;  // 2^32 mod n
    while (static_cast<std::uint32_t>(product) < rejected) product = std::uint64_t{source.bits()} * n;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

/// A random stream with an address: Philox4x32-10 (Salmon et al., SC'11), key = job seed,
/// counter = (position, realization, stream). The same address gives the same numbers on every rank,
/// in every order of execution; two addresses never share a counter. A stream holds 2^66 words.
class Rng {
 public:
  Rng(std::uint64_t seed, std::uint32_t realization, Stream stream);

  /// 32 independent bits.
  std::uint32_t bits();
  /// The next numbers of bits(), computed several at a time.
  void fill(std::span<std::uint32_t> words);
  /// Uniform on [0, 1), a multiple of 2^-53.
  double uniform();
  /// Zero mean, unit variance (Box and Muller, Ann. Math. Stat. 29, 610 (1958)).
  double normal();
  /// uniform_below.
  std::uint32_t below(std::uint32_t n) { return uniform_below(n, *this); }

  /// A uniformly random permutation (Fisher and Yates); fewer than 2^32 items.
  template <class T>
  void shuffle(std::span<T> items) {
    for (auto n = static_cast<std::uint32_t>(items.size()); n > 1; --n) std::swap(items[n - 1], items[below(n)]);
  }

  /// The position in the stream: the number of words drawn (exact up to 2^53, and for multiples of 2^13 everywhere),
  /// and the second of a pair of normals if it is the next one, else NaN. After seek(position) a stream of the same
  /// address continues there.
  std::array<double, 2> position() const;
  void seek(std::array<double, 2> const& position);

  /// The substreams of a stream are its parts of 2^46 words: number k < substreams begins at word k 2^46.
  static constexpr std::uint32_t substreams = 1 << 20;
  /// A stream of the same address, positioned at the beginning of substream k.
  Rng substream(std::uint32_t k) const;
  /// Block number `block` (four words) of `side` consecutive substreams side by side, for vectorized code:
  /// words[side w + l] is word 4 block + w of substream first + l. block < 2^44. Does not depend on the position of the
  /// stream, nor change it.
  static constexpr std::size_t side = 64;
  void side_by_side(std::uint64_t block, std::uint32_t first, std::span<std::uint32_t, 4 * side> words) const;

 private:
  r123::Philox4x32::key_type key_;
  r123::Philox4x32::ctr_type counter_;
  r123::Philox4x32::ctr_type words_{};
  int used_ = 4;
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

}  // namespace hypnos

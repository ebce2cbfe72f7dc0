#include "hypnos/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

namespace hypnos {

namespace {

// Lanes of 64 bits, as many as the processor takes at once. Only the product is spelt for it: left to the compiler, the
// same numbers take 1.7 times as long. (Random123 brings the names of vector instructions.)
#if defined(__AVX512F__)
using Lanes [[gnu::vector_size(64)]] = std::uint64_t;
Lanes product_of_lower_halves(Lanes a, Lanes b) { return Lanes(_mm512_maskz_mul_epu32(0xff, __m512i(a), __m512i(b))); }
#elif defined(__AVX2__)
using Lanes [[gnu::vector_size(32)]] = std::uint64_t;
Lanes product_of_lower_halves(Lanes a, Lanes b) { return Lanes(_mm256_mul_epu32(__m256i(a), __m256i(b))); }
#else
using Lanes [[gnu::vector_size(8)]] = std::uint64_t;
Lanes product_of_lower_halves(Lanes a, Lanes b) { return (a & 0xffffffff) * (b & 0xffffffff); }
#endif

Lanes all_lanes(std::uint64_t x) { return Lanes{} + x; }

constexpr int bits_of_block = 44;  // within a substream

}  // namespace

Rng::Rng(std::uint64_t seed, std::uint32_t realization, Stream stream)
    : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}},
      counter_{{0, 0, realization, static_cast<std::uint32_t>(stream)}} {}

std::uint32_t Rng::bits() {
  if (used_ == 4) {
    words_ = r123::Philox4x32{}(counter_, key_);
    used_ = 0;
    if (++counter_[0] == 0) ++counter_[1];
  }
  return words_[used_++];
}

double Rng::uniform() {
  std::uint64_t const high = bits() >> 5;  // 27 bits
  std::uint64_t const low = bits() >> 6;   // 26 bits
  return static_cast<double>(high << 26 | low) * 0x1p-53;
}

double Rng::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  double const radius = std::sqrt(-2 * std::log(1 - uniform()));
  double const angle = 2 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::uint32_t Rng::below(std::uint32_t n) {
  std::uint64_t product = std::uint64_t{bits()} * n;
  if (static_cast<std::uint32_t>(product) < n) {
    std::uint32_t const rejected = -n % n;  // 2^32 mod n
    while (static_cast<std::uint32_t>(product) < rejected) product = std::uint64_t{bits()} * n;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

std::array<double, 2> Rng::position() const {
  auto const blocks = std::uint64_t{counter_[1]} << 32 | counter_[0];
  double const words = 4 * static_cast<double>(blocks) - (4 - used_);
  return {words, has_spare_ ? spare_normal_ : std::numeric_limits<double>::quiet_NaN()};
}

void Rng::seek(std::array<double, 2> const& position) {
  auto const words = static_cast<std::uint64_t>(position[0]);
  counter_[0] = static_cast<std::uint32_t>(words / 4);
  counter_[1] = static_cast<std::uint32_t>(words / 4 >> 32);
  used_ = 4;
  for (auto k = words % 4; k > 0; --k) bits();
  has_spare_ = !std::isnan(position[1]);
  spare_normal_ = position[1];
}

Rng Rng::substream(std::uint32_t k) const {
  Rng at_beginning = *this;
  at_beginning.counter_[0] = 0;
  at_beginning.counter_[1] = k << (bits_of_block - 32);
  at_beginning.used_ = 4;
  at_beginning.has_spare_ = false;
  return at_beginning;
}

// Philox4x32-10 spelt out. Numbers of 32 bits sit in the lower halves of lanes of 64; what the upper halves hold does
// not matter, since the product of lower halves ignores it.
void Rng::side_by_side(std::uint64_t block, std::uint32_t first, std::span<std::uint32_t, 4 * side> words) const {
  constexpr int rounds = 10;
  std::array<std::uint64_t, rounds> key0, key1;
  for (std::uint32_t round = 0; round < rounds; ++round) {
    key0[round] = key_[0] + round * PHILOX_W32_0;
    key1[round] = key_[1] + round * PHILOX_W32_1;
  }
  // of the four rows of results, the second begins as the only part of the counter that differs between substreams
  alignas(Lanes) std::array<std::array<std::uint64_t, side>, 4> rows;
  for (std::size_t l = 0; l < side; ++l) rows[1][l] = (block >> 32) + ((first + l) << (bits_of_block - 32));
  for (std::size_t begin = 0; begin < side; begin += sizeof(Lanes) / sizeof(std::uint64_t)) {
    auto const in = [&](std::size_t row) -> Lanes& { return reinterpret_cast<Lanes&>(rows[row][begin]); };
    Lanes x0 = all_lanes(block), x1 = in(1), x2 = all_lanes(counter_[2]), x3 = all_lanes(counter_[3]);
#pragma GCC unroll 10
    for (std::size_t round = 0; round < rounds; ++round) {
      Lanes const a = product_of_lower_halves(all_lanes(PHILOX_M4x32_0), x0);
      Lanes const b = product_of_lower_halves(all_lanes(PHILOX_M4x32_1), x2);
      x0 = (b >> 32) ^ x1 ^ all_lanes(key0[round]);
      x1 = b;
      x2 = (a >> 32) ^ x3 ^ all_lanes(key1[round]);
      x3 = a;
    }
    in(0) = x0;
    in(1) = x1;
    in(2) = x2;
    in(3) = x3;
  }
  for (std::size_t w = 0; w < 4; ++w)
    for (std::size_t l = 0; l < side; ++l) words[w * side + l] = static_cast<std::uint32_t>(rows[w][l]);
}

}  // namespace hypnos

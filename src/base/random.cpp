#include "hypnos/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <numeric>

namespace hypnos {

namespace {

// Lanes of 64 bits, as many as a vector register contains. Only the product uses intrinsics; without them the same
// numbers take 1.7 times as long. (Random123 includes their headers.)
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

// Philox4x32-10 for vectors. Numbers of 32 bits are in the lower halves of lanes of 64 bits. The contents of the upper
// halves are arbitrary, since the product of lower halves ignores them.
constexpr int rounds = 10;
using Counters = std::array<Lanes, 4>;
using Keys = std::array<std::array<std::uint64_t, 2>, rounds>;

Keys round_keys(r123::Philox4x32::key_type const& key) {
  Keys keys;
  for (std::uint32_t round = 0; round < rounds; ++round)
    keys[round] = {key[0] + round * PHILOX_W32_0, key[1] + round * PHILOX_W32_1};
  return keys;
}

// Several vectors side by side, since a round waits for the product of the one before.
template <std::size_t count>
void encrypt(std::array<Counters, count>& vectors, Keys const& keys) {
#pragma GCC unroll 10
  for (auto const& key : keys) {
#pragma GCC unroll 4
    for (auto& x : vectors) {
      Lanes const a = product_of_lower_halves(all_lanes(PHILOX_M4x32_0), x[0]);
      Lanes const b = product_of_lower_halves(all_lanes(PHILOX_M4x32_1), x[2]);
      x = {(b >> 32) ^ x[1] ^ all_lanes(key[0]), b, (a >> 32) ^ x[3] ^ all_lanes(key[1]), a};
    }
  }
}

constexpr std::size_t lanes = sizeof(Lanes) / sizeof(std::uint64_t);
constexpr std::size_t blocks_at_once = 16;
// Without vectors the registers suffice for one.
constexpr std::size_t vectors_at_once = lanes == 1 ? 1 : std::min<std::size_t>(4, blocks_at_once / lanes);

#if defined(__AVX2__)
// Numbers of a, then those of b, by their places.
template <int... place>
Lanes shuffled(Lanes a, Lanes b) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, place...);
#else
  return __builtin_shuffle(a, b, Lanes{place...});
#endif
}
#endif

// Numbers of the lower halves: a[0], b[0], a[1], b[1], ... as pairs of vectors.
std::array<Lanes, 2> alternating(Lanes a, Lanes b) {
#if defined(__AVX512F__)
  return {shuffled<0, 8, 1, 9, 2, 10, 3, 11>(a, b), shuffled<4, 12, 5, 13, 6, 14, 7, 15>(a, b)};
#elif defined(__AVX2__)
  return {shuffled<0, 4, 1, 5>(a, b), shuffled<2, 6, 3, 7>(a, b)};
#else
  return {a, b};
#endif
}

// Blocks number counter, counter + 1, ... of a stream, one after the other.
void consecutive_blocks(r123::Philox4x32::ctr_type const& counter, Keys const& keys,
                        std::span<std::uint32_t, 4 * blocks_at_once> words) {
  std::array<std::uint64_t, lanes> steps;
  std::iota(steps.begin(), steps.end(), std::uint64_t{counter[1]} << 32 | counter[0]);
  Lanes number;
  std::memcpy(&number, steps.data(), sizeof number);
  auto* to = words.data();
  for (std::size_t begin = 0; begin < blocks_at_once; begin += vectors_at_once * lanes) {
    std::array<Counters, vectors_at_once> made;
    for (auto& x : made) {
      x = {number, number >> 32, all_lanes(counter[2]), all_lanes(counter[3])};
      number += lanes;
    }
    encrypt(made, keys);
    for (auto const& x : made)
      for (auto const& pairs : alternating((x[0] & 0xffffffff) | x[1] << 32, (x[2] & 0xffffffff) | x[3] << 32)) {
        std::memcpy(to, &pairs, sizeof pairs);
        to += 2 * lanes;
      }
  }
}

}  // namespace

Rng::Rng(std::uint64_t seed, std::uint32_t realization, Stream stream)
    : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}},
      counter_{{0, 0, realization, stream.number()}} {}

std::uint32_t Rng::bits() {
  if (used_ == 4) {
    words_ = r123::Philox4x32{}(counter_, key_);
    used_ = 0;
    if (++counter_[0] == 0) ++counter_[1];
  }
  return words_[used_++];
}

void Rng::fill(std::span<std::uint32_t> words) {
  for (; used_ < 4 && !words.empty(); words = words.subspan(1)) words.front() = bits();
  if (words.empty()) return;
  auto const keys = round_keys(key_);
  while (!words.empty()) {
    std::array<std::uint32_t, 4 * blocks_at_once> made;
    auto const count = std::min(words.size(), made.size());
    auto const to = count == made.size() ? words.first<made.size()>() : std::span(made);
    consecutive_blocks(counter_, keys, to);
    if (count < made.size()) std::copy_n(made.begin(), count, words.begin());
    words = words.subspan(count);

    auto const blocks = (count + 3) / 4;
    std::copy_n(&to[4 * blocks - 4], 4, words_.v);
    used_ = static_cast<int>(count - 4 * blocks + 4);
    counter_.incr(blocks);
  }
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

std::array<double, 2> Rng::position() const {
  auto const blocks = std::uint64_t{counter_[1]} << 32 | counter_[0];
  double const words = 4 * static_cast<double>(blocks) - (4 - used_);
  return {words, has_spare_ ? spare_normal_ : std::numeric_limits<double>::quiet_NaN()};
}

void Rng::seek(std::array<double, 2> const& position) {
  double const whole = std::floor(position[0] / 4);  // of up to 2^66 words; blocks fit 64 bits
  auto const blocks = static_cast<std::uint64_t>(whole);
  counter_[0] = static_cast<std::uint32_t>(blocks);
  counter_[1] = static_cast<std::uint32_t>(blocks >> 32);
  used_ = 4;
  for (int left = static_cast<int>(position[0] - 4 * whole); left > 0; --left) bits();
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

void Rng::side_by_side(std::uint64_t block, std::uint32_t first, std::span<std::uint32_t, 4 * side> words) const {
  auto const keys = round_keys(key_);
  // before it has a result, row 1 contains the only part of the counter that differs between substreams
  alignas(Lanes) std::array<std::array<std::uint64_t, side>, 4> rows;
  for (std::size_t l = 0; l < side; ++l) rows[1][l] = (block >> 32) + ((first + l) << (bits_of_block - 32));
  for (std::size_t begin = 0; begin < side; begin += vectors_at_once * lanes) {
    auto const in = [&](std::size_t row, std::size_t v) -> Lanes& {
      return reinterpret_cast<Lanes&>(rows[row][begin + v * lanes]);
    };
    std::array<Counters, vectors_at_once> made;
    for (std::size_t v = 0; v < vectors_at_once; ++v)
      made[v] = {all_lanes(block), in(1, v), all_lanes(counter_[2]), all_lanes(counter_[3])};
    encrypt(made, keys);
    for (std::size_t v = 0; v < vectors_at_once; ++v)
      for (std::size_t row = 0; row < 4; ++row) in(row, v) = made[v][row];
  }
  for (std::size_t w = 0; w < 4; ++w)
    for (std::size_t l = 0; l < side; ++l) words[w * side + l] = static_cast<std::uint32_t>(rows[w][l]);
}

}  // namespace hypnos

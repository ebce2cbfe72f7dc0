#include "hypnos/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

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

void encrypt(Counters& x, Keys const& keys) {
#pragma GCC unroll 10
  for (auto const& key : keys) {
    Lanes const a = product_of_lower_halves(all_lanes(PHILOX_M4x32_0), x[0]);
    Lanes const b = product_of_lower_halves(all_lanes(PHILOX_M4x32_1), x[2]);
    x = {(b >> 32) ^ x[1] ^ all_lanes(key[0]), b, (a >> 32) ^ x[3] ^ all_lanes(key[1]), a};
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
  constexpr auto at_once = sizeof(Lanes) / sizeof(std::uint64_t);  // blocks of four
  auto const keys = round_keys(key_);
  for (; used_ < 4 && !words.empty(); words = words.subspan(1)) words.front() = bits();
  while (!words.empty()) {
    auto const first = std::uint64_t{counter_[1]} << 32 | counter_[0];
    Counters x{Lanes{}, Lanes{}, all_lanes(counter_[2]), all_lanes(counter_[3])};
    for (std::size_t l = 0; l < at_once; ++l) {
      x[0][l] = first + l;
      x[1][l] = (first + l) >> 32;
    }
    encrypt(x, keys);
    std::array<std::uint32_t, 4 * at_once> made;
    for (std::size_t k = 0; k < made.size(); ++k) made[k] = static_cast<std::uint32_t>(x[k % 4][k / 4]);
    auto const count = std::min(words.size(), made.size());
    std::copy_n(made.begin(), count, words.begin());
    words = words.subspan(count);

    auto const blocks = (count + 3) / 4;
    std::copy_n(&made[4 * blocks - 4], 4, words_.v);
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
  for (double k = position[0] - 4 * whole; k > 0; --k) bits();
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
  for (std::size_t begin = 0; begin < side; begin += sizeof(Lanes) / sizeof(std::uint64_t)) {
    auto const in = [&](std::size_t row) -> Lanes& { return reinterpret_cast<Lanes&>(rows[row][begin]); };
    Counters x{all_lanes(block), in(1), all_lanes(counter_[2]), all_lanes(counter_[3])};
    encrypt(x, keys);
    for (std::size_t row = 0; row < 4; ++row) in(row) = x[row];
  }
  for (std::size_t w = 0; w < 4; ++w)
    for (std::size_t l = 0; l < side; ++l) words[w * side + l] = static_cast<std::uint32_t>(rows[w][l]);
}

}  // namespace hypnos

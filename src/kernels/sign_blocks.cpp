#include "hypnos/kernels/sign_blocks.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "lanes.hpp"

namespace hypnos {

namespace {

constexpr std::size_t size = SignBlock::size;

// All sums of +- four vectors: those with bit b of the number set have a plus.
template <class Int32>
void tabulate(std::array<Int32, 4> const& x, Int32* table) {
  table[0] = -(x[0] + x[1]) - (x[2] + x[3]);
  for (std::size_t b = 0; b < 4; ++b) {
    auto const twice = x[b] + x[b];
    for (std::size_t k = 0; k < std::size_t{1} << b; ++k) table[k | std::size_t{1} << b] = table[k] + twice;
  }
}

// Bit k in lane k.
template <class Lanes>
typename Lanes::Int32 bits_of_lanes() {
  typename Lanes::Int32 bits{};
  for (int k = 0; k < Lanes::lanes; ++k) bits[k] = 1 << k;
  return bits;
}

// All bits in the lanes whose bit is not set in the words, from bit i on.
template <class Lanes>
typename Lanes::Int32 minus_lanes(std::uint32_t const* words, std::size_t i, typename Lanes::Int32 bits) {
  auto const word = static_cast<std::int32_t>(words[i / 32] >> i % 32);
  return typename Lanes::Int32((bits & word) == 0);
}

// Bit b of words[d] becomes bit d of words[b]: halves of blocks change places, from 16 x 16 bits down to single ones
// (Warren, Hacker's Delight, 7-3).
void transpose(std::array<std::uint32_t, size>& words) {
  std::uint32_t mask = 0x0000ffff;
  for (std::size_t side = size / 2; side > 0; side /= 2, mask ^= mask << side)
    for (std::size_t k = 0; k < size; k = ((k | side) + 1) & ~side) {
      std::uint32_t const differing = (words[k] >> side ^ words[k | side]) & mask;
      words[k] ^= differing << side;
      words[k | side] ^= differing;
    }
}

// The bit of the sign of every lane.
template <class Lanes>
std::uint32_t sign_bits(typename Lanes::Int32 x) {
#if defined(__AVX512BW__) && defined(__AVX512VL__)
  if constexpr (Lanes::lanes == 16) return _mm512_cmplt_epi32_mask(__m512i(x), _mm512_setzero_si512());
#elif defined(__AVX2__)
  if constexpr (Lanes::lanes == 8) return static_cast<std::uint32_t>(_mm256_movemask_ps(__m256(x)));
#endif
  std::uint32_t bits = 0;
  for (int k = 0; k < Lanes::lanes; ++k) bits |= static_cast<std::uint32_t>(x[k]) >> 31 << k;
  return bits;
}

// -x where `minus` has all bits, else x.
template <class Int32>
Int32 with_sign(Int32 x, Int32 minus) {
  return (x ^ minus) - minus;
}

}  // namespace

SignBlock::SignBlock(std::size_t columns)
    : columns_(columns),
      words_((columns + 31) / 32),
      fours_((columns + 3) / 4),
      signs_(size * words_),
      of_columns_(size * fours_),
      of_vectors_(size / 4 * columns) {}

void SignBlock::assign(std::span<std::uint32_t const> words) {
  signs_.assign(words.begin(), words.end());
  std::array<std::uint32_t, size> of_word;
  for (std::size_t w = 0; w < words_; ++w) {
    for (std::size_t d = 0; d < size; ++d) of_word[d] = signs_[d * words_ + w];
    auto const fours = std::min(size / 4, fours_ - size / 4 * w);
    for (std::size_t g = 0; g < fours; ++g)
      for (std::size_t d = 0; d < size; ++d)
        of_columns_[size * (size / 4 * w + g) + d] = static_cast<std::uint8_t>(of_word[d] >> 4 * g & 15);
    transpose(of_word);
    auto const columns = std::min(size, columns_ - size * w);
    for (std::size_t j = 0; j < columns; ++j)
      for (std::size_t g = 0; g < size / 4; ++g)
        of_vectors_[size / 4 * (size * w + j) + g] = static_cast<std::uint8_t>(of_word[j] >> 4 * g & 15);
  }
  for (std::size_t d = 0; d < size; ++d)
    for (std::size_t e = 0; e <= d; ++e) {
      int differing = 0;
      for (std::size_t w = 0; w < words_; ++w)
        differing += std::popcount(signs_[d * words_ + w] ^ signs_[e * words_ + w]);
      products_[size * d + e] = products_[size * e + d] = static_cast<std::int32_t>(columns_) - 2 * differing;
    }
}

// A panel of columns has its tables in the first cache.
template <class Lanes>
void SignBlock::multiply_by(std::int32_t const* matrix, std::size_t height, std::int32_t* sums) const {
  using Int32 = typename Lanes::Int32;
  constexpr std::size_t panel = 16, at_once = 8;
  std::array<Int32, 16 * panel> tables;
  for (std::size_t i = 0; i < height; i += Lanes::lanes)
    for (std::size_t first = 0; first < fours_; first += panel) {
      auto const fours = std::min(panel, fours_ - first);
      for (std::size_t g = 0; g < fours; ++g) {
        std::array<Int32, 4> x{};
        auto const j = 4 * (first + g);
        for (std::size_t b = 0; b < std::min<std::size_t>(4, columns_ - j); ++b)
          x[b] = Lanes::template load<Int32>(matrix + (j + b) * height + i);
        tabulate(x, &tables[16 * g]);
      }
      for (std::size_t d = 0; d < size; d += at_once) {
        std::array<Int32, at_once> sum{};
        if (first > 0)
          for (std::size_t k = 0; k < at_once; ++k) sum[k] = Lanes::template load<Int32>(sums + (d + k) * height + i);
        auto const* numbers = &of_columns_[size * first + d];
        auto const* table = tables.data();
        for (std::size_t g = 0; g < fours; ++g, numbers += size, table += 16)
          for (std::size_t k = 0; k < at_once; ++k) sum[k] += table[numbers[k]];
        for (std::size_t k = 0; k < at_once; ++k) Lanes::store(sum[k], sums + (d + k) * height + i);
      }
    }
}

template <class Lanes>
void SignBlock::add_outer_by(std::int32_t* matrix, std::size_t height, std::int32_t const* x) const {
  using Int32 = typename Lanes::Int32;
  constexpr std::size_t fours = size / 4;
  std::array<Int32, 16 * fours> tables;
  for (std::size_t i = 0; i < height; i += Lanes::lanes) {
    for (std::size_t g = 0; g < fours; ++g) {
      std::array<Int32, 4> terms;
      for (std::size_t b = 0; b < 4; ++b) terms[b] = Lanes::template load<Int32>(x + (4 * g + b) * height + i);
      tabulate(terms, &tables[16 * g]);
    }
    auto const* numbers = of_vectors_.data();
    for (std::size_t j = 0; j < columns_; ++j, numbers += fours) {
      auto* const entries = matrix + j * height + i;
      auto sum = Lanes::template load<Int32>(entries), other = tables[numbers[0]];
      for (std::size_t g = 1; g < fours; ++g) (g % 2 == 0 ? other : sum) += tables[16 * g + numbers[g]];
      Lanes::store(sum + other, entries);
    }
  }
}

template <class Lanes>
void SignBlock::correct_by(std::size_t height, std::int32_t const* sums, Changes const& changes,
                           std::int32_t* c) const {
  using Int32 = typename Lanes::Int32;
  constexpr std::size_t lanes = Lanes::lanes;
  auto const bits = bits_of_lanes<Lanes>();
  std::array<Int32, size> of_tile;
  for (std::size_t i = 0; i < height; i += lanes) {
    Int32 rows{}, step = Int32{} + changes.step, own{};  // own: what column i would be
    for (std::size_t k = 0; k < lanes; ++k) {
      if (i + k < columns_) rows[static_cast<int>(k)] = -1;
      if (changes.rate > 0 && i + k < columns_)
        step[static_cast<int>(k)] = SignBlock::step(changes.rate, changes.squares[i + k]);
    }
    for (std::size_t d = 0; d < size; ++d) {
      if (d >= changes.count || i >= columns_) {
        Lanes::store(Int32{}, c + d * height + i);
        continue;
      }
      auto const* const products = &products_[size * d];
      auto sum = Lanes::template load<Int32>(sums + d * height + i);
      for (std::size_t e = 0; e < d; ++e) sum += of_tile[e] * products[e];
      auto const s = minus_lanes<Lanes>(&signs_[d * words_], i, bits);
      auto const x = minus_lanes<Lanes>(changes.wanted + d * words_, i, bits);
      auto const aligned = with_sign(sum - with_sign(own, s), x);
      auto const changed = rows & (changes.zero_counts ? Int32(aligned <= 0) : Int32(aligned < 0));
      auto const change = with_sign(step, x) & changed;
      of_tile[d] = change;
      own += with_sign(change, s);
      Lanes::store(change, c + d * height + i);
      if (changes.rate > 0)
        if (auto bits_changed = sign_bits<Lanes>(changed); bits_changed != 0) {
          std::array<std::int32_t, lanes> products_of_rows, steps;
          Lanes::store(aligned, products_of_rows.data());
          Lanes::store(step, steps.data());
          for (; bits_changed != 0; bits_changed &= bits_changed - 1) {
            auto const k = static_cast<std::size_t>(std::countr_zero(bits_changed));
            std::int64_t const by = steps[k];
            auto& squares = changes.squares[i + k];
            squares += by * (2 * std::int64_t{products_of_rows[k]} + by * static_cast<std::int64_t>(columns_ - 1));
            steps[k] = SignBlock::step(changes.rate, squares);
          }
          step = Lanes::template load<Int32>(steps.data());
        }
    }
  }
}

void SignBlock::multiply(std::int32_t const* matrix, std::size_t height, std::int32_t* sums, Vectors vectors) const {
  if (vectors == Vectors::widest) multiply_by<WidestLanes>(matrix, height, sums);
  else multiply_by<PortableLanes<16>>(matrix, height, sums);
}

void SignBlock::add_outer(std::int32_t* matrix, std::size_t height, std::int32_t const* x, Vectors vectors) const {
  if (vectors == Vectors::widest) add_outer_by<WidestLanes>(matrix, height, x);
  else add_outer_by<PortableLanes<16>>(matrix, height, x);
}

void SignBlock::correct(std::size_t height, std::int32_t const* sums, Changes const& changes, std::int32_t* c,
                        Vectors vectors) const {
  if (vectors == Vectors::widest) correct_by<WidestLanes>(height, sums, changes, c);
  else correct_by<PortableLanes<16>>(height, sums, changes, c);
}

std::int32_t SignBlock::step(double rate, std::int64_t squares) {
  return static_cast<std::int32_t>(std::nearbyint(rate * std::sqrt(static_cast<double>(squares))));
}

}  // namespace hypnos

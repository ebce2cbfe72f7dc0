#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#ifdef __BMI2__
#include <immintrin.h>
#endif

namespace hypnos {

/// The position of set bit number n = 0, 1, ... of a word; n < popcount(word).
inline int place_of_set_bit(std::uint64_t word, int n) {
#ifdef __BMI2__
  return std::countr_zero(_pdep_u64(std::uint64_t{1} << n, word));
#else
  for (; n > 0; --n) word &= word - 1;
  return std::countr_zero(word);
#endif
}

/// The position of set bit number n of several words; `up_to` counts the set bits of each word and all before it.
/// Without branches, which could not be predicted. Counts are read one by one: they were written one by one just
/// before, and a vector load would wait until all of them have reached the cache.
inline int place_of_set_bit(std::span<std::uint64_t const> words, int const* up_to, int n) {
  std::size_t w = 0;
  for (std::size_t k = 0; k < words.size(); ++k) w += static_cast<int const volatile&>(up_to[k]) <= n;
  return static_cast<int>(64 * w) + place_of_set_bit(words[w], n - up_to[w] + std::popcount(words[w]));
}

/// signs[i] = +1 if bit i % 64 of word i / 64 is set, else -1; 64 signs a word.
inline void unpack_signs(std::span<std::uint64_t const> words, std::int16_t* signs) {
  for (auto const word : words)
    for (int half = 0; half < 64; half += 32) {
      auto const bits = static_cast<std::uint32_t>(word >> half);
      for (std::uint32_t k = 0; k < 32; ++k) *signs++ = static_cast<std::int16_t>(2 * (bits >> k & 1)) - 1;
    }
}

}  // namespace hypnos

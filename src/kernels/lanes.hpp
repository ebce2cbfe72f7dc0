#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace hypnos {

template <int bytes>
struct VectorTypes;  // one by one: compilers accept no template parameter as the size of a vector

template <>
struct VectorTypes<16> {
  using Float32 [[gnu::vector_size(16)]] = float;
  using Int32 [[gnu::vector_size(16)]] = std::int32_t;
  using Int16 [[gnu::vector_size(16)]] = std::int16_t;
  using Bits16 [[gnu::vector_size(16)]] = std::uint16_t;
};
template <>
struct VectorTypes<32> {
  using Float32 [[gnu::vector_size(32)]] = float;
  using Int32 [[gnu::vector_size(32)]] = std::int32_t;
  using Int16 [[gnu::vector_size(32)]] = std::int16_t;
  using Bits16 [[gnu::vector_size(32)]] = std::uint16_t;
};
template <>
struct VectorTypes<64> {
  using Float32 [[gnu::vector_size(64)]] = float;
  using Int32 [[gnu::vector_size(64)]] = std::int32_t;
  using Int16 [[gnu::vector_size(64)]] = std::int16_t;
  using Bits16 [[gnu::vector_size(64)]] = std::uint16_t;
};

/// Vectors of integers with the operators that compilers provide for every processor.
template <int bytes>
struct PortableLanes {
  using Int32 = typename VectorTypes<bytes>::Int32;
  using Int16 = typename VectorTypes<bytes>::Int16;
  using Bits16 = typename VectorTypes<bytes>::Bits16;
  static constexpr int lanes = bytes / 4;   ///< of 32 bits
  static constexpr int parts = bytes / 16;  ///< of 4 lanes

  template <class Vector, class Number>
  static Vector load(Number const* from) {
    Vector x;
    std::memcpy(&x, from, bytes);
    return x;
  }
  template <class Vector, class Number>
  static void store(Vector x, Number* to) {
    std::memcpy(to, &x, bytes);
  }

  static Int16 popcount(Int16 x) {
    auto b = Bits16(x);
    b -= b >> 1 & 0x5555;
    b = (b & 0x3333) + (b >> 2 & 0x3333);
    b = (b + (b >> 4)) & 0x0f0f;
    return Int16((b + (b >> 8)) & 0x1f);
  }

  /// Lane k: sum[k] + a[2k] b[2k] + a[2k+1] b[2k+1].
  static Int32 add_products(Int32 sum, Int16 a, Int16 b) {
    auto const low = [](Int16 x) { return Int32(x) << 16 >> 16; };
    auto const high = [](Int16 x) { return Int32(x) >> 16; };
    return sum + low(a) * low(b) + high(a) * high(b);
  }

  static std::int32_t sum(Int32 x) {
    std::int32_t all = 0;
    for (int k = 0; k < lanes; ++k) all += x[k];
    return all;
  }

  /// Part l of both, l < parts, for the bits 8 l + k and 8 l + 4 + k: a[4 l + k] < limit and b[4 l + k] < limit.
  static std::uint64_t less(Int32 a, Int32 b, std::int16_t limit) {
    static_assert(parts == 1);
    Int32 const powers = {1, 2, 4, 8};
    Int32 const marked = ((a < limit) & powers) | ((b < limit) & powers << 4);
    return static_cast<std::uint64_t>(marked[0] | marked[1] | marked[2] | marked[3]);
  }
};

// Only these operations gain by instructions of the processor.
#if defined(__AVX512BW__) && defined(__AVX512VL__)
struct WidestLanes : PortableLanes<64> {
#ifdef __AVX512BITALG__
  static Int16 popcount(Int16 x) { return Int16(_mm512_popcnt_epi16(__m512i(x))); }
#endif
  static Int32 add_products(Int32 sum, Int16 a, Int16 b) {
#ifdef __AVX512VNNI__
    return Int32(_mm512_dpwssd_epi32(__m512i(sum), __m512i(a), __m512i(b)));
#else
    return sum + Int32(_mm512_madd_epi16(__m512i(a), __m512i(b)));
#endif
  }
  static std::int32_t sum(Int32 x) { return _mm512_reduce_add_epi32(__m512i(x)); }
  // Numbers beyond 16 bits end up on the same side of the limit.
  static std::uint64_t less(Int32 a, Int32 b, std::int16_t limit) {
    return _mm512_cmplt_epi16_mask(_mm512_packs_epi32(__m512i(a), __m512i(b)), _mm512_set1_epi16(limit));
  }
};
#elif defined(__AVX2__)
struct WidestLanes : PortableLanes<32> {
  static Int16 popcount(Int16 x) {
    auto const of_nibbles = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                             0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    auto const nibble = _mm256_set1_epi8(15);
    auto const low = _mm256_shuffle_epi8(of_nibbles, _mm256_and_si256(__m256i(x), nibble));
    auto const high = _mm256_shuffle_epi8(of_nibbles, _mm256_and_si256(_mm256_srli_epi16(__m256i(x), 4), nibble));
    return Int16(_mm256_maddubs_epi16(_mm256_add_epi8(low, high), _mm256_set1_epi8(1)));
  }
  static Int32 add_products(Int32 sum, Int16 a, Int16 b) {
    return sum + Int32(_mm256_madd_epi16(__m256i(a), __m256i(b)));
  }
  static std::uint64_t less(Int32 a, Int32 b, std::int16_t limit) {
    auto const smaller = _mm256_cmpgt_epi16(_mm256_set1_epi16(limit), _mm256_packs_epi32(__m256i(a), __m256i(b)));
    auto const bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_packs_epi16(smaller, smaller)));
    return (bits & 0xff) | (bits >> 8 & 0xff00);
  }
};
#else
using WidestLanes = PortableLanes<16>;
#endif

}  // namespace hypnos

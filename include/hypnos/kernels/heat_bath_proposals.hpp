#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace hypnos {

/// Sixteen proposed updates of neurons, s_i = +1 where h_i > threshold, else -1, in registers: h_i, the spins and
/// thresholds of all of them.
class HeatBathProposals {
 public:
  static constexpr int count = 16;

  /// `field` and `spin` of a neuron.
  template <class Field, class Spin>
  HeatBathProposals(int const* neurons, std::int32_t const* thresholds, Field const& field, Spin const& spin)
      : neuron_(loaded(neurons)),
        threshold_(loaded(thresholds)),
        h_(all([&](int k) { return field(neurons[k]); })),
        up_(all([&](int k) { return spin(neurons[k]); })) {
    for (auto& part : up_) part = part > 0;
  }

  /// Bit k is set where update number k would change the spin.
  std::uint32_t changing() const {
    std::uint32_t bits = 0;
    for (std::size_t p = 0; p < parts; ++p) bits |= negative((h_[p] > threshold_[p]) ^ up_[p]) << (lanes * p);
    return bits;
  }

  /// Update number `which` flips neuron i: h of update k changes by -2 s_i coupling(k).
  template <class Coupling>
  void flip(int which, int i, Coupling const& coupling) {
    auto const row = all(coupling);
    auto const at = static_cast<std::size_t>(which);
    int const change = up_[at / lanes][at % lanes] != 0 ? -2 : 2;
    for (std::size_t p = 0; p < parts; ++p) {
      h_[p] += change * row[p];
      up_[p] ^= neuron_[p] == i;
    }
  }

 private:
#if defined(__AVX512F__)
  static constexpr std::size_t lanes = 16;
  using Part [[gnu::vector_size(64)]] = std::int32_t;
  static std::uint32_t negative(Part x) { return _mm512_cmplt_epi32_mask(__m512i(x), _mm512_setzero_si512()); }
#elif defined(__AVX2__)
  static constexpr std::size_t lanes = 8;
  using Part [[gnu::vector_size(32)]] = std::int32_t;
  static std::uint32_t negative(Part x) { return static_cast<std::uint32_t>(_mm256_movemask_ps(__m256(x))); }
#else
  static constexpr std::size_t lanes = 4;
  using Part [[gnu::vector_size(16)]] = std::int32_t;
  static std::uint32_t negative(Part x) {
#if defined(__SSE2__)
    return static_cast<std::uint32_t>(_mm_movemask_ps(__m128(x)));
#else
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < lanes; ++k) bits |= (x[k] < 0 ? 1U : 0U) << k;
    return bits;
#endif
  }
#endif
  static constexpr std::size_t parts = count / lanes;
  using Parts = std::array<Part, parts>;

  // Vectors of f(0), ..., f(15), made in registers: the load of a vector waits for stores of its parts.
  template <class Function>
  static Parts all(Function const& f) {
    Parts x;
    for (std::size_t p = 0; p < parts; ++p) x[p] = [&]<std::size_t... k>(std::index_sequence<k...>) {
        return Part{f(static_cast<int>(lanes * p + k))...};
      }
    (std::make_index_sequence<lanes>{});
    return x;
  }

  static Parts loaded(std::int32_t const* from) {
    Parts x;
    std::memcpy(x.data(), from, sizeof x);
    return x;
  }

  Parts neuron_, threshold_, h_, up_;  // up: -1 where s_i = +1, else 0
};

}  // namespace hypnos

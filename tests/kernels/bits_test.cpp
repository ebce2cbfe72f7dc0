#include "hypnos/kernels/bits.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

namespace hypnos::bits_test {

TEST_CASE("every set bit is found by its number, in one word and in several") {
  std::array<std::uint64_t, 6> const words{0, 1, 0x8000000000000001, 0, ~std::uint64_t{0}, 0xf0f0};
  std::array<int, 6> up_to{};
  std::vector<int> places;
  int count = 0;
  for (std::size_t w = 0; w < words.size(); ++w) {
    int in_word = 0;
    for (int i = 0; i < 64; ++i)
      if ((words[w] >> i & 1) != 0) {
        CHECK(place_of_set_bit(words[w], in_word++) == i);
        places.push_back(static_cast<int>(64 * w) + i);
        ++count;
      }
    up_to[w] = count;
  }
  for (int n = 0; n < count; ++n)
    CHECK(place_of_set_bit(words, up_to.data(), n) == places[static_cast<std::size_t>(n)]);
}

TEST_CASE("bits become signs") {
  std::array<std::uint64_t, 2> const words{0x0123456789abcdef, 0x8000000000000000};
  std::array<std::int16_t, 128> signs{};
  unpack_signs(words, signs.data());
  for (std::size_t i = 0; i < signs.size(); ++i) CHECK(signs[i] == ((words[i / 64] >> i % 64 & 1) != 0 ? 1 : -1));
}

}  // namespace hypnos::bits_test

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

namespace hypnos::random_test {

TEST_CASE("Philox4x32-10 is the generator of its authors") {
  // Known-answer vectors of the Random123 distribution (kat_vectors): zero key and counter. A stream whose address is
  // all zero does not exist (stream numbers begin at 1), so the generator is asked directly.
  auto const words = r123::Philox4x32{}({{0, 0, 0, 0}}, {{0, 0}});
  CHECK(words[0] == 0x6627e8d5);
  CHECK(words[1] == 0xe169c58d);
  CHECK(words[2] == 0xbc57ac4c);
  CHECK(words[3] == 0x9b00dbd8);
}

TEST_CASE("a stream is its address: key = seed, counter = (position, realization, stream)") {
  std::uint64_t const seed = 0x0123456789abcdef;
  Rng rng(seed, 7, streams::data_split);
  for (std::uint32_t position = 0; position < 3; ++position) {
    auto const words = r123::Philox4x32{}({{position, 0, 7, 3}}, {{0x89abcdef, 0x01234567}});
    for (int k = 0; k < 4; ++k) CHECK(rng.bits() == words[static_cast<std::size_t>(k)]);
  }
}

TEST_CASE("streams of different seeds, realizations and names have no number in common at the start") {
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  int count = 0;
  for (std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32})
    for (std::uint32_t realization : {0U, 1U, 2U})
      for (auto stream : {streams::couplings, streams::initial_couplings, streams::data_split}) {
        Rng rng(seed, realization, stream);
        auto const first = rng.bits();
        seen.insert({first, rng.bits()});
        ++count;
      }
  // false alarm for truly random words: 27^2 / 2 / 2^64 < 2e-17
  CHECK(static_cast<int>(seen.size()) == count);
}

TEST_CASE("uniform numbers lie from 0 up to 1 with mean 1/2 and variance 1/12") {
  Rng rng(1, 0, streams::couplings);
  int const count = 1'000'000;
  double sum = 0, squares = 0, least = 1, most = 0;
  for (int k = 0; k < count; ++k) {
    double const x = rng.uniform();
    sum += x;
    squares += (x - 0.5) * (x - 0.5);
    least = std::min(least, x);
    most = std::max(most, x);
  }
  CHECK(least >= 0);
  CHECK(most < 1);
  // six standard errors on each side: false alarm 2e-9 (the seed is fixed besides)
  CHECK(std::abs(sum / count - 0.5) < 6 * std::sqrt(1.0 / 12 / count));
  CHECK(std::abs(squares / count - 1.0 / 12) < 6 * std::sqrt(1.0 / 180 / count));
}

TEST_CASE("normal numbers have the moments of the Gaussian") {
  Rng rng(2, 0, streams::couplings);
  int const count = 1'000'000;
  std::array<double, 4> moments{};
  for (int k = 0; k < count; ++k) {
    double power = 1;
    double const x = rng.normal();
    for (auto& moment : moments) moment += (power *= x) / count;
  }
  // variances of x, x^2, x^3, x^4 are 1, 2, 15, 96; six standard errors each: false alarm 8e-9 together
  double const root = 6 / std::sqrt(count);
  CHECK(std::abs(moments[0]) < root);
  CHECK(std::abs(moments[1] - 1) < root * std::sqrt(2));
  CHECK(std::abs(moments[2]) < root * std::sqrt(15));
  CHECK(std::abs(moments[3] - 3) < root * std::sqrt(96));
}

TEST_CASE("whole numbers below n are uniform, also where n does not divide 2^32") {
  Rng rng(3, 0, streams::couplings);
  for (std::uint32_t const n : {1U, 2U, 3U, 7U, 100U}) {
    int const count = 200'000;
    std::vector<int> counts(n);
    for (int k = 0; k < count; ++k) counts.at(rng.below(n))++;
    double const expected = static_cast<double>(count) / n;
    // seven standard deviations of one bin, at most 113 bins: false alarm below 3e-10
    for (int const hits : counts) CHECK(std::abs(hits - expected) <= 7 * std::sqrt(expected));
  }
  // with n = 3 * 2^30 the bias of a plain product would give the lower third twice the weight
  int low = 0, all = 100'000;
  for (int k = 0; k < all; ++k) low += rng.below(3U << 30) % 3 == 0;
  CHECK(std::abs(low - all / 3.0) < 7 * std::sqrt(all * 2.0 / 9));
}

TEST_CASE("a shuffle is a permutation and reaches all orders with equal probability") {
  Rng rng(4, 0, streams::data_split);
  std::array<int, 6> counts{};
  int const count = 60'000;
  for (int k = 0; k < count; ++k) {
    std::array<int, 3> items{0, 1, 2};
    rng.shuffle(std::span<int>(items));
    CHECK(std::accumulate(items.begin(), items.end(), 0) == 3);
    int order = 0;
    std::array<int, 3> sorted{0, 1, 2};
    while (sorted != items) {
      std::next_permutation(sorted.begin(), sorted.end());
      ++order;
    }
    counts.at(static_cast<std::size_t>(order))++;
  }
  // seven standard deviations of each of six bins: false alarm 2e-11
  for (int const hits : counts) CHECK(std::abs(hits - count / 6.0) < 7 * std::sqrt(count / 6.0));
}

TEST_CASE("a stream continues from any position") {
  Rng rng(5, 6, streams::couplings);
  // an uneven mixture: positions within blocks of four words, with a second normal due and without
  for (int k = 0; k < 200; ++k) {
    for (int word = k % 3; word > 0; --word) rng.bits();
    if (k % 5 == 0) rng.normal();
    auto const position = rng.position();
    Rng same = rng, other(5, 6, streams::couplings);
    other.seek(position);
    CHECK(other.position()[0] == position[0]);
    CHECK(other.normal() == same.normal());
    CHECK(other.bits() == same.bits());
    CHECK(other.normal() == same.normal());
  }
  Rng untouched(5, 6, streams::couplings), returned(5, 6, streams::couplings);
  CHECK(untouched.position()[0] == 0);
  returned.bits();
  returned.seek(untouched.position());
  CHECK(returned.bits() == untouched.bits());
}

TEST_CASE("a position beyond 2^34 words is reached and reported") {
  // the block counter has two words; the second begins after 2^32 blocks of four
  Rng rng(5, 6, streams::couplings), behind(5, 6, streams::couplings);
  double const nan = std::numeric_limits<double>::quiet_NaN();
  rng.seek({0x1p34 - 2, nan});
  behind.seek({0x1p34, nan});
  CHECK(rng.position()[0] == 0x1p34 - 2);
  CHECK(rng.bits() != behind.bits());
  rng.bits();
  behind.seek({0x1p34, nan});
  CHECK(rng.position()[0] == 0x1p34);
  CHECK(rng.bits() == behind.bits());
  CHECK(rng.position()[0] == 0x1p34 + 1);
}

TEST_CASE("substreams side by side are parts of the stream, far from each other") {
  Rng const stream(0x0123456789abcdef, 7, streams::data_split);
  std::array<std::uint32_t, 4 * Rng::side> words;
  // the first and the last substreams that fit, at the first and the last blocks
  for (std::uint32_t const first : {0U, 64U, Rng::substreams - 64U})
    for (std::uint64_t const block : {0ULL, 1ULL, (1ULL << 32) + 5, (1ULL << 44) - 1}) {
      stream.side_by_side(block, first, words);
      for (std::uint32_t l = 0; l < Rng::side; ++l) {
        auto const position = (std::uint64_t{first + l} << 44) + block;
        auto const expected =
            r123::Philox4x32{}({static_cast<std::uint32_t>(position), static_cast<std::uint32_t>(position >> 32), 7, 3},
                               {{0x89abcdef, 0x01234567}});
        for (std::size_t w = 0; w < 4; ++w) CHECK(words[w * Rng::side + l] == expected[w]);
      }
    }
  Rng within = stream;
  within.seek({3 * 0x1p46 + 4, std::numeric_limits<double>::quiet_NaN()});
  stream.side_by_side(1, 0, words);
  for (std::size_t w = 0; w < 4; ++w) CHECK(within.bits() == words[w * Rng::side + 3]);

  stream.side_by_side(0, Rng::substreams - 64, words);
  within.normal();
  auto last = within.substream(Rng::substreams - 1);
  for (std::size_t w = 0; w < 4; ++w) CHECK(last.bits() == words[w * Rng::side + 63]);
  auto again = within.substream(Rng::substreams - 1);
  within.seek(again.position());
  CHECK(within.bits() == again.bits());
  auto third = stream.substream(3), other = within.substream(3);
  CHECK(third.normal() == other.normal());
}

TEST_CASE("numbers made side by side are those one by one, at any position of a stream") {
  Rng one(5, 2, streams::patterns), many = one;
  for (double const first : {0., 5., 0x1p34 - 40}) {  // the last passes the end of 32 bits of blocks
    one.seek({first, std::nan("")});
    many.seek({first, std::nan("")});
    for (std::size_t const count : {0U, 1U, 2U, 3U, 4U, 31U, 32U, 33U, 64U, 7U, 100U}) {
      std::vector<std::uint32_t> words(count);
      many.fill(words);
      for (auto const word : words) CHECK(word == one.bits());
      CHECK(many.position()[0] == one.position()[0]);
    }
  }
}

}  // namespace hypnos::random_test

#include "hypnos/kernels/logistic_thresholds.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"

namespace hypnos::logistic_thresholds_test {

namespace {

std::vector<std::int32_t> thresholds(std::vector<std::uint32_t> const& words, double scale) {
  std::vector<std::int32_t> all(words.size());
  logistic_thresholds(words, scale, all);
  return all;
}

double logarithm_of_odds(std::uint32_t word) {
  double const k = word >> 1;
  return std::log((k + 0.5) / (0x7fffffff - k + 0.5));
}

// Of all sizes, near both ends, and near the middle, where the logarithm vanishes.
std::vector<std::uint32_t> many_words(int count) {
  Rng rng(1, 0, streams::dreams);
  std::vector<std::uint32_t> words{0, 1, 2, 3, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff};
  for (int k = 0; k < count; ++k) {
    auto const word = rng.bits();
    words.insert(words.end(), {word, word >> k % 32, ~(word >> k % 32), 0x80000000 + (word >> k % 31) - (word & 255)});
  }
  return words;
}

}  // namespace

TEST_CASE("thresholds are floors of the logarithm of the odds, to single precision") {
  auto const words = many_words(100'000);
  for (double const scale : {0.3, 7., 1e4, 3e7}) {
    auto const all = thresholds(words, scale);
    double worst = 0;
    for (std::size_t k = 0; k < words.size(); ++k) {
      double const t = scale * logarithm_of_odds(words[k]), allowed = 2e-7 * (std::abs(t) + scale);
      // the floor t' of some number within the allowed distance of t
      worst = std::max({worst, all[k] - (t + allowed), (t - allowed) - (all[k] + 1.0)});
    }
    CHECK(worst <= 0);
  }
}

TEST_CASE("a word and its complement have opposite logarithms, and larger words have no smaller ones") {
  auto const words = many_words(10'000);
  for (auto const word : words) {
    auto const both = thresholds({word, ~word}, 1e6);
    CHECK(std::abs(both[0] + both[1] + 1) <= 5);  // floors, 1e6 * 2e-7 * 22 apart
  }
  std::vector<std::uint32_t> rising;
  for (std::uint64_t word = 0; word < std::uint64_t{1} << 32; word += 999'983)
    rising.push_back(static_cast<std::uint32_t>(word));
  auto const all = thresholds(rising, 1000);
  for (std::size_t k = 1; k < all.size(); ++k) CHECK(all[k] >= all[k - 1]);
}

TEST_CASE("the same words have the same thresholds on every machine, one by one or many at once") {
  auto const words = many_words(1000);
  struct Sum {
    double scale;
    std::uint64_t of_thresholds;
  };
  for (auto const [scale, expected] :
       {Sum{0.4, 464570148359829458U}, Sum{123, 5697470138553191654U}, Sum{5e6, 15336065944984306711U}}) {
    auto const all = thresholds(words, scale);
    std::uint64_t sum = 0;
    for (std::size_t k = 0; k < words.size(); ++k) {
      CHECK(thresholds({words[k]}, scale).front() == all[k]);
      sum = 6364136223846793005 * sum + static_cast<std::uint32_t>(all[k]);
    }
    CHECK(sum == expected);
  }
}

TEST_CASE("scales of any size give thresholds in range, which decide by the sign of small fields or of the number") {
  std::vector<std::uint32_t> const words{0, 5, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
  double const tiny = std::numeric_limits<double>::denorm_min(), huge = std::numeric_limits<double>::max();
  CHECK(thresholds(words, tiny) == std::vector<std::int32_t>{-1, -1, 0, 0, 0, 0});
  auto const wide = thresholds(words, huge);
  for (int const k : {0, 1}) CHECK(wide[static_cast<std::size_t>(k)] == -largest_field);
  for (int const k : {4, 5}) CHECK(wide[static_cast<std::size_t>(k)] == largest_field);
}

}  // namespace hypnos::logistic_thresholds_test

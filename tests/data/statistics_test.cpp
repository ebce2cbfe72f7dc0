#include "hypnos/data/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "files.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"

namespace hypnos::statistics_test {

namespace {

// Each spin is up with probability 1/4, so that means and correlations are all different from zero.
Raster random_raster(int T, int N) {
  Raster raster(T, N);
  Rng rng(2024, static_cast<std::uint32_t>(T), streams::data_split);
  for (int t = 0; t < T; ++t)
    for (int i = 0; i < N; ++i)
      if (rng.below(4) == 0) raster.activate(t, i);
  return raster;
}

// Sample t shows pattern t mod k, where pattern p is the number p in binary, neuron 0 its last digit.
Raster uniform_over(int k, int T, int N) {
  Raster raster(T, N);
  for (int t = 0; t < T; ++t)
    for (int i = 0; i < std::min(N, 31); ++i)
      if (t % k >> i & 1) raster.activate(t, i);
  return raster;
}

}  // namespace

TEST_CASE("moments are the averages over samples, to the last bit") {
  for (int const T : {1, 63, 64, 65, 127, 128, 129, 1000})
    for (int const N : {1, 2, 7, 65}) {
      CAPTURE(T);
      CAPTURE(N);
      auto const raster = random_raster(T, N);
      auto const moments = empirical_moments(raster);
      REQUIRE(moments.m.size() == static_cast<std::size_t>(N));
      REQUIRE(moments.c.size() == static_cast<std::size_t>(N * N));
      for (int i = 0; i < N; ++i) {
        int sum = 0;
        for (int t = 0; t < T; ++t) sum += raster.spin(t, i);
        REQUIRE(moments.m[static_cast<std::size_t>(i)] == static_cast<double>(sum) / T);
        for (int j = 0; j < N; ++j) {
          int product = 0;
          for (int t = 0; t < T; ++t) product += raster.spin(t, i) * raster.spin(t, j);
          REQUIRE(moments.c[static_cast<std::size_t>(i * N + j)] == static_cast<double>(product) / T);
        }
      }
    }
}

TEST_CASE("the moments of two halves average to those of the whole") {
  auto const raster = random_raster(129, 5);
  std::vector<int> odd, even;
  for (int t = 0; t < raster.samples(); ++t) (t % 2 ? odd : even).push_back(t);
  auto const whole = empirical_moments(raster);
  auto const a = empirical_moments(raster.with_samples(odd)), b = empirical_moments(raster.with_samples(even));
  for (std::size_t k = 0; k < whole.c.size(); ++k)  // each of the three is rounded: some 1e-16
    CHECK(std::abs((64 * a.c[k] + 65 * b.c[k]) / 129 - whole.c[k]) < 1e-15);
}

TEST_CASE("the most active neurons come in ascending order, the lower index first among equals") {
  Raster raster(4, 5);  // 1, 3, 0, 3, 1 spikes
  for (int t = 0; t < 3; ++t) raster.activate(t, 1), raster.activate(t + 1, 3);
  raster.activate(3, 0);
  raster.activate(0, 4);
  CHECK(most_active(raster, 1) == std::vector<int>{1});
  CHECK(most_active(raster, 2) == std::vector<int>{1, 3});
  CHECK(most_active(raster, 3) == std::vector<int>{0, 1, 3});
  CHECK(most_active(raster, 4) == std::vector<int>{0, 1, 3, 4});
  CHECK(most_active(raster, 5) == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(message_of([&] { most_active(raster, 0); }) ==
        "the 0 most active neurons were requested, but the raster has 5; give 1 to 5");
  CHECK(message_of([&] { most_active(raster, 6); }) ==
        "the 6 most active neurons were requested, but the raster has 5; give 1 to 5");
}

TEST_CASE("the entropy of k equally frequent patterns is ln k") {
  for (int const k : {1, 2, 3, 7, 64, 100})
    for (int const N : {7, 33, 64})  // the logarithms are some units large and are rounded to 1e-15
      CHECK(std::abs(empirical_entropy(uniform_over(k, 3 * k, N)) - std::log(k)) < 1e-14);
}

TEST_CASE("the entropy of a biased neuron is that of a coin") {
  Raster raster(5, 1);
  raster.activate(2, 0);  // p = 1/5; the logarithms are rounded to 1e-15
  CHECK(std::abs(empirical_entropy(raster) - (0.2 * std::log(5) + 0.8 * std::log(1.25))) < 1e-15);
}

TEST_CASE("the entropy distinguishes patterns in each of 64 neurons, and refuses a 65th") {
  for (int i = 0; i < 64; ++i) {
    Raster raster(2, 64);
    raster.activate(0, i);
    CHECK(std::abs(empirical_entropy(raster) - std::log(2)) < 1e-15);  // one rounded logarithm
  }
  CHECK(message_of([] { empirical_entropy(Raster(2, 65)); }) ==
        "the entropy of 65 neurons was requested, but it is computed for up to 64; choose fewer neurons");
}

TEST_CASE("a pattern in every word of samples counts once a sample") {
  Raster raster(129, 2);
  for (int const t : {0, 63, 64, 127, 128}) raster.activate(t, 1);
  double const p = 5. / 129;  // the logarithms are rounded to 1e-15
  CHECK(std::abs(empirical_entropy(raster) + p * std::log(p) + (1 - p) * std::log1p(-p)) < 1e-14);
}

TEST_CASE("a pseudocount adds samples that are spread evenly over all states") {
  // Two neurons in four samples, and 4 x 2.5 / 4 pseudo samples: as if every state came 2.5 times more often.
  Raster raster(4, 2);
  raster.activate(0, 0);
  raster.activate(1, 0);
  raster.activate(1, 1);
  std::vector<double> const counts = {2 + 2.5, 1 + 2.5, 2.5, 1 + 2.5};  // --, +-, -+, ++
  auto const moments = empirical_moments(raster, 10);
  CHECK(moments.m == std::vector<double>{0, (counts[3] + counts[2] - counts[1] - counts[0]) / 14});
  CHECK(moments.c[1] == (counts[0] + counts[3] - counts[1] - counts[2]) / 14);
  CHECK(moments.c[0] == 1);
  double entropy = 0;
  for (double const count : counts) entropy -= count / 14 * std::log(count / 14);
  CHECK(std::abs(empirical_entropy(raster, 10) - entropy) < 1e-14);  // sums of a few rounded logarithms
}

}  // namespace hypnos::statistics_test

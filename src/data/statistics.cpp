#include "hypnos/data/statistics.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>

#include "hypnos/base/error.hpp"

namespace hypnos {

namespace {

std::int64_t count_spikes(std::span<std::uint64_t const> words) {
  return std::transform_reduce(words.begin(), words.end(), std::int64_t{0}, std::plus<>{},
                               [](std::uint64_t word) { return std::int64_t{std::popcount(word)}; });
}

// Samples in which two neurons differ.
std::int64_t count_differences(std::span<std::uint64_t const> a, std::span<std::uint64_t const> b) {
  return std::transform_reduce(a.begin(), a.end(), b.begin(), std::int64_t{0}, std::plus<>{},
                               [](std::uint64_t x, std::uint64_t y) { return std::int64_t{std::popcount(x ^ y)}; });
}

// The configuration of all neurons in each sample: bit i is set where s_i = +1.
std::vector<std::uint64_t> patterns(Raster const& raster) {
  std::vector<std::uint64_t> words(static_cast<std::size_t>(raster.samples()));
  for (int i = 0; i < raster.neurons(); ++i) {
    std::size_t first = 0;
    for (std::uint64_t left : raster.spikes(i)) {
      for (; left != 0; left &= left - 1)
        words[first + static_cast<std::size_t>(std::countr_zero(left))] |= std::uint64_t{1} << i;
      first += 64;
    }
  }
  return words;
}

}  // namespace

std::vector<int> most_active(Raster const& raster, int count) {
  if (count < 1 || count > raster.neurons())
    throw BadInput("the " + std::to_string(count) + " most active neurons were requested, but the raster has " +
                   std::to_string(raster.neurons()) + "; give 1 to " + std::to_string(raster.neurons()));
  std::vector<std::int64_t> activity;
  for (int i = 0; i < raster.neurons(); ++i) activity.push_back(count_spikes(raster.spikes(i)));
  std::vector<int> neurons(activity.size());
  std::iota(neurons.begin(), neurons.end(), 0);
  std::ranges::stable_sort(neurons, std::greater<>{}, [&](int i) { return activity[static_cast<std::size_t>(i)]; });
  neurons.resize(static_cast<std::size_t>(count));
  std::ranges::sort(neurons);
  return neurons;
}

EmpiricalMoments empirical_moments(Raster const& raster, double pseudocount) {
  auto const N = static_cast<std::size_t>(raster.neurons());
  std::int64_t const T = raster.samples();
  auto const mean = [all = static_cast<double>(T) + pseudocount](std::int64_t sum) {
    return static_cast<double>(sum) / all;
  };
  EmpiricalMoments moments{.m = std::vector<double>(N), .c = std::vector<double>(N * N, 1.0)};
  for (std::size_t i = 0; i < N; ++i) {
    auto const spikes = raster.spikes(static_cast<int>(i));
    moments.m[i] = mean(2 * count_spikes(spikes) - T);
    for (std::size_t j = 0; j < i; ++j)
      moments.c[i * N + j] = moments.c[j * N + i] =
          mean(T - 2 * count_differences(spikes, raster.spikes(static_cast<int>(j))));
  }
  return moments;
}

double empirical_entropy(Raster const& raster, double pseudocount) {
  if (raster.neurons() > 64)
    throw BadInput("the entropy of " + std::to_string(raster.neurons()) +
                   " neurons was requested, but it is computed for up to 64; choose fewer neurons");
  auto words = patterns(raster);
  std::ranges::sort(words);
  double const everywhere = std::ldexp(pseudocount, -raster.neurons());  // what is added to the count of every pattern
  double sum = 0, different = 0;                                         // of n ln n over patterns that occur n times
  for (auto first = words.begin(); first != words.end(); ++different) {
    auto const last = std::find_if(first, words.end(), [&](std::uint64_t word) { return word != *first; });
    double const n = static_cast<double>(last - first) + everywhere;
    sum += n * std::log(n);
    first = last;
  }
  if (pseudocount > 0) sum += (std::exp2(raster.neurons()) - different) * everywhere * std::log(everywhere);
  double const all = static_cast<double>(raster.samples()) + pseudocount;
  return std::log(all) - sum / all;
}

}  // namespace hypnos

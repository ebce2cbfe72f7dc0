#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "hypnos/data/read.hpp"
#include "hypnos/data/statistics.hpp"

namespace hypnos::recordings_test {

namespace {

// Recordings are not part of the project: they lie in the folder HYPNOS_DATA, or in shared/data beside the checkout.
std::optional<std::string> recording(std::string const& name) {
  auto const* folder = std::getenv("HYPNOS_DATA");
  auto const path = std::filesystem::path(folder ? folder : HYPNOS_SOURCE_DIR "/../shared/data") / name;
  if (std::filesystem::exists(path)) return path.string();
  MESSAGE("skipped: there is no " << path.string() << "; set HYPNOS_DATA to the folder of recordings");
  return std::nullopt;
}

void check_moments(Raster const& raster) {
  auto const moments = empirical_moments(raster);
  auto const N = static_cast<std::size_t>(raster.neurons());
  auto const magnitude = [](double x) { return std::abs(x); };
  for (std::size_t i = 0; i < N; ++i) {
    CHECK(moments.m[i] > -1);  // every neuron has spiked,
    CHECK(moments.m[i] < 0);   // and is silent most of the time
    CHECK(moments.c[i * N + i] == 1);
  }
  CHECK(std::ranges::max(moments.c, {}, magnitude) == 1);
}

}  // namespace

TEST_CASE("the retina's recording has its shape, sparse activity and 297 repeats of 953 bins") {
  auto const path = recording("retina/salamander50.h5");
  if (!path) return;
  auto const raster = read_raster(*path, "samples");
  REQUIRE(raster.samples() == 297 * 953);
  REQUIRE(raster.neurons() == 50);
  check_moments(raster);

  auto const labels = read_labels(*path, "repeat", raster.samples());
  for (int repeat = 0; repeat < 297; ++repeat) CHECK(std::ranges::count(labels, repeat) == 953);

  auto const neurons = most_active(raster, 20);
  auto const chosen = raster.with_neurons(neurons);
  auto const read_again = read_raster(*path, "samples", neurons);
  for (int i = 0; i < 20; ++i) CHECK(std::ranges::equal(chosen.spikes(i), read_again.spikes(i)));

  // patterns of dependent neurons have less entropy than independent ones of the same activity
  double independent = 0;
  for (double const m : empirical_moments(chosen).m)
    independent -= (1 + m) / 2 * std::log((1 + m) / 2) + (1 - m) / 2 * std::log((1 - m) / 2);
  CHECK(empirical_entropy(chosen) > 0);
  CHECK(empirical_entropy(chosen) < independent);
}

TEST_CASE("a MAT v7.3 recording has its shape and sparse activity") {
  auto const path = recording("maxent_toolbox/example50.mat");
  if (!path) return;
  auto const raster = read_raster(*path, "spikes50");
  REQUIRE(raster.samples() == 40000);
  REQUIRE(raster.neurons() == 50);
  check_moments(raster);
}

}  // namespace hypnos::recordings_test

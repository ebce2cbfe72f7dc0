#include "hypnos/data/raster.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "files.hpp"

namespace hypnos::raster_test {

namespace {

Raster example_raster() {
  Raster raster(5, 3);
  for (int t = 0; t < 5; ++t)
    for (int i = 0; i < 3; ++i)
      if (example[static_cast<std::size_t>(t)][static_cast<std::size_t>(i)] == 1) raster.activate(t, i);
  return raster;
}

}  // namespace

TEST_CASE("a new raster is silent, and each spike changes one spin") {
  for (int const T : {1, 63, 64, 65, 128, 129}) {
    Raster raster(T, 2);
    raster.activate(T - 1, 1);
    for (int t = 0; t < T; ++t) {
      CHECK(raster.spin(t, 0) == -1);
      CHECK(raster.spin(t, 1) == (t == T - 1 ? 1 : -1));
    }
    REQUIRE(raster.spikes(1).size() == static_cast<std::size_t>(T + 63) / 64);
    CHECK(raster.spikes(1).back() == std::uint64_t{1} << ((T - 1) % 64));
  }
}

TEST_CASE("neurons and samples are chosen in any order") {
  auto const raster = example_raster();
  CHECK(spins(raster) == as_spins(example));
  CHECK(spins(raster.with_neurons({2, 0})) == as_spins({{0, 1}, {1, 0}, {0, 0}, {0, 1}, {1, 0}}));
  CHECK(spins(raster.with_samples({4, 1, 1})) == as_spins({{0, 0, 1}, {0, 1, 1}, {0, 1, 1}}));
}

TEST_CASE("a raster refuses neurons and samples that it has not") {
  auto const raster = example_raster();
  CHECK(message_of([&] { raster.with_neurons({0, 3}); }) == "the raster: there is no neuron 3, but 3 columns, 0 to 2");
  CHECK(message_of([&] {
          raster.with_neurons({1, 1});
        }) == "the raster: neuron 1 is given twice; give each neuron once");
  CHECK_THROWS_AS(raster.with_samples({5}), std::out_of_range);
  CHECK_THROWS_AS(raster.with_samples({-1}), std::out_of_range);
}

TEST_CASE("a raster has at least one sample and one neuron") {
  CHECK(message_of([] { Raster(0, 3); }) ==
        "a raster of 0 samples x 3 neurons is not possible; each must lie between 1 and 2147483647");
  CHECK_THROWS_AS(Raster(3, 0), BadInput);
  CHECK_THROWS_AS(Raster(std::int64_t{1} << 31, 1), BadInput);
  CHECK_THROWS_AS(example_raster().with_samples({}), BadInput);
  CHECK_THROWS_AS(example_raster().with_neurons({}), BadInput);
}

}  // namespace hypnos::raster_test

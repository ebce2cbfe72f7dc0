#include "hypnos/physics/memories/stable_dreams.hpp"

#include <doctest/doctest.h>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/states/patterns.hpp"

using namespace hypnos;

namespace {

Unlearning hopfield(int P, int N, UnlearningRate rate, std::uint32_t realization) {
  Rng rng(9, realization, streams::patterns);
  return {random_patterns(P, N, rng), rate, {Order::random_site}, Rng(9, realization, streams::dreams)};
}

}  // namespace

TEST_CASE("the first dream after which no stability is negative is that found by measuring after every dream") {
  int found = 0, none = 0;
  for (int const N : {33, 64, 65})
    for (auto const rate : {UnlearningRate{1, 50}, {3, 100}})
      for (std::uint32_t realization = 0; realization < 4; ++realization) {
        int const P = N * 2 / 5;
        auto network = hopfield(P, N, rate, realization);
        SpinStates dreams(N);
        std::vector<bool> stable = {network.stabilities().minCoeff() >= 0};
        for (int d = 0; d < 700; ++d) {
          dreams.append(network.dream(1));
          stable.push_back(network.stabilities().minCoeff() >= 0);
        }
        auto const expected = [&](std::int64_t first, std::int64_t last) -> std::optional<std::int64_t> {
          for (auto D = first + 1; D <= last; ++D)
            if (stable[static_cast<std::size_t>(D)]) return D;
          return {};
        };
        for (auto const& [first, last] : {std::pair{-1, 700}, {-1, 0}, {0, 1}, {100, 300}, {300, 700}, {699, 700}}) {
          CAPTURE(first);
          CAPTURE(last);
          auto before = hopfield(P, N, rate, realization);
          before.replay(dreams, 0, last);
          auto const D = first_stable_dream(before, dreams, first);
          CHECK(D == expected(first, last));
          (D ? found : none)++;
        }
      }
  CHECK(found > 10);
  CHECK(none > 10);
}

TEST_CASE("a search that is interrupted after every pattern finds the same") {
  auto network = hopfield(26, 65, {1, 50}, 1);
  auto const dreams = network.dream(700);
  auto const make = [&] { return StableDreamSearch(network.aligned_fields(0, 26), -1, 700); };
  auto search = make();
  int pieces = 0;
  for (; !search.done(); ++pieces) {
    search.advance(network.patterns(), dreams, network.rate(), 1);
    StateWriter writer;
    writer(search);
    auto const bytes = writer.take();
    search = {};
    StateReader reader(bytes);
    reader(search);
    CHECK(reader.empty());
  }
  CHECK(pieces > 1);
  REQUIRE(search.dreams());
  CHECK(search.dreams() == first_stable_dream(network, dreams, -1));
}

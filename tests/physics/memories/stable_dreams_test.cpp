#include "hypnos/physics/memories/stable_dreams.hpp"

#include <doctest/doctest.h>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::stable_dreams_test {

namespace {

Unlearning hopfield(int P, int N, Fraction rate, std::uint32_t realization) {
  Rng rng(9, realization, streams::patterns);
  return {random_patterns(P, N, rng), rate, {Order::random_site}, Rng(9, realization, streams::dreams)};
}

}  // namespace

TEST_CASE("the first and the last dream after which no stability is negative are those found by measuring after each") {
  int found = 0, none = 0, apart = 0;
  for (int const N : {33, 64, 65})
    for (auto const rate : {Fraction{1, 50}, {3, 100}})
      for (std::uint32_t realization = 0; realization < 4; ++realization) {
        int const P = N * 2 / 5;
        auto network = hopfield(P, N, rate, realization);
        SpinStates dreams(N);
        std::vector<bool> stable = {network.stabilities().minCoeff() >= 0};
        for (int d = 0; d < 700; ++d) {
          dreams.append(network.dream(1));
          stable.push_back(network.stabilities().minCoeff() >= 0);
        }
        using Dream = std::optional<std::int64_t>;
        auto const expected = [&](std::int64_t first, std::int64_t last) {
          std::pair<Dream, Dream> both;
          for (auto D = first + 1; D <= last; ++D)
            if (stable[static_cast<std::size_t>(D)]) {
              if (!both.first) both.first = D;
              both.second = D;
            }
          return both;
        };
        for (auto const& [first, last] : {std::pair{-1, 700}, {-1, 0}, {0, 1}, {100, 300}, {300, 700}, {699, 700}}) {
          CAPTURE(first);
          CAPTURE(last);
          auto before = hopfield(P, N, rate, realization);
          before.replay(dreams, 0, last);
          auto const search = stable_dreams(before, dreams, first);
          auto const [smallest, largest] = expected(first, last);
          CHECK(search.smallest() == smallest);
          CHECK(search.largest() == largest);
          (smallest ? found : none)++;
          if (smallest != largest) ++apart;
        }
      }
  CHECK(found > 10);
  CHECK(none > 10);
  CHECK(apart > 10);
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
  REQUIRE(search.smallest());
  CHECK(search.smallest() == stable_dreams(network, dreams, -1).smallest());
  CHECK(search.largest() == stable_dreams(network, dreams, -1).largest());
}

}  // namespace hypnos::stable_dreams_test

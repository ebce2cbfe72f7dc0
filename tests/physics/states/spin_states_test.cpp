#include "hypnos/physics/states/spin_states.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::spin_states_test {

using Eigen::MatrixXd;

namespace {

constexpr int awkward_sizes[] = {1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129};

MatrixXd signs(int count, int N, std::uint32_t number = 0) {
  Rng rng(6, number, streams::patterns);
  return random_patterns(count, N, rng);
}

}  // namespace

TEST_CASE("spin i of state k is bit i % 64 of word i / 64 of that state, and bits beyond N are 0") {
  for (int const N : awkward_sizes) {
    CAPTURE(N);
    auto const xi = signs(3, N);
    SpinStates const states(xi);
    CHECK(states.size() == N);
    CHECK(states.count() == 3);
    auto const words = static_cast<int>(states.words());
    CHECK(words == (N + 63) / 64);
    int wrong = 0;
    for (int k = 0; k < 3; ++k)
      for (int i = 0; i < 64 * words; ++i) {
        bool const set = (states.bits()[static_cast<std::size_t>(words * k + i / 64)] >> (i % 64) & 1) != 0;
        wrong += set != (i < N && xi(k, i) > 0);
        if (i < N) wrong += states[k].spin(i) != xi(k, i) || states[k].is_up(i) != (xi(k, i) > 0);
      }
    CHECK(wrong == 0);
    CHECK(states.signs() == xi);
    CHECK(states.signs(1, 2) == xi.bottomRows(2));
  }
}

TEST_CASE("states begin with all spins -1, and are put together and taken apart") {
  for (int const N : awkward_sizes) {
    CHECK((SpinStates(N, 2).signs().array() == -1).all());
    SpinStates const whole(signs(5, N));
    auto joined = whole.part(0, 2);
    joined.append(whole[2]);
    joined.append(whole.part(3, 2));
    CHECK(joined == whole);
    auto room = whole.part(0, 2);
    room.reserve_more(3);
    CHECK(room.count() == 2);
  }
  SpinStates states(5);
  CHECK_THROWS_AS(states.append(SpinStates(6, 1)), std::domain_error);
  SpinStates const smaller(4, 1);
  CHECK_THROWS_AS(states.append(smaller[0]), std::domain_error);
}

TEST_CASE("products and overlaps of states are sums over spins") {
  for (int const N : awkward_sizes) {
    CAPTURE(N);
    auto const s = signs(3, N), t = signs(4, N, 1);
    SpinStates const S(s), T(t);
    for (int k = 0; k < 3; ++k) {
      CHECK(S[k].magnetization() == s.row(k).sum());
      for (int l = 0; l < 4; ++l) {
        double const product = s.row(k).dot(t.row(l));
        CHECK(scalar_product(S[k], T[l]) == product);
        CHECK(differing_spins(S[k], T[l]) == (N - product) / 2);
        CHECK(overlap(S[k], T[l]) == 1 - (N - product) / N);
        CHECK(S.overlaps(T)(k, l) == overlap(S[k], T[l]));
      }
    }
  }
  CHECK_THROWS_AS(SpinStates(3, 1).overlaps(SpinStates(4, 1)), std::domain_error);
}

TEST_CASE("the opposite state has overlap -1, and one flip changes one spin") {
  for (int const N : awkward_sizes) {
    SpinStates const before(signs(2, N));
    auto after = before;
    after[1].reverse();
    CHECK(after.signs().row(0) == before.signs().row(0));
    CHECK(after.signs().row(1) == -before.signs().row(1));
    auto const beyond = after.bits().back() >> 1 >> ((N - 1) % 64);
    CHECK(beyond == 0);
    after[1].reverse();
    CHECK(after == before);
    after[0].flip(N - 1);
    CHECK(differing_spins(std::as_const(after)[0], before[0]) == 1);
    CHECK(std::as_const(after)[0].spin(N - 1) == -before[0].spin(N - 1));
    after[0].assign(before[1]);
    CHECK(after.signs().row(0) == before.signs().row(1));
  }
}

TEST_CASE("only +1 and -1 are spins") {
  MatrixXd xi = signs(2, 7);
  xi(1, 6) = 0;
  CHECK_THROWS_AS(SpinStates{xi}, std::domain_error);
}

TEST_CASE("states are archived") {
  SpinStates const states(signs(3, 65));
  auto kept = states;
  StateWriter writer;
  writer(kept);
  auto const bytes = writer.take();
  SpinStates read;
  StateReader reader(bytes);
  reader(read);
  CHECK(read == states);
  CHECK(reader.empty());
}

}  // namespace hypnos::spin_states_test

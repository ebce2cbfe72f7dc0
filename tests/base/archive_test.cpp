#include "hypnos/base/archive.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hypnos::archive_test {

namespace {

enum class Phase { first, second };

struct Inner {
  int count = 0;
  std::vector<bool> flags;
  std::string name;

  template <class Archive>
  void archive(Archive& members) {
    members(count, name);
  }
};

struct State {
  double number = 0;
  std::uint64_t word = 0;
  Phase phase = Phase::first;
  bool flag = false;
  std::string text;
  std::vector<int> list;
  std::vector<std::vector<double>> lists;
  std::array<double, 2> pair{};
  std::optional<Inner> inner;
  std::vector<Inner> inners;

  template <class Archive>
  void archive(Archive& members) {
    members(number, word, phase, flag, text, list, lists, pair, inner, inners);
  }
};

std::vector<std::byte> written(State state) {
  StateWriter writer;
  writer(state);
  return writer.take();
}

State example() {
  return {-0.0,
          0xffffffffffffffff,
          Phase::second,
          true,
          "text",
          {1, 2, 3},
          {{}, {1.5}, {2, 3}},
          {4, 5},
          Inner{7, {}, "inner"},
          {Inner{1, {}, "a"}, Inner{2, {}, "b"}}};
}

}  // namespace

TEST_CASE("a state that is read is the one that was written, to the last bit") {
  auto const bytes = written(example());
  State read;
  read.lists = {{9, 9}};
  StateReader reader(bytes);
  reader(read);
  CHECK(reader.empty());
  CHECK(std::signbit(read.number));
  CHECK(read.word == 0xffffffffffffffff);
  CHECK(read.phase == Phase::second);
  CHECK(read.flag);
  CHECK(read.text == "text");
  CHECK(read.list == std::vector<int>{1, 2, 3});
  CHECK(read.lists == std::vector<std::vector<double>>{{}, {1.5}, {2, 3}});
  CHECK(read.pair == std::array<double, 2>{4, 5});
  REQUIRE(read.inner.has_value());
  CHECK(read.inner->name == "inner");
  CHECK(read.inners.size() == 2);
  CHECK(read.inners[1].count == 2);
  CHECK(written(read) == bytes);
}

TEST_CASE("an absent part of a state stays absent") {
  State none;
  auto const bytes = written(none);
  State read = example();
  StateReader reader(bytes);
  reader(read);
  CHECK_FALSE(read.inner.has_value());
  CHECK(read.inners.empty());
  CHECK(read.text.empty());
}

TEST_CASE("a state that ends too early is refused, and one that is too long is noticed") {
  auto bytes = written(example());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    State read;
    StateReader reader(std::span(bytes.data(), length));
    CHECK_THROWS_AS(reader(read), std::length_error);
  }
  bytes.push_back(std::byte{0});
  State read;
  StateReader reader(bytes);
  reader(read);
  CHECK_FALSE(reader.empty());
}

}  // namespace hypnos::archive_test

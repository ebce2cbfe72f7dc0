#include "hypnos/physics/memories/place_cells.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "hypnos/base/stream.hpp"

namespace hypnos::place_cells_test {

namespace {

constexpr Stream stream("place-cells-test");
constexpr PlaceField fields[] = {PlaceField::disc, PlaceField::square};

// Whether a point lies in a field, or in one of its copies beyond the borders.
bool inside(PlaceField field, double w, double dx, double dy) {
  for (int a = -1; a <= 1; ++a)
    for (int b = -1; b <= 1; ++b) {
      double const x = std::abs(dx + a), y = std::abs(dy + b);
      if (field == PlaceField::disc ? std::hypot(x, y) < w : std::max(x, y) < w / 2) return true;
    }
  return false;
}

}  // namespace

TEST_CASE("a place cell is active in its field, which continues beyond the borders") {
  for (auto const field : fields)
    for (double const w : {0.05, 0.3, 0.5}) {
      Rng rng(1, 0, stream);
      PlaceCells const cells(40, field, w, rng);
      auto const places = grid(17, 23);
      auto const s = cells.states(places);
      REQUIRE(s.rows() == 17 * 23);
      REQUIRE(s.cols() == 40);
      for (int k = 0; k < s.rows(); ++k)
        for (int i = 0; i < s.cols(); ++i) {
          auto const& c = cells.centres();
          CHECK(s(k, i) == (inside(field, w, places(k, 0) - c(i, 0), places(k, 1) - c(i, 1)) ? 1 : -1));
        }
    }
}

TEST_CASE("the coding level is the part of the square that a field covers") {
  CHECK(coding_level(PlaceField::disc, 0.3) == doctest::Approx(0.09 * std::numbers::pi));
  CHECK(coding_level(PlaceField::square, 0.3) == doctest::Approx(0.09));
  for (auto const field : fields)
    for (double const w : {0.1, 0.3, 0.5}) {
      Rng rng(1, 0, stream);
      constexpr int side = 200;
      auto const s = PlaceCells(3, field, w, rng).states(grid(side, side));
      // pixels that the border cuts: no more than its length of 2 pi w or less times 2 side
      double const cut = 2 * std::numbers::pi * w * 2 * side / (side * side);
      for (int i = 0; i < 3; ++i)
        CHECK(std::abs((s.col(i).array() > 0).cast<double>().mean() - coding_level(field, w)) < cut);
    }
}

TEST_CASE("centres are uniform") {
  Rng rng(1, 0, stream);
  constexpr int N = 40'000;
  auto const centres = PlaceCells(N, PlaceField::disc, 0.1, rng).centres();
  CHECK(centres.minCoeff() >= 0);
  CHECK(centres.maxCoeff() < 1);
  // means of N uniform numbers, of cos and of products: 6 standard deviations, a false alarm of 2e-9 each
  double const sigma = 1 / std::sqrt(N);
  Eigen::ArrayXd const x = centres.col(0), y = centres.col(1);
  CHECK(std::abs(x.mean() - 0.5) < 6 * sigma / std::sqrt(12));
  CHECK(std::abs(y.mean() - 0.5) < 6 * sigma / std::sqrt(12));
  CHECK(std::abs(((x - 0.5) * (y - 0.5)).mean()) < 6 * sigma / 12);
  CHECK(std::abs((2 * std::numbers::pi * x).cos().mean()) < 6 * sigma / std::sqrt(2));
}

TEST_CASE("distances are those on the periodic square") {
  Places a(1, 2), b(3, 2);
  a << 0.1, 0.9;
  b << 0.9, 0.1, 0.1, 0.4, 0.6, 0.9;
  auto const squared = squared_distances(a, b);
  CHECK(squared(0, 0) == doctest::Approx(0.04 + 0.04));
  CHECK(squared(0, 1) == doctest::Approx(0.25));
  CHECK(squared(0, 2) == doctest::Approx(0.25));
}

TEST_CASE("a grid has numbers of columns and rows as near as possible") {
  auto const check = [](int P, int columns, int rows) {
    CAPTURE(P);
    auto const places = grid(P);
    REQUIRE(places.rows() == P);
    CHECK((places == grid(columns, rows)).all());
    for (int k = 0; k < P; ++k) {
      CHECK(places(k, 0) == doctest::Approx((k / rows + 0.5) / columns));
      CHECK(places(k, 1) == doctest::Approx((k % rows + 0.5) / rows));
    }
  };
  check(1, 1, 1);
  check(7, 7, 1);
  check(12, 4, 3);
  check(16, 4, 4);
  check(20, 5, 4);
}

TEST_CASE("fields that overlap themselves, or are none, are refused") {
  for (double const w : {0.0, -0.1, 0.51, 1.0, std::nan("")})
    CHECK_THROWS_AS(coding_level(PlaceField::disc, w), std::domain_error);
  for (double const w : {0.0, -0.1, 1.0, std::nan("")}) {
    CHECK_THROWS_AS(coding_level(PlaceField::square, w), std::domain_error);
    CHECK_THROWS_AS(PlaceCells(Places(1, 2), PlaceField::square, w), std::domain_error);
  }
}

}  // namespace hypnos::place_cells_test

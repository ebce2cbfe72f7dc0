#include "hypnos/experiment/definition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "hypnos/base/error.hpp"

namespace hypnos::definition_test {

namespace {

enum class Shape { line, square };

struct Parameters {
  int N = 3;
  double scale = 0.5;
  Shape shape = Shape::line;
  std::string file = "x.h5";
  std::vector<double> grid{1, 2};
  std::vector<int> columns{4};
};

struct Observables {
  double total = 0;
  Eigen::ArrayXd row;
  Eigen::ArrayXXd table;
  Eigen::ArrayXd nothing;
};

Observables measure(Parameters const& p, Realization& realization) {
  Observables o;
  o.row = Eigen::ArrayXd::LinSpaced(p.N, 0, p.N - 1) * p.scale;
  o.table = Eigen::ArrayXXd(2, 3);
  o.table << 1, 2, 3, 4, 5, 6;
  o.total = o.row.sum() + static_cast<double>(p.grid.size()) + p.columns.front() +
            (p.shape == Shape::square ? 100 : 0) + realization.index();
  return o;
}

Experiment example() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "example",
      .summary = "an experiment",
      .source = "nobody",
      .parameters = {parameter("N", &P::N, "", {1, 9}, "points"), parameter("scale", &P::scale, "1", {}, "a factor"),
                     parameter("shape", &P::shape, {{Shape::line, {"line", ""}}, {Shape::square, {"square", ""}}},
                               "a choice"),
                     parameter("file", &P::file, "", {}, "a text"), parameter("grid", &P::grid, "1", {}, "numbers"),
                     parameter("columns", &P::columns, "", {}, "whole numbers")},
      .axes = {{"i", "", "points", [](P const& p) { return std::vector<double>(static_cast<std::size_t>(p.N)); }}},
      .observables = {observable("total", &O::total, {}, "1", "a scalar"),
                      observable("row", &O::row, {"i"}, "1", "an array"),
                      observable("table", &O::table, {"i", "i"}, "1", "a matrix"),
                      observable("nothing", &O::nothing, {"i"}, "1", "not measured")},
      .check = [](P const&) {},
      .run = measure});
}

Point presets(Experiment const& experiment) {
  Point point;
  for (auto const& parameter : experiment.parameters) point.push_back(parameter.preset);
  return point;
}

}  // namespace

TEST_CASE("defaults are the initial values of the struct") {
  auto const point = presets(example());
  CHECK(std::get<std::int64_t>(point[0]) == 3);
  CHECK(std::get<double>(point[1]) == 0.5);
  CHECK(std::get<std::string>(point[2]) == "line");
  CHECK(std::get<std::string>(point[3]) == "x.h5");
  CHECK(std::get<std::vector<double>>(point[4]) == std::vector<double>{1, 2});
  CHECK(std::get<std::vector<double>>(point[5]) == std::vector<double>{4});
}

TEST_CASE("values arrive in the struct, observables come out row by row") {
  auto const experiment = example();
  Alone team;
  NoCheckpoints checkpoints;
  Realization realization(1, 1000, team, checkpoints);
  auto point = presets(experiment);
  CHECK(experiment.run(point, realization)[0].values == std::vector<double>{1.5 + 2 + 4 + 1000});
  point[0] = std::int64_t{4};
  point[1] = 2.0;
  point[2] = std::string("square");
  point[4] = std::vector<double>{1, 2, 3};
  point[5] = std::vector<double>{7, 8};
  auto const blocks = experiment.run(point, realization);
  CHECK(blocks[0].values == std::vector<double>{12 + 3 + 7 + 100 + 1000});
  CHECK(blocks[0].shape.empty());
  CHECK(blocks[1].values == std::vector<double>{0, 2, 4, 6});
  CHECK(blocks[2].shape == std::vector<std::size_t>{2, 3});
  CHECK(blocks[2].values == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(blocks[3].values.empty());
  CHECK(experiment.coordinates(point, 0).size() == 4);
}

// --- parts and groups ---

namespace {

struct Size {
  int N = 3;
  static Part<Size> declaration() {
    return {.parameters = {parameter("N", &Size::N, "", {1, 9}, "points", "N")}, .streams = {Stream("size", 1)}};
  }
};

struct Grid {
  double spacing = 0.5;
  bool shifted = false;
  static Part<Grid, Size> declaration() {
    return {.parameters = {parameter("spacing", &Grid::spacing, "m", {0, 10}, "distance of two points"),
                           flag("shifted", &Grid::shifted, "whether the first point is not at 0")},
            .axes = {{"x", "m", "places",
                      [](Grid const& grid, Size const& size) {
                        auto places = counted(size.N, grid.shifted ? 1 : 0);
                        for (double& place : places) place *= grid.spacing;
                        return places;
                      },
                      false, "x"}},
            .check =
                [](Grid const& grid, Size const& size) {
                  if (grid.spacing * size.N > 20) throw BadInput("spacing", "too wide");
                },
            .cost = [](Grid const&, Size const& size) { return 10.0 * size.N; }};
  }
};

struct Inner {
  double depth = 0;
  Eigen::ArrayXd profile;
  static std::vector<Observed<Inner>> observables() {
    return {observable("depth", &Inner::depth, {}, "m", "depth", "d"),
            observable("profile", &Inner::profile, {"x"}, "m", "profile")};
  }
};

struct Outer {
  Inner inner;
  bool flat = false;
  static std::vector<Observed<Outer>> observables() {
    return {group(&Outer::inner), observable("flat", &Outer::flat, {}, "1", "whether it is flat")};
  }
};

struct Whole {
  Size size{.N = 4};  // not the part's own default
  Grid grid;
  double factor = 2;
};

struct Found {
  Outer first, last;
  Eigen::MatrixXi table;
};

Experiment of_parts() {
  return define(Definition<Whole, Found>{
      .name = "of-parts",
      .summary = "an experiment of parts",
      .source = "none",
      .parameters = {part(&Whole::size), parameter("factor", &Whole::factor, "1", {}, "a factor"),
                     part(&Whole::grid, &Whole::size)},
      .axes = {{"k", "", "columns", [](Whole const&) { return counted(2); }}},
      .observables = {group(&Found::first, "_first", "at the beginning"),
                      observable("table", &Found::table, {"x", "k"}, "1", "t"), group(&Found::last, "_last")},
      .streams = {Stream("own")},
      .check =
          [](Whole const& p) {
            if (p.factor == 0) throw BadInput("factor", "no factor");
          },
      .cost = [](Whole const& p) { return p.factor; },
      .run =
          [](Whole const& p, Realization&) {
            Found found;
            found.first.inner.depth = p.factor;
            found.first.inner.profile = Eigen::ArrayXd::Constant(p.size.N, p.grid.spacing);
            found.last.flat = p.grid.shifted;
            found.table = Eigen::MatrixXi::Ones(p.size.N, 2);
            found.table(1, 0) = 7;
            return found;
          }});
}

}  // namespace

TEST_CASE("an experiment has the parameters of its parts in the order of its table, with its own defaults") {
  auto const subject = of_parts();
  std::vector<std::string> names;
  for (auto const& parameter : subject.parameters) names.push_back(parameter.name);
  CHECK(names == std::vector<std::string>{"N", "factor", "spacing", "shifted"});
  auto const point = presets(subject);
  CHECK(std::get<std::int64_t>(point[0]) == 4);
  CHECK(std::get<bool>(point[3]) == false);
  CHECK(subject.parameters[0].symbol == "N");
  CHECK(subject.streams == std::vector<Stream>{Stream("own"), Stream("size", 1)});
}

TEST_CASE("axes, checks and costs of a part see the parts it needs") {
  auto const subject = of_parts();
  auto point = presets(subject);
  CHECK(subject.coordinates(point, subject.axis_index("x")) == std::vector<double>{0, 0.5, 1, 1.5});
  CHECK(subject.axes[subject.axis_index("x")].symbol == "x");
  CHECK(subject.cost(point) == 2 + 40);
  CHECK_NOTHROW(subject.check(point));
  point[3] = true;
  CHECK(subject.coordinates(point, subject.axis_index("x")).front() == 0.5);
  point[2] = 6.0;
  CHECK_THROWS_WITH_AS(subject.check(point), "too wide", BadInput);
  point[2] = 1.0;
  point[1] = 0.0;
  CHECK_THROWS_WITH_AS(subject.check(point), "no factor", BadInput);
}

TEST_CASE("groups give their observables a suffix and a moment, at any depth") {
  auto const subject = of_parts();
  std::vector<std::string> names;
  for (auto const& observable : subject.observables) names.push_back(observable.name);
  CHECK(names == std::vector<std::string>{"depth_first", "profile_first", "flat_first", "table", "depth_last",
                                          "profile_last", "flat_last"});
  CHECK(subject.observables[0].description == "depth at the beginning");
  CHECK(subject.observables[0].symbol == "d");
  CHECK(subject.observables[4].description == "depth");

  Alone team;
  NoCheckpoints checkpoints;
  Realization realization(1, 0, team, checkpoints);
  auto point = presets(subject);
  point[3] = true;
  auto const blocks = subject.run(point, realization);
  CHECK(blocks[0].values == std::vector<double>{2});
  CHECK(blocks[1].values == std::vector<double>(4, 0.5));
  CHECK(blocks[3].shape == std::vector<std::size_t>{4, 2});
  CHECK(blocks[3].values == std::vector<double>{1, 1, 7, 1, 1, 1, 1, 1});
  CHECK(blocks[5].values.empty());
  CHECK(blocks[6].values == std::vector<double>{1});
}

// --- stages ---

namespace {

// Counts to `most`; notes how often it advanced.
struct Count {
  int most, number = 0;
  int* advanced;
  bool done() const { return number == most; }
  double fraction() const { return 1.0 * number / most; }
  void advance() {
    ++number;
    ++*advanced;
  }
  template <class Archive>
  void archive(Archive& members) {
    members(number);
  }
};

// Wishes to stop after so many pieces, and keeps the state.
struct Stopping final : Checkpoints {
  int left;
  std::vector<std::byte> kept = {};
  std::vector<double> fractions = {};
  bool in_a_piece = false;

  explicit Stopping(int pieces) : left(pieces) {}
  std::vector<std::byte> restored() override { return kept; }
  Wish wish(double fraction) override {
    fractions.push_back(fraction);
    return --left == 0 && !in_a_piece ? Wish::stop : Wish::go_on;
  }
  void keep(std::vector<std::byte> const& state) override { kept = state; }
  void poll() override {
    if (in_a_piece && left == 1) throw Interrupted{};
  }
};

}  // namespace

TEST_CASE("a task that was interrupted repeats no piece of its completed stages") {
  for (bool const in_a_piece : {false, true})
    for (int pieces = 1; pieces < 7; ++pieces) {
      Alone team;
      Stopping stopping(pieces);
      stopping.in_a_piece = in_a_piece;
      int advanced = 0;
      auto const run = [&] {
        Realization realization(1, 0, team, stopping);
        struct Polled : Count {
          Realization const& realization;
          void advance() {
            realization.poll();
            Count::advance();
          }
        };
        Polled first{{3, 0, &advanced}, realization}, second{{4, 0, &advanced}, realization};
        realization.complete(first, 0.25);
        CHECK(first.number == 3);
        realization.complete(second);
        CHECK(second.number == 4);
      };
      CHECK_THROWS_AS(run(), Interrupted);
      stopping.left = 1000;
      run();
      CHECK(advanced == 7);
      CHECK(stopping.fractions.back() == 1);
      CHECK(std::ranges::is_sorted(stopping.fractions));
    }
}

TEST_CASE("a state that does not fit its stage is an error, not a wrong number") {
  Alone team;
  Stopping stopping(2);
  int advanced = 0;
  Count count{3, 0, &advanced};
  {
    Realization realization(1, 0, team, stopping);
    CHECK_THROWS_AS(realization.complete(count), Interrupted);
  }
  stopping.kept.push_back(std::byte{0});
  Realization realization(1, 0, team, stopping);
  CHECK_THROWS_AS(realization.complete(count), std::length_error);
}

}  // namespace hypnos::definition_test

#include "hypnos/experiment/definition.hpp"

#include <doctest/doctest.h>

using namespace hypnos;

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
      .summary = "a silly experiment",
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
  NoKeeper keeper;
  Realization realization(1, 1000, team, keeper);
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

#pragma once

#include "hypnos/experiment/definition.hpp"
#include "hypnos/runtime/plan.hpp"

// An experiment that costs nothing, for tests of what surrounds experiments: total = 100 x + realization,
// row = total + (0 ... N-1).
namespace hypnos::example {

struct Parameters {
  double x = 0.5;
  int N = 3;
  std::string word = "some";
  std::vector<double> grid{1, 2};
};

struct Observables {
  double total = 0;
  Eigen::ArrayXd row, on_grid;
};

inline Observables run(Parameters const& p, Realization& realization) {
  double const total = 100 * p.x + realization.index();
  return {total, total + Eigen::ArrayXd::LinSpaced(p.N, 0, p.N - 1),
          Eigen::ArrayXd::Constant(static_cast<Eigen::Index>(p.grid.size()), p.x)};
}

inline std::vector<Experiment> catalogue() {
  using P = Parameters;
  using O = Observables;
  return {define(Definition<P, O>{
      .name = "example",
      .summary = "arithmetic",
      .source = "nobody",
      .parameters = {parameter("x", &P::x, "1", {0, 10}, "a number"), parameter("N", &P::N, "", {1, 9}, "a size"),
                     parameter("word", &P::word, "", {}, "a text"), parameter("grid", &P::grid, "1", {0, 9}, "a grid")},
      .axes = {{"i", "", "index",
                [](P const& p) {
                  std::vector<double> indices;
                  for (int k = 0; k < p.N; ++k) indices.push_back(k);
                  return indices;
                },
                true},
               {"grid_point", "1", "the grid", [](P const& p) { return p.grid; }}},
      .observables = {observable("total", &O::total, {}, "1", "a scalar"),
                      observable("row", &O::row, {"i"}, "1", "an array"),
                      observable("on_grid", &O::on_grid, {"grid_point"}, "1", "another array")},
      .check =
          [](P const& p) {
            if (p.word == "bad") throw BadInput("word", "word = bad, but must be good");
          },
      .run = run})};
}

inline Job job(std::vector<Experiment> const& experiments, std::vector<std::string> words) {
  std::vector<Setting> settings;
  words.insert(words.begin(), "experiment=example");
  override_settings(settings, words);
  return make_job(experiments, settings, "x.ini");
}

}  // namespace hypnos::example

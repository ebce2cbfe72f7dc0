#include "burn.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/experiments/catalogue.hpp"

// A task of known duration with a row of known size, in place of the program's experiments.

namespace hypnos {

namespace {

struct Parameters {
  double milliseconds = 1;
  int numbers = 0;
  double x = 0;
};

struct Observables {
  double spent;
  Eigen::ArrayXd row;
};

Observables run(Parameters const& p, Realization& realization) {
  return {burn(1e-3 * p.milliseconds), Eigen::ArrayXd::Constant(p.numbers, realization.index())};
}

}  // namespace

std::vector<Experiment> const& catalogue() {
  using P = Parameters;
  using O = Observables;
  static std::vector<Experiment> const experiments{define(Definition<P, O>{
      .name = "busy",
      .summary = "computes for a given time",
      .source = "none",
      .parameters = {parameter("milliseconds", &P::milliseconds, "ms", {0, 1e6}, "processor time of a task"),
                     parameter("numbers", &P::numbers, "", {0, 1'000'000}, "size of an array to store"),
                     parameter("x", &P::x, "1", {0, 1e9}, "nothing, for sweeps")},
      .axes = {{"number", "", "index",
                [](P const& p) {
                  std::vector<double> indices;
                  for (int k = 0; k < p.numbers; ++k) indices.push_back(k);
                  return indices;
                }}},
      .observables = {observable("spent", &O::spent, {}, "s", "processor time of the task"),
                      observable("row", &O::row, {"number"}, "1", "an array")},
      .run = run})};
  return experiments;
}

}  // namespace hypnos

#include "hypnos/physics/memories/support_vector_machine.hpp"

#include <cstdint>

#include "hypnos/experiment/definition.hpp"
#include "hypnos/experiments/memories.hpp"

namespace hypnos {

namespace {

struct Parameters : Memories, Retrieving, Saving {
  double tolerance = 1e-5;
  int max_iterations = 20000, max_flips = 100;
};

struct Observables : Retrieved {
  double margin_min, margin_av, kkt_gap, iterations, unheld, asymmetry, unconverged;
  Eigen::ArrayXd margin;
  Eigen::ArrayXXd J, xi;
};

void check(Parameters const& p) {
  p.Memories::check();
  p.Retrieving::check(p.patterns());
}

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.xi(realization);
  auto const machine = support_vector_machine(xi, p.tolerance, p.max_iterations);
  Observables o;
  static_cast<Retrieved&>(o) = p.retrieved(machine.J, xi, realization, std::int64_t{p.max_flips} * p.N);
  o.margin = machine.margin;
  o.margin_min = machine.margin.minCoeff();
  o.margin_av = machine.margin.mean();
  o.kkt_gap = (machine.bound - machine.margin).maxCoeff();
  o.iterations = machine.iterations;
  o.unheld = static_cast<double>((machine.margin <= 0).count());
  o.asymmetry = asymmetry(machine.J);
  o.unconverged = o.unsettled;
  if (p.save_couplings != 0) {
    o.J = machine.J;
    o.xi = xi;
  }
  return o;
}

// Iterations rise with alpha^2 or so: 50, 90, 270 at alpha = 0.3, 0.5, 1.
double cost(Parameters const& p) {
  double const P = p.patterns();
  return P * P * p.N * (30 + 240 * p.alpha * p.alpha) + 50. * p.retrieval_points * p.retrieval_trials * P * p.N;
}

// Margins, other than couplings, are always kept.
std::vector<Axis<Parameters>> axes() {
  auto all = rows(std::vector{m_0_axis<Parameters>()}, saving_axes<Parameters>());
  for (auto& axis : all)
    if (axis.name == "i") axis.coordinates = [](Parameters const& p) { return counted(p.N); };
  return all;
}

}  // namespace

// The table below is laid out by hand.
// clang-format off
Experiment support_vector_machine() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "support-vector-machine",
      .summary = "Couplings that hold random patterns with the largest margin of every neuron, and their basins",
      .source = "Ventura, Learning and unlearning (2024), Eqs. 14 and 17; Gardner, J. Phys. A 21, 257 (1988)",
      .parameters = rows(
          memory_parameters<P>(),
          std::vector{
              parameter("tolerance", &P::tolerance, "1", {1e-12, 0.5},
                        "a neuron is ready when its margin is proved to be this near its largest, relatively"),
              parameter("max_iterations", &P::max_iterations, "", {1, 1e9},
                        "iterations after which learning ends in any case"),
              parameter("max_flips", &P::max_flips, "", {1, 1e9},
                        "flips a neuron after which retrieval ends in any case: couplings are not symmetric")},
          retrieval_parameters<P>(), saving_parameters<P>()),
      .axes = axes(),
      .observables = rows(
          std::vector{
              observable("margin", &O::margin, {"i"}, "1",
                         "largest minimum stability that couplings of this neuron can have; 0 if it cannot hold all "
                         "patterns"),
              observable("margin_min", &O::margin_min, {}, "1", "smallest of the margins"),
              observable("margin_av", &O::margin_av, {}, "1", "their mean; Gardner's kappa(alpha) in large networks"),
              observable("kkt_gap", &O::kkt_gap, {}, "1", "largest distance of a margin from its proved upper bound"),
              observable("iterations", &O::iterations, {}, "1", "iterations until the last neuron was ready"),
              observable("unheld", &O::unheld, {}, "1", "neurons that cannot hold all patterns; their couplings are 0"),
              observable("asymmetry", &O::asymmetry, {}, "1", "|J - J^T| / |J + J^T|, 0 for symmetric couplings"),
              observable("unconverged", &O::unconverged, {}, "1", "trajectories of the map that max_flips ended"),
              observable("J", &O::J, {"i", "j"}, "1", "couplings, rows of length 1 (save_couplings)"),
              observable("xi", &O::xi, {"mu", "i"}, "1", "patterns (save_couplings)")},
          retrieval_observables<O>()),
      .check = check,
      .cost = cost,
      .run = run});
}
// clang-format on

}  // namespace hypnos

#include "hypnos/physics/support_vector_machine.hpp"

#include <cmath>
#include <limits>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/patterns.hpp"
#include "hypnos/physics/retrieval_map.hpp"

namespace hypnos {

namespace {

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

enum class Save { no, yes };

struct Parameters {
  int N = 100;
  double alpha = 0.3, tolerance = 1e-5;
  int max_iterations = 20000, retrieval_points = 21, retrieval_trials = 1, max_flips = 100;
  double tolerated_error = 0.05;
  Save save_couplings = Save::no;
};

struct Observables {
  double margin_min, margin_av, kkt_gap, iterations, unheld, asymmetry;
  double basin_radius = unmeasured, unconverged = unmeasured;
  Eigen::ArrayXd margin, m_f, reconstructed;
  Eigen::ArrayXXd J, xi;
};

int pattern_count(Parameters const& p) { return static_cast<int>(std::lround(p.alpha * p.N)); }

void check(Parameters const& p) {
  if (pattern_count(p) < 1)
    throw BadInput("alpha", "alpha = " + format_number(p.alpha) + " with N = " + std::to_string(p.N) +
                                " makes no pattern, but at least one is needed: alpha N >= 0.5");
}

Observables run(Parameters const& p, Realization& realization) {
  auto stream = realization.stream(Stream::patterns);
  Eigen::MatrixXd const xi = random_patterns(pattern_count(p), p.N, stream);
  auto const machine = support_vector_machine(xi, p.tolerance, p.max_iterations);
  Observables o;
  o.margin = machine.margin;
  o.margin_min = machine.margin.minCoeff();
  o.margin_av = machine.margin.mean();
  o.kkt_gap = (machine.bound - machine.margin).maxCoeff();
  o.iterations = machine.iterations;
  o.unheld = static_cast<double>((machine.margin <= 0).count());
  o.asymmetry = asymmetry(machine.J);

  auto const m_0 = initial_overlaps(p.retrieval_points);
  if (!m_0.empty()) {
    auto const map = retrieval_map(machine.J, xi, m_0, p.retrieval_trials, p.tolerated_error,
                                   realization.stream(Stream::retrieval), std::int64_t{p.max_flips} * p.N);
    o.m_f = map.m_f;
    o.reconstructed = map.reconstructed;
    o.basin_radius = basin_radius(m_0, map.reconstructed);
    o.unconverged = map.unsettled;
  }
  if (p.save_couplings == Save::yes) {
    o.J = machine.J;
    o.xi = xi;
  }
  return o;
}

// Iterations rise with alpha^2 or so: 50, 90, 270 at alpha = 0.3, 0.5, 1.
double cost(Parameters const& p) {
  double const P = pattern_count(p);
  return P * P * p.N * (30 + 240 * p.alpha * p.alpha) + 50. * p.retrieval_points * p.retrieval_trials * P * p.N;
}

std::vector<double> counted(int count) {
  std::vector<double> numbers;
  for (int k = 0; k < count; ++k) numbers.push_back(k);
  return numbers;
}

std::vector<double> saved(Parameters const& p, int count) { return counted(p.save_couplings == Save::yes ? count : 0); }

}  // namespace

Experiment support_vector_machine() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "support-vector-machine",
      .summary = "Couplings that hold random patterns with the largest margin of every neuron, and their basins",
      .source = "Ventura and Benedetti, Learning and unlearning, Eqs. 14-17; Gardner, J. Phys. A 21, 257 (1988)",
      .parameters = {parameter("N", &P::N, "", {2, 20000}, "neurons"),
                     parameter("alpha", &P::alpha, "1", {0, 2}, "load: round(alpha N) random patterns are stored"),
                     parameter("tolerance", &P::tolerance, "1", {1e-12, 0.5},
                               "a neuron is ready when its margin is proved to be this near its largest, relatively"),
                     parameter("max_iterations", &P::max_iterations, "", {1, 1e9},
                               "iterations after which learning ends anyway"),
                     parameter("retrieval_points", &P::retrieval_points, "", {0, 100000},
                               "number of m_0 from 0 to 1; 0: no map"),
                     parameter("retrieval_trials", &P::retrieval_trials, "", {1, 100000},
                               "trajectories from every pattern at every m_0"),
                     parameter("tolerated_error", &P::tolerated_error, "1", {0, 0.5},
                               "part of the neurons that may be wrong in a reconstructed pattern"),
                     parameter("max_flips", &P::max_flips, "", {1, 1e9},
                               "flips a neuron after which a trajectory ends anyway: couplings are not symmetric"),
                     parameter("save_couplings", &P::save_couplings,
                               {{Save::no, {"no", "only what is measured on them"}},
                                {Save::yes, {"yes", "J and xi are stored, 8 N (N + P) bytes a row"}}},
                               "whether the couplings and the patterns are stored")},
      .axes = {{"i", "", "neuron", [](P const& p) { return counted(p.N); }, true},
               {"m_0", "1", "overlap of the start with the pattern",
                [](P const& p) { return initial_overlaps(p.retrieval_points); }},
               {"j", "", "neuron", [](P const& p) { return saved(p, p.N); }, true},
               {"mu", "", "pattern", [](P const& p) { return saved(p, pattern_count(p)); }, true}},
      .observables =
          {observable(
               "margin",
               &O::margin, {"i"}, "1",
               "largest minimum stability that couplings of this neuron can have; 0 if it cannot hold all patterns"),
           observable("margin_min", &O::margin_min, {}, "1", "smallest of the margins"),
           observable("margin_av", &O::margin_av, {}, "1", "their mean; Gardner's kappa(alpha) in large networks"),
           observable("kkt_gap", &O::kkt_gap, {}, "1", "largest distance of a margin from its proved upper bound"),
           observable("iterations", &O::iterations, {}, "1", "iterations until the last neuron was ready"),
           observable("unheld", &O::unheld, {}, "1", "neurons that cannot hold all patterns; their couplings are 0"),
           observable("asymmetry", &O::asymmetry, {}, "1", "|J - J^T| / |J + J^T|, 0 for symmetric couplings"),
           observable("basin_radius", &O::basin_radius, {}, "1",
                      "1 - m_0 at the m_0 below which more than 30 % of the patterns are not reconstructed"),
           observable("unconverged", &O::unconverged, {}, "1", "trajectories of the map that max_flips ended"),
           observable("m_f", &O::m_f, {"m_0"}, "1", "mean overlap of the state reached with the pattern (Eq. 12)"),
           observable("reconstructed", &O::reconstructed, {"m_0"}, "1",
                      "fraction of trajectories that end with no more than tolerated_error of the neurons wrong"),
           observable("J", &O::J, {"i", "j"}, "1", "couplings, rows of length 1"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns, +1 or -1")},
      .check = check,
      .cost = cost,
      .run = run});
}

}  // namespace hypnos

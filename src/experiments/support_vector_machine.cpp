#include "hypnos/physics/memories/support_vector_machine.hpp"

#include <cstdint>

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/theory/gardner.hpp"
#include "hypnos/physics/theory/stability_distributions.hpp"
#include "parts/random_patterns.hpp"
#include "parts/retrieval_maps.hpp"
#include "parts/saved_couplings.hpp"
#include "parts/stability_histogram.hpp"

namespace hypnos {

namespace {

struct Parameters {
  RandomPatterns patterns;
  double tolerance = 1e-5;
  int max_iterations = 20000, max_flips = 100;
  RetrievalMaps retrieval;
  SavedCouplings saving;
  StabilityHistogram histogram;
};

struct Observables {
  double margin_min, margin_av, k_gardner, kkt_gap, iterations, unheld, asymmetry, unconverged;
  Eigen::ArrayXd margin, delta_histogram, delta_density_theory;
  Eigen::ArrayXXd J, xi;
  Retrieved retrieved;
};

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.patterns.drawn(realization);
  SupportVectorMachineLearning learning(xi, p.tolerance, p.max_iterations);
  realization.complete(learning, 0.7);
  auto const& machine = learning.machine();
  Observables o;
  o.margin = machine.margin;
  o.margin_min = machine.margin.minCoeff();
  o.margin_av = machine.margin.mean();
  o.k_gardner = gardner_k(p.patterns.alpha);
  o.kkt_gap = (machine.bound - machine.margin).maxCoeff();
  o.iterations = machine.iterations;
  o.unheld = static_cast<double>((machine.margin <= 0).count());
  o.asymmetry = asymmetry(machine.J);
  o.delta_histogram = p.histogram.measured(stabilities(xi, machine.J));
  o.delta_density_theory = p.histogram.theory(LargestMarginStabilities(p.patterns.alpha));
  o.retrieved = p.retrieval.measured(machine.J, xi, realization, 1, std::int64_t{p.max_flips} * p.patterns.N);
  o.unconverged = o.retrieved.unconverged;
  if (p.saving.save_couplings) {
    o.J = machine.J;
    o.xi = xi;
  }
  return o;
}

// Iterations rise about as alpha^2: 50, 90, 270 at alpha = 0.3, 0.5, 1.
double cost(Parameters const& p) {
  double const P = p.patterns.count(), alpha = p.patterns.alpha;
  return P * P * p.patterns.N * (30 + 240 * alpha * alpha);
}

}  // namespace

Experiment support_vector_machine() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "support-vector-machine",
      .summary = "Couplings that store random patterns with the largest margin of every neuron, and their basins",
      .source = "Ventura, Learning and unlearning (2024), Eqs. 14 and 17; Gardner, J. Phys. A 21, 257 (1988)",
      .parameters = {part(&P::patterns),
                     parameter(
                         "tolerance", &P::tolerance, "1", {1e-12, 0.5},
                         "a neuron has converged when its margin is proved to be this near its largest, relatively"),
                     parameter("max_iterations", &P::max_iterations, "", {1, 1e9},
                               "iterations after which learning ends in any case"),
                     parameter("max_flips", &P::max_flips, "", {1, 1e9},
                               "flips a neuron after which retrieval ends in any case: couplings are not symmetric"),
                     part(&P::retrieval, &P::patterns), part(&P::saving, &P::patterns), part(&P::histogram)},
      .observables =
          {observable("margin", &O::margin, {"i"}, "1",
                      "largest minimum stability that couplings of this neuron can have; 0 if no couplings store all "
                      "patterns",
                      R"(\kappa_i)"),
           observable("margin_min", &O::margin_min, {}, "1", "smallest of the margins", R"(\min_i \kappa_i)"),
           observable("margin_av", &O::margin_av, {}, "1", "their mean", R"(\langle \kappa_i \rangle)"),
           observable("k_gardner", &O::k_gardner, {}, "1",
                      "the mean margin of large networks at this load (Gardner, J. Phys. A 21, 257 (1988)); NaN above "
                      "alpha = 2",
                      R"(\kappa(\alpha))"),
           observable("kkt_gap", &O::kkt_gap, {}, "1", "largest distance of a margin from its proved upper bound"),
           observable("iterations", &O::iterations, {}, "1", "iterations until the last neuron converged"),
           observable("unheld", &O::unheld, {}, "1",
                      "neurons for which no couplings store all patterns; their couplings are 0"),
           observable("asymmetry", &O::asymmetry, {}, "1", "|J - J^T| / |J + J^T|, 0 for symmetric couplings"),
           observable("unconverged", &O::unconverged, {}, "1", "trajectories of the map that max_flips ended"),
           observable("delta_histogram", &O::delta_histogram, {"delta"}, "1", "density of the stabilities",
                      R"(\rho(\Delta))"),
           observable(
               "delta_density_theory", &O::delta_density_theory, {"delta"}, "1",
               "the same in large networks, the part at k_gardner included (Kepler and Abbott, J. Phys. (France) "
               "49, 1657 (1988)); NaN above alpha = 2",
               R"(\rho_\infty(\Delta))"),
           observable("J", &O::J, {"i", "j"}, "1", "couplings, rows of length 1 (save_couplings)", "J_{ij}"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns (save_couplings)", R"(\xi_i^\mu)"),
           group(&O::retrieved)},
      .trials = {"N=40 save_couplings=true retrieval_points=5"},
      .cost = cost,
      .unused =
          [](P const& p) {
            return p.retrieval.retrieval_points > 0 ? std::vector<std::string>{}
                                                    : std::vector<std::string>{"max_flips"};
          },
      .run = run});
}

}  // namespace hypnos

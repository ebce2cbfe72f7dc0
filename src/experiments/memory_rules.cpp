#include <Eigen/Eigenvalues>
#include <cmath>
#include <cstdint>
#include <limits>

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/pseudo_inverse.hpp"
#include "hypnos/physics/memories/pseudo_likelihood.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/theory/stability_distributions.hpp"
#include "parts/random_patterns.hpp"
#include "parts/retrieval_maps.hpp"
#include "parts/saved_couplings.hpp"
#include "parts/stability_histogram.hpp"

namespace hypnos {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Eigenvalues take 10 s at N = 2000, and 8 times as long at twice N.
constexpr int largest_spectrum = 4000;

enum class Rule { hebb, pseudo_inverse, pseudo_likelihood };

struct Parameters {
  RandomPatterns patterns;
  Rule rule = Rule::hebb;
  double Lambda = 10, tolerance = 1e-6;
  int max_iterations = 20000, max_flips = 100;
  RetrievalMaps retrieval;
  SavedCouplings saving;
  StabilityHistogram histogram;
};

struct Observables {
  double delta_min = nan, delta_av = nan, delta_max = nan, delta_av_theory = nan, sigma_J = nan, asymmetry = nan;
  double gap = nan, iterations = nan, unconverged = nan;
  Eigen::ArrayXd spectrum, delta_histogram, delta_density_theory;
  Eigen::ArrayXXd J, xi;
  Retrieved retrieved;
};

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.patterns.drawn(realization);
  double const N = p.patterns.N, alpha = p.patterns.alpha;
  Observables o;
  Eigen::MatrixXd J;
  double scale = 1;  // of J in the couplings of the rule: Hebb's are integers over N, and fields vanish exactly
  switch (p.rule) {
    case Rule::hebb:
      J = hebbian_sums(xi);
      scale = 1 / N;
      o.delta_av_theory = 1 / std::sqrt(alpha);
      o.delta_density_theory = p.histogram.theory(HebbianStabilities(alpha));
      break;
    case Rule::pseudo_inverse:
      J = pseudo_inverse(xi);
      if (alpha < 1) {
        PseudoInverseStabilities const theory(alpha, p.patterns.N);
        o.delta_av_theory = theory.mean;
        o.delta_density_theory = p.histogram.theory(theory);
      }
      break;
    case Rule::pseudo_likelihood: {
      PseudoLikelihoodLearning learning(xi, p.Lambda, p.tolerance, p.max_iterations);
      realization.complete(learning, 0.7);
      J = learning.found().J;
      o.gap = learning.found().gap.maxCoeff();
      o.iterations = learning.found().iterations;
    }
  }
  bool const symmetric = p.rule != Rule::pseudo_likelihood;
  o.sigma_J = scale * J.norm() / std::sqrt(N * (N - 1));
  if (symmetric && p.patterns.N <= largest_spectrum) {
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const solver(J, Eigen::EigenvaluesOnly);
    o.spectrum = scale * solver.eigenvalues().array();
  }
  if (p.saving.save_couplings) {
    o.J = scale * J;
    o.xi = xi;
  }
  if (J.isZero(0)) return o;
  auto const delta = stabilities(xi, J);
  auto const range = range_of(delta);
  o.delta_min = range.min;
  o.delta_av = range.av;
  o.delta_max = range.max;
  o.delta_histogram = p.histogram.measured(delta);
  o.asymmetry = asymmetry(J);
  auto const most_flips = symmetric ? Relaxation::no_limit : std::int64_t{p.max_flips} * p.patterns.N;
  o.retrieved = p.retrieval.measured(J, xi, realization, 1, most_flips);
  o.unconverged = o.retrieved.unconverged;
  return o;
}

// Iterations grow as the square root of Lambda: 15, 60, 190, 570 at Lambda = 1, 10, 100, 1000 and alpha = 0.5.
double cost(Parameters const& p) {
  double const P = p.patterns.count(), N = p.patterns.N;
  double const eigenvalues = 10 * N * N * N;
  return p.rule == Rule::pseudo_likelihood ? 20 * std::sqrt(std::max(1.0, p.Lambda)) * P * N * (P + 500)
                                           : eigenvalues + P * N * (P + N);
}

std::vector<std::string> unused(Parameters const& p) {
  std::vector<std::string> names;
  if (p.rule != Rule::pseudo_likelihood) names = {"Lambda", "tolerance", "max_iterations"};
  if (p.rule != Rule::pseudo_likelihood || p.retrieval.retrieval_points == 0) names.emplace_back("max_flips");
  return names;
}

}  // namespace

Experiment memory_rules() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "memory-rules",
      .summary = "Rules of comparison that store random patterns: Hebb, pseudo-inverse, pseudo-likelihood",
      .source = "Personnaz, Guyon and Dreyfus, J. Physique Lett. 46, L359 (1985); Kanter and Sompolinsky, Phys. Rev. A "
                "35, 380 (1987); Besag, J. R. Stat. Soc. B 36, 192 (1974)",
      .parameters =
          {part(&P::patterns),
           parameter(
               "rule", &P::rule,
               {{Rule::hebb, {"hebb", "J_ij = 1/N sum_mu xi_i xi_j"}},
                {Rule::pseudo_inverse,
                 {"pseudo-inverse", "the projector onto the span of the patterns, with zero diagonal"}},
                {Rule::pseudo_likelihood,
                 {"pseudo-likelihood", "rows of length Lambda minimize sum_mu ln(1 + exp(-2 Lambda Delta_i^mu))"}}},
               "how the couplings follow from the patterns"),
           parameter(
               "Lambda", &P::Lambda, "1", {1e-6, 1e6},
               "length of the rows of pseudo-likelihood; rows that cannot store all patterns may be shorter; large: "
               "the support vector machine, small: Hebb's directions",
               R"(\Lambda)"),
           parameter("tolerance", &P::tolerance, "1", {1e-10, 0.5},
                     "pseudo-likelihood: a neuron has converged when its loss is proved to be this near the least, "
                     "relatively"),
           parameter("max_iterations", &P::max_iterations, "", {1, 1e9},
                     "pseudo-likelihood: iterations after which learning ends in any case"),
           parameter("max_flips", &P::max_flips, "", {1, 1e9},
                     "pseudo-likelihood: flips a neuron after which retrieval ends in any case, as couplings are not "
                     "symmetric"),
           part(&P::retrieval, &P::patterns), part(&P::saving, &P::patterns), part(&P::histogram)},
      .observables =
          {observable(
               "delta_min", &O::delta_min, {}, "1",
               "smallest stability of all patterns and neurons; NaN without couplings, as for the pseudo-inverse "
               "of N independent patterns",
               R"(\Delta_{\min})"),
           observable("delta_av", &O::delta_av, {}, "1", "mean stability", R"(\Delta_\mathrm{av})"),
           observable("delta_max", &O::delta_max, {}, "1", "largest stability", R"(\Delta_{\max})"),
           observable("delta_av_theory", &O::delta_av_theory, {}, "1",
                      "mean stability of large networks: 1/sqrt(alpha) for Hebb, sqrt((1 - alpha)/alpha) for the "
                      "pseudo-inverse; NaN for pseudo-likelihood, and for the pseudo-inverse from alpha = 1 on",
                      R"(\Delta_\mathrm{av}^\infty)"),
           observable("delta_histogram", &O::delta_histogram, {"delta"}, "1", "density of the stabilities",
                      R"(\rho(\Delta))"),
           observable(
               "delta_density_theory", &O::delta_density_theory, {"delta"}, "1",
               "the same in large networks; NaN for pseudo-likelihood, and for the pseudo-inverse from alpha = 1 on",
               R"(\rho_\infty(\Delta))"),
           observable("sigma_J", &O::sigma_J, {}, "1", "root mean square of the couplings over pairs", R"(\sigma_J)"),
           observable("spectrum", &O::spectrum, {"i"}, "1",
                      "eigenvalues of the couplings, ascending; NaN for pseudo-likelihood, which is not symmetric, and "
                      "above N = 4000",
                      R"(\lambda_i)"),
           observable("asymmetry", &O::asymmetry, {}, "1", "|J - J^T| / |J + J^T|, 0 for symmetric couplings"),
           observable("gap", &O::gap, {}, "1",
                      "largest relative distance of a loss from its proved lower bound; NaN but for pseudo-likelihood"),
           observable("iterations", &O::iterations, {}, "1",
                      "iterations until the last neuron converged; NaN but for pseudo-likelihood"),
           observable("unconverged", &O::unconverged, {}, "1", "trajectories of the map that max_flips ended"),
           observable("J", &O::J, {"i", "j"}, "1", "couplings (save_couplings)", "J_{ij}"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns (save_couplings)", R"(\xi_i^\mu)"),
           group(&O::retrieved)},
      .trials = {"N=40 save_couplings=true retrieval_points=5",
                 "N=40 rule=pseudo-likelihood save_couplings=true retrieval_points=5"},
      .cost = cost,
      .unused = unused,
      .run = run});
}

}  // namespace hypnos

#include "hypnos/physics/memories/symmetric_perceptron.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "hypnos/physics/theory/gardner.hpp"
#include "parts/perceptron_steps.hpp"
#include "parts/random_patterns.hpp"
#include "parts/recorded_steps.hpp"
#include "parts/retrieval_maps.hpp"
#include "parts/saved_couplings.hpp"

namespace hypnos {

namespace {

enum class Init { hebb, zero, random };

struct Parameters {
  RandomPatterns patterns;
  double k = 1;
  double lambda = 1;
  int max_steps = 1000;
  Init init = Init::hebb;
  int records = 0;
  RetrievalMaps retrieval;
  SavedCouplings saving;
};

struct Observables {
  bool converged;
  double steps, unsatisfied, delta_min_final, delta_av_final, delta_max_final, q_hebb, sigma_J;
  double k_gardner, k_gardner_symmetric;
  Eigen::ArrayXd delta_min, delta_av, delta_max;
  Eigen::ArrayXXd J, xi;
  Retrieved retrieved;
};

std::vector<double> steps(Parameters const& p) {
  return p.records > 0 ? recorded_steps(p.max_steps, p.records) : std::vector<double>{};
}

// N times the couplings at which learning starts.
Eigen::MatrixXd initial_sums(Parameters const& p, Eigen::MatrixXd const& xi, Realization const& realization) {
  switch (p.init) {
    case Init::hebb: return hebbian_sums(xi);
    case Init::zero: return Eigen::MatrixXd::Zero(xi.cols(), xi.cols());
    case Init::random: break;
  }
  auto rng = realization.stream(streams::initial_couplings);
  return sk_couplings(p.patterns.N, static_cast<double>(xi.rows()), rng);
}

double expected_steps(Parameters const& p) {
  return expected_perceptron_steps(p.patterns.N, p.patterns.alpha, p.k, p.max_steps);
}

// The matrix product of a step, in single precision, is 6 times as fast as the additions of rows in dreams.
double cost(Parameters const& p) {
  double const N = p.patterns.N;
  return 0.17 * p.patterns.count() * N * N * (1 + expected_steps(p));
}

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.patterns.drawn(realization);
  // Multiples of the couplings and of lambda that are integers (but for init = random), so that fields are exact.
  IntegerRate const rate(p.patterns.N, p.lambda);
  double const scale = rate.q * p.patterns.N;
  auto const recorded = steps(p);
  PerceptronLearning learning({xi, rate.q * initial_sums(p, xi, realization), p.k, rate.r}, p.max_steps,
                              {recorded.begin(), recorded.end()}, expected_steps(p));
  double const learnt_cost = cost(p), retrieval_cost = p.retrieval.cost(p.patterns);
  realization.complete(learning, learnt_cost / (learnt_cost + retrieval_cost));

  auto const& perceptron = learning.perceptron();
  Observables o;
  o.steps = perceptron.steps();
  o.delta_min = learning.delta_min();
  o.delta_av = learning.delta_av();
  o.delta_max = learning.delta_max();
  o.converged = perceptron.converged();
  o.unsatisfied = static_cast<double>(perceptron.unsatisfied()) / static_cast<double>(xi.size());
  o.delta_min_final = perceptron.range().min;
  o.delta_av_final = perceptron.range().av;
  o.delta_max_final = perceptron.range().max;
  auto const sums = perceptron.J();
  auto const learnt = pairs(sums);
  o.q_hebb = cosine(learnt, pairs(hebbian_sums(xi)));
  o.sigma_J = learnt.norm() / std::sqrt(static_cast<double>(learnt.size())) / scale;
  o.k_gardner = gardner_k(p.patterns.alpha);
  o.k_gardner_symmetric = symmetric_gardner_k(p.patterns.alpha);
  o.retrieved = p.retrieval.measured(sums, xi, realization);
  if (p.saving.save_couplings) {
    o.J = sums.array() / scale;
    o.xi = xi.array();
  }
  return o;
}

void check(Parameters const& p) {
  if (p.init == Init::zero && p.k <= 0)
    throw BadInput("init", "init = zero, but couplings of zero have the stability 0 and fulfil k = " +
                               format_number(p.k) + " at once; give a positive k or init=hebb");
  if (p.records > p.max_steps)
    throw BadInput("records", "records = " + std::to_string(p.records) + " are more than the " +
                                  std::to_string(p.max_steps) +
                                  " steps of max_steps; lower records or raise max_steps");
}

}  // namespace

Experiment symmetric_perceptron() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "symmetric-perceptron",
      .summary = "Perceptron learning of symmetric couplings up to a stability k, and its basins of attraction",
      .source =
          "Benedetti, Ventura, Marinari, Ruocco and Zamponi, J. Chem. Phys. 156, 104107 (2022), Secs. II A and III",
      .parameters =
          {part(&P::patterns),
           parameter("k", &P::k, "1", {-10, 10}, "stability that every neuron shall have in every pattern (Eq. 5)",
                     "k"),
           parameter("lambda", &P::lambda, "1", {1e-9, 1e6},
                     "learning rate (Eq. 5); Hebb's couplings are sums / N (Eq. 3). A decimal or another fraction of "
                     "whole numbers, denominator up to 10^6, is exact, so that stabilities of 0 are told from negative "
                     "ones at k = 0",
                     R"(\lambda)"),
           parameter("max_steps", &P::max_steps, "", {0, 1e9}, "steps after which learning ends in any case"),
           parameter("init", &P::init,
                     {{Init::hebb, {"hebb", "J = (1/N) sum xi xi (Eq. 3)"}},
                      {Init::zero, {"zero", "J = 0, whose stabilities count as 0"}},
                      {Init::random, {"random", "Gaussian J with Hebb's variance, round(alpha N) / N^2"}}},
                     "couplings at which learning starts; diagonals are zero"),
           parameter("records", &P::records, "", {0, 1e6},
                     "intervals of the trajectories, which have one point more: the first before any step; 0: none"),
           part(&P::retrieval, &P::patterns), part(&P::saving, &P::patterns)},
      .axes = {{"step", "", "steps; a record is taken at the nearest whole number of steps", steps, false, "t"}},
      .observables =
          {observable("converged", &O::converged, {}, "1",
                      "1 if no stability is below k, 0 if max_steps ended learning; means over samples include the "
                      "latter"),
           observable("steps", &O::steps, {}, "1", "steps done"),
           observable("unsatisfied", &O::unsatisfied, {}, "1", "fraction of stabilities below k in the end"),
           observable("delta_min_final", &O::delta_min_final, {}, "1",
                      "minimum over i, mu of the stabilities (Eq. 5) of the final couplings", R"(\Delta_\min)"),
           observable("delta_av_final", &O::delta_av_final, {}, "1", "their mean", R"(\Delta_\mathrm{av})"),
           observable("delta_max_final", &O::delta_max_final, {}, "1", "their maximum", R"(\Delta_\max)"),
           observable("q_hebb", &O::q_hebb, {}, "1",
                      "overlap of the final couplings with Hebb's (Eq. 15), the cosine over pairs; NaN if all are 0",
                      "q"),
           observable("sigma_J", &O::sigma_J, {}, "1", "root mean square of the final couplings over pairs (Eq. 14)",
                      R"(\sigma_J)"),
           observable(
               "k_gardner", &O::k_gardner, {}, "1",
               "largest stability of couplings without symmetry at this load in large networks (Gardner, J. Phys. "
               "A 21, 257 (1988)); NaN above alpha = 2",
               R"(\kappa(\alpha))"),
           observable("k_gardner_symmetric", &O::k_gardner_symmetric, {}, "1",
                      "the same of symmetric couplings of strongly diluted networks (Gardner, Gutfreund and Yekutieli, "
                      "J. Phys. A 22, 1995 (1989)); NaN above alpha = 1.278",
                      R"(\kappa_\mathrm{s}(\alpha))"),
           observable("delta_min", &O::delta_min, {"step"}, "1",
                      "minimum stability along learning; after convergence nothing changes", R"(\Delta_\min)"),
           observable("delta_av", &O::delta_av, {"step"}, "1", "mean stability along learning",
                      R"(\Delta_\mathrm{av})"),
           observable("delta_max", &O::delta_max, {"step"}, "1", "maximum stability along learning", R"(\Delta_\max)"),
           observable("J", &O::J, {"i", "j"}, "1", "final couplings (save_couplings)", "J_{ij}"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns, +1 or -1 (save_couplings)", R"(\xi_i^\mu)"),
           group(&O::retrieved)},
      .streams = {streams::initial_couplings},
      .trials = {"N=40 records=10 save_couplings=true retrieval_points=5 init=random"},
      .check = check,
      .cost = cost,
      .run = run});
}

}  // namespace hypnos

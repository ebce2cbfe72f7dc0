#include <limits>

#include "hypnos/base/streams.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/memories/structured_training.hpp"
#include "hypnos/physics/memories/unlearning_run.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "parts/integer_rate.hpp"
#include "parts/noisy_samples.hpp"
#include "parts/random_patterns.hpp"
#include "parts/recorded_steps.hpp"
#include "parts/retrieval_maps.hpp"
#include "parts/saved_couplings.hpp"

namespace hypnos {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Stream training("structured-noise/training"), measured("structured-noise/measured");

struct Parameters {
  RandomPatterns patterns;
  NoisySamples noise;
  double lambda = 0.01;
  int steps = 5000;
  int records = 20, configurations = 1;
  bool unlearning = true;
  RetrievalMaps retrieval;
  SavedCouplings saving;
};

struct Observables {
  Eigen::ArrayXd omega_emp_0, pearson, Omega_emp_0, sigma_J, delta_min, delta_av;
  double steps_to_classification = nan, couplings_correlation = nan, unreached = nan;
  Eigen::ArrayXXd J, J_unlearning, xi;
  Retrieved retrieved;
};

std::vector<double> times(Parameters const& p) {
  auto t = recorded_steps(p.steps, p.records);
  for (double& time : t) time *= p.lambda / p.patterns.N;
  return t;
}

Fraction rate(Parameters const& p) { return integer_rate("lambda", p.lambda); }

double cost_of_training(Parameters const& p) {
  double const N = p.patterns.N, P = p.patterns.count();
  double const step = 4 * (N * N + N * P) + p.noise.cost(p.patterns);
  return p.steps * step + (p.records + 1) * (P * N * N + p.configurations * (p.noise.cost(p.patterns) + 30 * N * P));
}

double cost_of_unlearning(Parameters const& p) {
  double const N = p.patterns.N;
  return p.unlearning ? p.steps * N * N / 2 : 0;
}

double cost(Parameters const& p) { return cost_of_training(p) + cost_of_unlearning(p); }

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.patterns.drawn(realization);
  auto const recorded = recorded_steps(p.steps, p.records);
  StructuredRecords const records{{recorded.begin(), recorded.end()}, p.configurations};
  double const map = p.retrieval.cost(p.patterns), all = cost(p) + map;
  StructuredTraining run(xi, rate(p), p.noise.law(p.patterns), records, realization.stream(training),
                         realization.stream(measured));
  realization.complete(run, cost_of_training(p) / all);
  Observables o;
  o.omega_emp_0 = run.omega_emp_0();
  o.pearson = run.pearson();
  o.Omega_emp_0 = run.Omega_emp_0();
  o.sigma_J = run.sigma();
  o.delta_min = run.delta_min();
  o.delta_av = run.delta_av();
  o.unreached = static_cast<double>(run.unreached());
  auto const J = run.J();
  if (p.unlearning) {
    UnlearningRun dreams(Unlearning(xi, rate(p), {}, realization.stream(streams::dreams)), {.dreams = {p.steps}});
    realization.complete(dreams, cost(p) / all);
    auto const unlearnt = dreams.network().J();
    o.couplings_correlation = pearson(pairs(J), pairs(unlearnt));
    if (p.saving.save_couplings) o.J_unlearning = unlearnt;
  }
  if (auto const step = run.classified_at()) {
    o.steps_to_classification = static_cast<double>(*step);
    o.retrieved = p.retrieval.measured(run.J_classified(), xi, realization);
  }
  if (p.saving.save_couplings) {
    o.J = J;
    o.xi = xi;
  }
  return o;
}

}  // namespace

Experiment structured_noise() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "structured-noise",
      .summary = "Training with configurations of the network itself, from Hebb's couplings, beside unlearning",
      .source = "Benedetti and Ventura, arXiv:2302.13417, Secs. IV and V, App. D",
      .parameters =
          {part(&P::patterns), part(&P::noise, &P::patterns),
           parameter(
               "lambda", &P::lambda, "1", {1e-6, 1000},
               "learning rate: steps are lambda / N (Eq. 17), and dreams of unlearning, too; a decimal or another "
               "fraction of whole numbers",
               R"(\lambda)"),
           parameter("steps", &P::steps, "", {1, 100'000'000}, "steps of training"),
           parameter("records", &P::records, "", {1, 1'000'000},
                     "records along training, besides that at its beginning"),
           parameter("configurations", &P::configurations, "", {1, 100'000},
                     "configurations sampled for the weights at every record"),
           flag("unlearning", &P::unlearning, "whether Hebbian unlearning of the same patterns is compared"),
           part(&P::retrieval, &P::patterns), part(&P::saving, &P::patterns)},
      .axes = {{"time", "1", "steps x lambda / N", times, false, R"(\lambda d / N)"}},
      .observables =
          {observable(
               "omega_emp_0", &O::omega_emp_0, {"time"}, "1",
               "weight at Delta = 0 on the line fitted to (Delta_i^mu, omega_i^mu) (Sec. IV B), omega_i^mu of Eq. 20 "
               "with its 1 / sigma_i",
               R"(\omega_\mathrm{emp}(0))"),
           observable("pearson", &O::pearson, {"time"}, "1", "Pearson coefficient of omega_i^mu and Delta_i^mu",
                      R"(\rho)"),
           observable("Omega_emp_0", &O::Omega_emp_0, {"time"}, "1", "the same as omega_emp_0 for Omega_i^mu of Eq. A8",
                      R"(\Omega_\mathrm{emp}(0))"),
           observable("sigma_J", &O::sigma_J, {"time"}, "1", "mean of sigma_i = (sum_j J_ij^2 / N)^1/2 over neurons",
                      R"(\sigma)"),
           observable("delta_min", &O::delta_min, {"time"}, "1", "smallest stability", R"(\Delta_{\min})"),
           observable("delta_av", &O::delta_av, {"time"}, "1", "mean stability", R"(\Delta_\mathrm{av})"),
           observable("steps_to_classification", &O::steps_to_classification, {}, "1",
                      "smallest number of steps after which no stability is negative; NaN if never"),
           observable(
               "couplings_correlation", &O::couplings_correlation, {}, "1",
               "Pearson coefficient over pairs of the couplings and those of Hebbian unlearning after as many dreams "
               "(Fig. 6); NaN without unlearning"),
           observable("unreached", &O::unreached, {}, "1", "saddles whose fraction f was not reached, in all steps"),
           observable("J", &O::J, {"i", "j"}, "1", "couplings after all steps (save_couplings)", "J_{ij}"),
           observable("J_unlearning", &O::J_unlearning, {"i", "j"}, "1", "those of unlearning (save_couplings)",
                      R"(J_{ij}^\mathrm{HU})"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns (save_couplings)", R"(\xi_i^\mu)"),
           group(&O::retrieved, "", "when no stability is negative for the first time")},
      .streams = {training, measured, streams::dreams},
      .trials = {"N=40 alpha=0.2 steps=3000 records=3 save_couplings=true retrieval_points=5",
                 "N=30 alpha=0.2 steps=200 records=2 samples=saddles f=0.2 retrieval_points=3",
                 "N=30 alpha=0.2 steps=200 records=2 samples=kawasaki sweeps=3 retrieval_points=0"},
      .check = [](P const& p) { require_room("lambda", p.lambda, p.patterns, StructuredTraining::largest_sum, 2); },
      .cost = cost,
      .run = run});
}

}  // namespace hypnos

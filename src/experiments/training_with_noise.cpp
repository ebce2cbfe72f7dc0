#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/memories/noise_training_run.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/theory/wong_sherrington.hpp"
#include "parts/attractor_basins.hpp"
#include "parts/integer_rate.hpp"
#include "parts/random_patterns.hpp"
#include "parts/recorded_steps.hpp"
#include "parts/saved_couplings.hpp"
#include "parts/stability_histogram.hpp"

namespace hypnos {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Stream noise("training-with-noise/noise");

enum class Rule { asymmetric, symmetric };
enum class Init { gaussian, symmetric_gaussian, hebb, zero };

struct Parameters {
  RandomPatterns patterns;
  double m_t = 0.5, lambda = 1;
  Rule rule = Rule::asymmetric;
  Init init = Init::gaussian;
  int steps = 100'000;
  bool rescale = false;
  int records = 20;
  std::vector<double> m{0.5};
  StabilityHistogram histogram;
  int max_flips = 100;
  RetrievalMaps retrieval;
  SavedCouplings saving;
};

struct Observables {
  Eigen::ArrayXXd loss;
  Eigen::ArrayXd sigma_J, delta_min, loss_theory, loss_theory_perceptron;
  Eigen::ArrayXd delta_histogram, delta_density_theory, delta_density_theory_perceptron;
  double unstable = nan, unstable_theory = nan, unstable_theory_perceptron = nan, asymmetry = nan;
  Eigen::ArrayXXd J, xi;
  AttractorBasins basins;
};

std::vector<double> steps(Parameters const& p) { return recorded_steps(p.steps, p.records); }

NoiseRule rule_of(Parameters const& p) {
  return {.lambda = p.lambda,
          .m_t = p.m_t,
          .symmetric = p.rule == Rule::symmetric,
          .rescaled = p.rescale,
          .zero_field_updates = p.init == Init::zero};
}

IntegerCouplings initial_couplings(Parameters const& p, Eigen::MatrixXd const& xi, Realization const& realization) {
  auto const rule = rule_of(p);
  auto const N = p.patterns.N;
  auto const drawn = [&](auto const& draw) {
    auto rng = realization.stream(streams::initial_couplings);
    return rounded_to_integers(draw(rng), rule);
  };
  switch (p.init) {
    case Init::gaussian: return drawn([&](Rng& rng) { return gaussian_couplings(N, rng); });
    case Init::symmetric_gaussian: return drawn([&](Rng& rng) { return sk_couplings(N, 1, rng); });
    case Init::hebb: return hebbian_integers(xi, rule);
    case Init::zero: break;
  }
  return rounded_to_integers(Eigen::MatrixXd::Zero(N, N), rule);
}

// The theory of one loss, at the bins and at every m.
struct Theory {
  Eigen::ArrayXd density, loss;
  double unstable;

  Theory(Parameters const& p, PatternLoss loss_of_rule) {
    WongSherrington const optimum(p.patterns.alpha, p.m_t, loss_of_rule);
    density = p.histogram.theory(optimum);
    loss.resize(std::ssize(p.m));
    for (Eigen::Index k = 0; k < loss.size(); ++k) loss(k) = optimum.loss(p.m[static_cast<std::size_t>(k)]);
    unstable = optimum.fraction_unstable();
  }
};

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.patterns.drawn(realization);
  auto const recorded = steps(p);
  std::vector<std::int64_t> const records(recorded.begin(), recorded.end());
  NoiseTrainingRun run({xi, initial_couplings(p, xi, realization), rule_of(p), realization.stream(noise)}, records,
                       p.m);
  realization.complete(run, p.retrieval.retrieval_points > 0 ? 0.8 : 1);
  Observables o;
  o.loss = run.loss();
  o.sigma_J = run.sigma();
  o.delta_min = run.delta_min();
  auto const delta = run.training().stabilities();
  o.delta_histogram = p.histogram.measured(delta);
  o.unstable = (delta.array() < 0).cast<double>().mean();
  if (p.m_t > 0 && p.m_t < 1) {
    Theory const printed(p, PatternLoss::one_step_retrieval), descended(p, PatternLoss::noisy_perceptron);
    o.loss_theory = printed.loss;
    o.delta_density_theory = printed.density;
    o.unstable_theory = printed.unstable;
    o.loss_theory_perceptron = descended.loss;
    o.delta_density_theory_perceptron = descended.density;
    o.unstable_theory_perceptron = descended.unstable;
  }
  auto const J = run.training().J();
  o.asymmetry = asymmetry(J);
  o.basins = attractor_basins(p.retrieval, J, xi, realization, 1, std::int64_t{p.max_flips} * p.patterns.N);
  if (p.saving.save_couplings) {
    o.J = J;
    o.xi = xi;
  }
  return o;
}

double cost(Parameters const& p) {
  double const N = p.patterns.N, P = p.patterns.count();
  return 0.15 * p.steps * N * N + (p.records + 1) * P * N * (N / 32 + 20 * static_cast<double>(p.m.size()));
}

// retrieval_order is that of the way to the attractors, too.
std::vector<std::string> unused(Parameters const& p) {
  return p.retrieval.retrieval_points > 0 ? std::vector<std::string>{"tolerated_error"}
                                          : std::vector<std::string>{"retrieval_trials", "tolerated_error"};
}

Declared<Parameters> maps() {
  auto declared = part(&Parameters::retrieval, &Parameters::patterns);
  declared.unused = unused;
  return declared;
}

// With room for six standard deviations of the sum of |J_ij| over j (rounded_to_integers), to three digits.
double smallest_rate(Parameters const& p) {
  if (p.rescale || p.init == Init::hebb || p.init == Init::zero) return 0;
  double const N = p.patterns.N, of_mean = 2 / std::numbers::pi;
  double const sum = std::sqrt(of_mean) * N + 6 * std::sqrt((1 - of_mean) * N);
  double const least = N * sum / (static_cast<double>(IntegerCouplings::largest_sum) / 4 - N);
  double const digits = std::pow(10, 2 - std::floor(std::log10(least)));
  return std::ceil(least * digits) / digits;
}

void check(Parameters const& p) {
  if (p.rescale && p.rule == Rule::symmetric)
    throw BadInput("rescale",
                   "rescale = true with rule = symmetric, whose steps change all rows at once, so that no row "
                   "has a rate of its own; give rule=asymmetric or rescale=false");
  if (p.rescale && p.init == Init::zero)
    throw BadInput("rescale",
                   "rescale = true with init = zero: rates in units of sigma_i = 0 are 0; give another init");
  // Hebb's couplings and two blocks of 32 steps
  if (p.init == Init::hebb && !p.rescale)
    require_room("lambda", p.lambda, p.patterns, IntegerCouplings::largest_sum, p.rule == Rule::symmetric ? 128 : 64);
  if (double const least = smallest_rate(p); p.lambda < least)
    throw BadInput("lambda", "lambda = " + format_number(p.lambda) + ", but Gaussian couplings of " +
                                 std::to_string(p.patterns.N) +
                                 " neurons in units of it need more than 32 bits; give lambda=" + format_number(least) +
                                 " or more");
  if (p.rule == Rule::symmetric && p.init == Init::gaussian)
    throw BadInput("init",
                   "init = gaussian with rule = symmetric, which needs symmetric couplings; give "
                   "init=symmetric-gaussian");
  try {
    require_possible(rule_of(p), p.patterns.N);
  } catch (std::domain_error const& error) {
    throw BadInput("lambda", "lambda = " + format_number(p.lambda) + ": " + error.what());
  }
}

}  // namespace

Experiment training_with_noise() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "training-with-noise",
      .summary = "Training of attractor networks with noisy patterns, beside the theory of the losses it descends",
      .source =
          "Benedetti and Ventura, arXiv:2302.13417; Gardner, Stroud and Wallace, J. Phys. A 22, 2019 (1989); Wong "
          "and Sherrington, J. Phys. A 23, 4659 (1990)",
      .parameters =
          {part(&P::patterns),
           parameter("m_t", &P::m_t, "1", {0, 1}, "training overlap: mean overlap of a noisy pattern with its pattern",
                     "m_t"),
           parameter("lambda", &P::lambda, "1", {1e-6, 1e3}, "learning rate; steps are lambda / N", R"(\lambda)"),
           parameter("rule", &P::rule,
                     {{Rule::asymmetric, {"asymmetric", "Eq. 9"}}, {Rule::symmetric, {"symmetric", "Eq. 17"}}},
                     "which couplings a step changes"),
           parameter("init", &P::init,
                     {{Init::gaussian, {"gaussian", "independent, zero mean, unit variance"}},
                      {Init::symmetric_gaussian, {"symmetric-gaussian", "the same with J_ij = J_ji"}},
                      {Init::hebb, {"hebb", "Hebb's couplings (Eq. 7)"}},
                      {Init::zero, {"zero", "0; then a field of zero counts as wrong, Theta(0) = 1"}}},
                     "couplings at which training begins"),
           parameter("steps", &P::steps, "", {1, 2e9}, "steps of training, each with one noisy pattern"),
           flag("rescale", &P::rescale, "whether the learning rate of row i is lambda sigma_i (App. A 1)"),
           parameter("records", &P::records, "", {1, 1e6}, "records along training, besides that at its beginning"),
           parameter("m", &P::m, "1", {0, 0.999999}, "overlaps at which the loss of Eq. 13 is measured", "m"),
           part(&P::histogram),
           parameter("max_flips", &P::max_flips, "", {1, 1e9},
                     "flips a neuron after which the dynamics ends in any case: couplings need not be symmetric"),
           maps(), part(&P::saving, &P::patterns)},
      .axes = {{"m", "1", "overlap with the pattern before one parallel update", [](P const& p) { return p.m; }, true,
                "m"},
               {"step", "", "steps of training", steps, false, "d"}},
      .observables =
          {observable("loss", &O::loss, {"m", "step"}, "1",
                      "-<erf(m Delta / sqrt(2 (1 - m^2)))>, minus the overlap after one parallel update (Eqs. 13, 14)",
                      R"(\mathcal{L})"),
           observable(
               "loss_theory", &O::loss_theory, {"m"}, "1",
               "loss of large networks with the couplings that minimize it at m = m_t (Wong and Sherrington); NaN at "
               "m_t = 0 and 1",
               R"(\mathcal{L}_\mathrm{WS})"),
           observable(
               "loss_theory_perceptron", &O::loss_theory_perceptron, {"m"}, "1",
               "loss of large networks with the couplings that minimize the perceptron's loss, averaged over noise "
               "of m_t, which is what training descends; NaN at m_t = 0 and 1",
               R"(\mathcal{L}_\mathrm{p})"),
           observable("sigma_J", &O::sigma_J, {"step"}, "1", "mean of sigma_i = (sum_j J_ij^2 / N)^1/2 over neurons",
                      R"(\sigma)"),
           observable("delta_min", &O::delta_min, {"step"}, "1", "smallest stability", R"(\Delta_{\min})"),
           observable("delta_histogram", &O::delta_histogram, {"delta"}, "1",
                      "density of the stabilities after training", R"(\rho(\Delta))"),
           observable("delta_density_theory", &O::delta_density_theory, {"delta"}, "1",
                      "density in large networks for the loss of Eq. 13 at m_t (Eq. B6); NaN at m_t = 0 and 1",
                      R"(\rho_\mathrm{WS}(\Delta))"),
           observable("delta_density_theory_perceptron", &O::delta_density_theory_perceptron, {"delta"}, "1",
                      "the same for the perceptron's loss averaged over noise", R"(\rho_\mathrm{p}(\Delta))"),
           observable("unstable", &O::unstable, {}, "1", "part of the stabilities below 0 after training"),
           observable("unstable_theory", &O::unstable_theory, {}, "1",
                      "the same in large networks for the loss of Eq. 13 at m_t; NaN at m_t = 0 and 1"),
           observable("unstable_theory_perceptron", &O::unstable_theory_perceptron, {}, "1",
                      "the same for the perceptron's loss averaged over noise"),
           observable("asymmetry", &O::asymmetry, {}, "1", "|J - J^T| / |J + J^T|, 0 for symmetric couplings"),
           group(&O::basins), observable("J", &O::J, {"i", "j"}, "1", "couplings (save_couplings)", "J_{ij}"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns (save_couplings)", R"(\xi_i^\mu)")},
      .streams = {noise, streams::initial_couplings, AttractorBasins::stream},
      .trials = {"N=30 steps=500 records=4 m=0.2,0.5 save_couplings=true retrieval_points=5",
                 "N=30 steps=100 records=2 rule=symmetric init=hebb retrieval_points=3"},
      .check = check,
      .cost = cost,
      .run = run});
}

}  // namespace hypnos

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/dynamics/enumerated_basins.hpp"
#include "hypnos/physics/dynamics/fixed_point_count.hpp"
#include "hypnos/physics/memories/moment_matching.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "parts/basin_volumes.hpp"
#include "parts/integer_rate.hpp"
#include "parts/random_patterns.hpp"
#include "parts/retrieval_maps.hpp"
#include "parts/saved_couplings.hpp"

namespace hypnos {

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

constexpr Stream samples_of_steps("classification/samples");

// 2^31 pairs of states take 20 s.
constexpr int largest_enumerated = 32;

enum class Method { exact, sampled };

struct Parameters {
  NumberedPatterns patterns;
  double lambda = 1;
  MatchingStart init = MatchingStart::hebb;
  Method method = Method::exact;
  int samples = 1000;
  int max_steps = 10000, records = 40;
  int max_minima = 1'000'000;
  BasinVolumes basins;
  RetrievalMaps retrieval{.retrieval_points = 0};
  SavedCouplings saving;
};

struct Observables {
  double matched = 0, converged = 0, steps = nan, spurious = nan, stable_patterns = 0, missed = nan, enumerated = nan,
         connected = nan, delta_min = nan;
  ArrayXd distance, minima, basin_volume, pieces, largest_piece;
  ArrayXXd J, xi;
  Retrieved retrieved;
};

// Steps at which distance and minima are recorded: 0, and others at equal ratios up to max_steps, as whole numbers allow.
std::vector<double> recorded(Parameters const& p) {
  std::vector<double> steps{0};
  for (int k = 1; k <= p.records; ++k) {
    double const ratio = p.records == 1 ? 1 : static_cast<double>(k - 1) / (p.records - 1);
    steps.push_back(std::max(steps.back() + 1, std::round(std::pow(p.max_steps, ratio))));
  }
  // the last ones may have been pushed beyond the end
  for (std::size_t k = steps.size(); k-- > 0;)
    steps[k] = std::min(steps[k], p.max_steps - static_cast<double>(steps.size() - 1 - k));
  return steps;
}

// A step is a search, measured at N = 12 to 30 and loads of 0.3 to 1.1, or relaxes samples.
double cost_of_step(Parameters const& p) {
  double const N = p.patterns.N;
  return p.method == Method::exact ? 4e6 * std::exp(0.4 * (N - 24)) : p.samples * (3 * N * N + 1000);
}

// Steps to C = W grow steeply with P, from 10 at P = 0.2 N to 1000 at 0.7 N; without an end there are max_steps.
double expected_steps(Parameters const& p) {
  double const load = static_cast<double>(p.patterns.count()) / p.patterns.N;
  return std::min<double>(p.max_steps, 2 / p.lambda * std::exp(9 * load) + 5);
}

double cost_of_states(Parameters const& p) {
  double const pairs = std::ldexp(1, p.patterns.N - 1);
  double all = p.patterns.N <= largest_enumerated ? 10 * pairs : 0;
  if (p.basins.enumerated(p.patterns.N)) all += 500 * pairs * std::ceil(p.patterns.count() / 4.);
  return all;
}

double cost(Parameters const& p) { return expected_steps(p) * cost_of_step(p) + cost_of_states(p); }

// The basin of xi^mu together with that of -xi^mu.
ArrayXd basins_of_classes(SpinStates const& patterns, SpinStates const& fixed_points, ArrayXd const& volumes) {
  ArrayXd of_classes = ArrayXd::Zero(patterns.count());
  for (Index mu = 0; mu < patterns.count(); ++mu)
    for (Index k = 0; k < fixed_points.count(); ++k)
      if (std::abs(scalar_product(patterns[mu], fixed_points[k])) == patterns.size()) of_classes(mu) += volumes(k);
  return of_classes;
}

// In a network whose fixed points are the patterns and their opposites.
void measure_regions(MatrixXd const& J, SpinStates const& patterns, Realization& realization, Observables& o) {
  auto const made = realization.items()(1, [&](int) {
    std::vector<double> numbers;
    for (auto const& region : EnumeratedBasins(J, [&] { realization.poll(); }).regions(patterns)) {
      numbers.push_back(region.pieces);
      numbers.push_back(region.largest);
    }
    return numbers;
  });
  ArrayXXd const regions = ArrayXXd::Map(made[0].data(), 2, patterns.count());
  o.pieces = regions.row(0);
  o.largest_piece = regions.row(1);
  o.connected = (o.pieces == 1).cast<double>().mean();
}

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.patterns.drawn(realization);
  SpinStates const patterns(xi);
  int const N = p.patterns.N, P = p.patterns.count();
  double const all = cost(p) + p.basins.cost(N) + p.retrieval.cost(p.patterns);
  MatchingPlan plan{
      .steps = {}, .most_fixed_points = p.max_minima, .samples = p.method == Method::sampled ? p.samples : 0};
  for (double const step : recorded(p)) plan.steps.push_back(static_cast<std::int64_t>(step));
  auto const stream = p.method == Method::sampled ? std::optional(realization.stream(samples_of_steps)) : std::nullopt;
  MomentMatching matching(xi, integer_rate("lambda", p.lambda), p.init, plan, stream, realization.items());
  realization.complete(matching, expected_steps(p) * cost_of_step(p) / all);

  auto const& K = matching.couplings();
  auto const& fixed_points = matching.fixed_points();
  Observables o;
  o.distance = matching.distances();
  o.minima = matching.counts();
  o.matched = matching.matched() ? 1 : 0;
  o.converged = are_patterns_only(fixed_points, patterns) ? 1 : 0;
  o.steps = static_cast<double>(matching.steps());
  o.missed = matching.missed();
  int known = 0;
  for (Index k = 0; k < fixed_points.count(); ++k)
    for (Index mu = 0; mu < P; ++mu)
      if (std::abs(scalar_product(patterns[mu], fixed_points[k])) == N) {
        ++known;
        break;
      }
  if (fixed_points.count() > 0) o.spurious = static_cast<double>(fixed_points.count()) - known;
  auto const aligned = (xi * K).cwiseProduct(xi).rowwise().minCoeff().array();
  o.stable_patterns = static_cast<double>((aligned >= 0).count());
  if (p.saving.save_couplings) {
    o.J = matching.unit() * K;
    o.xi = xi;
  }
  if (K.isZero(0)) return o;
  o.delta_min = stabilities(xi, K).minCoeff();
  if (N <= largest_enumerated) o.enumerated = static_cast<double>(fixed_point_count(K, realization.blocks()));
  auto const basins = p.basins.measured(K, fixed_points, realization, 1 - p.retrieval.cost(p.patterns) / all);
  if (basins.volumes.size() > 0) o.basin_volume = basins_of_classes(patterns, fixed_points, basins.volumes);
  if (o.converged > 0 && p.basins.enumerated(N)) measure_regions(K, patterns, realization, o);
  o.retrieved = p.retrieval.measured(K, xi, realization);
  return o;
}

void check(Parameters const& p) {
  auto const rate = integer_rate("lambda", p.lambda);
  int const N = p.patterns.N, P = p.patterns.count();
  if (!MomentMatching::possible(N, P, rate))
    throw BadInput("lambda", "lambda = " + format_number(p.lambda) + " = " + std::to_string(rate.r) + "/" +
                                 std::to_string(rate.q) + " makes couplings of " + std::to_string(P) + " patterns in " +
                                 std::to_string(N) +
                                 " neurons too long for exact fields; give lambda with fewer digits");
  if (p.method == Method::exact && N > LocalMinima::largest_size)
    throw BadInput("N", "N = " + std::to_string(N) + ", but all fixed points are searched for up to " +
                            std::to_string(LocalMinima::largest_size) +
                            " neurons; give method=sampled, or N=40 or less, since the time grows exponentially");
  if (p.records > p.max_steps)
    throw BadInput("records", "records = " + std::to_string(p.records) + ", but there are max_steps = " +
                                  std::to_string(p.max_steps) + " steps; give as many or fewer records");
}

std::vector<std::string> unused(Parameters const& p) {
  return p.method == Method::exact ? std::vector<std::string>{"samples"} : std::vector<std::string>{"max_minima"};
}

}  // namespace

Experiment classification() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "classification",
      .summary = "Learning until the patterns and their opposites are the only fixed points, by moment matching",
      .source = "Ventura, Learning and unlearning (2024), Eqs. 8-10",
      .parameters =
          {part(&P::patterns),
           parameter("lambda", &P::lambda, "1", {1e-6, 1000},
                     "rate of learning: a step adds lambda / N (W - C) to J; a decimal or another fraction of whole "
                     "numbers",
                     R"(\lambda)"),
           parameter("init", &P::init,
                     {{MatchingStart::hebb, {"hebb", "J = W = 1/P sum_mu xi_i xi_j"}},
                      {MatchingStart::zero, {"zero", "J = 0, where all states are fixed points and C = 1"}}},
                     "couplings at which learning starts"),
           parameter("method", &P::method,
                     {{Method::exact, {"exact", "C over all fixed points, found by branch and bound"}},
                      {Method::sampled,
                       {"sampled",
                        "C over the different fixed points in which the dynamics from random states ends, and "
                        "their opposites"}}},
                     "over which fixed points C is taken"),
           parameter("samples", &P::samples, "", {1, static_cast<double>(Rng::substreams)},
                     "random states in every step (method = sampled)"),
           parameter("max_steps", &P::max_steps, "", {1, 4'000'000}, "learning ends after these steps if C is not W"),
           parameter("records", &P::records, "", {1, 100'000},
                     "distance and minima are recorded at 0 and at so many other steps, at equal ratios"),
           parameter("max_minima", &P::max_minima, "", {2, 100'000'000},
                     "a task with more fixed points fails and says how many it found"),
           part(&P::basins, &P::patterns), part(&P::retrieval, &P::patterns), part(&P::saving, &P::patterns)},
      .axes = {{"time", "1", "steps of learning", recorded, false, "d"},
               {"class", "", "pattern that stands for the class",
                [](P const& p) { return counted(p.patterns.count()); }, true, R"(\mu)"}},
      .observables =
          {observable("matched", &O::matched, {}, "1", "1 if learning ended with C = W exactly, else 0"),
           observable("converged", &O::converged, {}, "1",
                      "1 if in the end the fixed points are the patterns and their opposites and no others, else 0; of "
                      "the fixed points that were found, if sampled"),
           observable("steps", &O::steps, {}, "1", "steps that were done", "d"),
           observable("distance", &O::distance, {"time"}, "1",
                      "max_ij |C_ij - W_ij|; after the last step its value there", R"(\max |C - W|)"),
           observable("minima", &O::minima, {"time"}, "1",
                      "how many fixed points there are, s and -s; those found, if sampled", R"(\Omega)"),
           observable("spurious", &O::spurious, {}, "1",
                      "fixed points in the end that are no pattern or opposite of one; NaN if J = 0 and all 2^N states "
                      "are more "
                      "than max_minima"),
           observable("stable_patterns", &O::stable_patterns, {}, "1", "how many patterns are fixed points in the end"),
           observable("delta_min", &O::delta_min, {}, "1", "smallest stability of a pattern in the end",
                      R"(\Delta_\min)"),
           observable("missed", &O::missed, {}, "1",
                      "estimated probability that one more sample in the last step would end in a fixed point that no "
                      "other found, the part of samples that are alone in their end (Good, Biometrika 40, 237 (1953)); "
                      "0 of the exact method"),
           observable("enumerated", &O::enumerated, {}, "1",
                      "fixed points in the end among all 2^N states, each tried: with all patterns stable, 2 P proves "
                      "that there "
                      "are no others; NaN above N = 32"),
           observable("basin_volume", &O::basin_volume, {"class"}, "1",
                      "part of all 2^N states from which the dynamics ends in the pattern or its opposite, if any "
                      "unstable neuron flips next with equal probability",
                      "b"),
           observable("pieces", &O::pieces, {"class"}, "1",
                      "connected pieces of the region of the pattern, the states that reach no other fixed point with "
                      "larger probability; neighbours differ in one neuron. NaN if not converged, and above N = 25"),
           observable("largest_piece", &O::largest_piece, {"class"}, "1",
                      "part of the region that is in its largest piece"),
           observable("connected", &O::connected, {}, "1", "part of the patterns whose region is of one piece"),
           observable("J", &O::J, {"i", "j"}, "1", "couplings in the end (save_couplings)", "J_{ij}"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns (save_couplings)", R"(\xi_i^\mu)"),
           group(&O::retrieved)},
      .streams = {samples_of_steps},
      .trials = {"N=12 P=4 save_couplings=true retrieval_points=5 max_steps=100 records=5",
                 "N=26 P=2 method=sampled samples=40 max_steps=3 records=2 basin_samples=20"},
      .shared_by_team = true,
      .check = check,
      .cost = cost,
      .unused = unused,
      .run = run});
}

}  // namespace hypnos

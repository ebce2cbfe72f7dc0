#include "hypnos/physics/memories/coupling_space.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/memories/coupling_path.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/symmetric_perceptron.hpp"
#include "hypnos/physics/memories/unlearning_run.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "parts/dreaming.hpp"
#include "parts/perceptron_steps.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

// How far apart delta_min is measured, dreams epsilon / N: small against the time it takes to change its slope.
constexpr double measured_every = 0.005;

// Random directions on which paths are projected.
constexpr int directions = 3;

// Every run has a substream of its own.
constexpr double most_dreams = Unlearning::dreams_of_a_substream;

struct Parameters {
  RandomPatterns patterns;
  Dreaming dreaming;
  double duration = 1;
  double k = 1;
  double lambda = 1;
  int max_steps = 1000;
  int samples = 2;
  int records = 10;

  double dreams(double time) const { return std::round(dreaming.dreams(time, patterns)); }
};

struct Observables {
  double q = unmeasured, q_hebb, q_hebb_unlearning = unmeasured, q_samples = unmeasured;
  ArrayXd dreams_in;
  double steps, delta_min_final;
  bool converged;
  ArrayXXd projection;
  ArrayXd velocity, q_v, q_v_angle, q_delta_v;
  Block projection_unlearning;
  ArrayXXd velocity_unlearning, q_v_unlearning, q_v_angle_unlearning, q_delta_v_unlearning;
  ArrayXXd velocity_parts, q_delta_v_parts;
};

void keep(CouplingPath const& path, Observables& o) {
  o.projection = path.projection;
  o.velocity = path.velocity;
  o.q_v = path.q_v;
  o.q_v_angle = path.q_v_angle;
  o.q_delta_v = path.q_delta_v;
}

std::array<ArrayXXd*, 6> along_parts(Observables& o) {
  return {&o.velocity_unlearning,  &o.q_v_unlearning, &o.q_v_angle_unlearning,
          &o.q_delta_v_unlearning, &o.velocity_parts, &o.q_delta_v_parts};
}

void make_room(Parameters const& p, Observables& o) {
  auto const size = [](int count) { return static_cast<std::size_t>(count); };
  o.projection_unlearning.shape = {size(p.samples), size(p.records + 1), size(directions)};
  o.projection_unlearning.values.assign(size(p.samples) * size(p.records + 1) * size(directions), unmeasured);
  for (auto* const rows : along_parts(o)) rows->setConstant(p.samples, p.records + 1, unmeasured);
}

void keep(UnlearningPath const& path, Index sample, Observables& o) {
  auto const &dreams = path.by_dreams(), &parts = path.by_parts();
  auto projection = o.projection_unlearning.values.begin() + sample * dreams.projection.size();
  for (auto const& point : dreams.projection.rowwise()) projection = std::copy(point.begin(), point.end(), projection);
  auto const values = {&dreams.velocity,  &dreams.q_v,     &dreams.q_v_angle,
                       &dreams.q_delta_v, &parts.velocity, &parts.q_delta_v};
  for (std::size_t k = 0; k < values.size(); ++k) along_parts(o)[k]->row(sample) = *values.begin()[k];
}

// Unlearning from the same couplings, one run after the other.
class Runs {
 public:
  Runs(Parameters const& p, Realization const& realization, MatrixXd const& xi, VectorXd const& start,
       VectorXd const& learnt, std::optional<ReferenceLine> const& line, Observables& o)
      : p_(p),
        stream_(realization.stream(streams::dreams)),
        xi_(xi),
        start_(start),
        learnt_(learnt),
        line_(line),
        o_(o),
        sum_(VectorXd::Zero(start.size())) {
    auto const most = static_cast<std::int64_t>(p.dreams(p.duration));
    auto const stride = std::max<std::int64_t>(1, std::llround(p.dreams(measured_every)));
    for (std::int64_t dreams = 0; dreams < most; dreams += stride) records_.dreams.push_back(dreams);
    records_.dreams.push_back(most);
    records_.until_stable = true;
    if (line) make_room(p, o);
    o.dreams_in.setConstant(p.samples, unmeasured);
    begin();
  }

  bool done() const { return runs_ == p_.samples; }
  double fraction() const { return done() ? 1 : (runs_ + 0.8 * run_->fraction()) / p_.samples; }

  // A piece of the run, of its path, or of the replay up to dreams_in.
  void advance() {
    if (!run_->done()) return run_->advance();
    if (auto const dreams = run_->dreams_in()) {
      if (line_ && !path_) path_.emplace(network(), run_->dreams(), *dreams, p_.records, *line_);
      if (path_ && !path_->done()) return path_->advance();
      if (!replay_) replay_.emplace(network(), run_->dreams(), *dreams);
      if (!replay_->done()) return replay_->advance();
      if (path_) keep(*path_, runs_, o_);
      VectorXd const unlearnt = position(replay_->network().J());
      o_.dreams_in(runs_) = static_cast<double>(*dreams);
      q_ += cosine(unlearnt, learnt_);
      q_hebb_ += cosine(unlearnt, start_);
      sum_ += unlearnt;
      ++arrived_;
    }
    ++runs_;
    begin();
  }

  template <class Archive>
  void archive(Archive& members) {
    bool path = path_.has_value(), replay = replay_.has_value();
    members(runs_, arrived_, q_, q_hebb_, sum_, o_.dreams_in, o_.projection_unlearning.values, path, replay);
    for (auto* const rows : along_parts(o_)) members(*rows);
    if (begun_ != runs_) begin();
    if (done()) return;
    members(*run_);
    if (path && !path_) path_.emplace(network(), run_->dreams(), *run_->dreams_in(), p_.records, *line_);
    if (path) members(*path_);
    if (replay && !replay_) replay_.emplace(network(), run_->dreams(), *run_->dreams_in());
    if (replay) members(*replay_);
  }

  // Means over the runs that came to an end.
  void conclude() {
    double const arrived = arrived_;
    if (arrived > 0) {
      o_.q = q_ / arrived;
      o_.q_hebb_unlearning = q_hebb_ / arrived;
    }
    // All positions have the length sqrt(M), so the square of their sum has M for each of them.
    if (arrived > 1)
      o_.q_samples = (sum_.squaredNorm() / static_cast<double>(sum_.size()) - arrived) / (arrived * (arrived - 1));
  }

 private:
  Unlearning network() const {
    return {xi_, p_.dreaming.rate(), {p_.dreaming.order}, stream_.substream(static_cast<std::uint32_t>(runs_))};
  }

  void begin() {
    begun_ = runs_;
    path_.reset();
    replay_.reset();
    run_.reset();
    if (!done()) run_.emplace(network(), records_);
  }

  Parameters const& p_;
  Rng stream_;
  MatrixXd const& xi_;
  VectorXd const &start_, &learnt_;
  std::optional<ReferenceLine> const& line_;
  Observables& o_;
  UnlearningRecords records_;
  int runs_ = 0, arrived_ = 0;
  double q_ = 0, q_hebb_ = 0;
  VectorXd sum_;  // of the positions at the ends
  // Run number begun_, its path and its network after dreams_in.
  int begun_ = 0;
  std::optional<UnlearningRun> run_;
  std::optional<UnlearningPath> path_;
  std::optional<UnlearningReplay> replay_;
};

double expected_steps(Parameters const& p) {
  return expected_perceptron_steps(p.patterns.N, p.patterns.alpha, p.k, p.max_steps);
}

// Steps of the perceptron, once more along its path, where the couplings of every step are compared.
double cost_of_perceptron(Parameters const& p) {
  double const N = p.patterns.N, P = p.patterns.count();
  return (p.records > 0 ? 2.0 : 1.0) * (1 + expected_steps(p)) * 0.17 * P * N * N;
}

// Flips of neurons, each a row of the couplings, and products of stabilities. Runs end at D_in, on average after half of
// the duration or more.
double cost_of_runs(Parameters const& p) {
  double const N = p.patterns.N, P = p.patterns.count();
  return 0.7 * p.samples * (p.dreams(p.duration) / 2 + 0.1 * p.duration / measured_every * P) * N * N;
}

double cost(Parameters const& p) { return cost_of_perceptron(p) + cost_of_runs(p); }

Observables run(Parameters const& p, Realization& realization) {
  MatrixXd const xi = p.patterns.drawn(realization), hebb = hebbian_sums(xi);
  VectorXd const start = position(hebb);

  Observables o;
  IntegerRate const rate(p.patterns.N, p.lambda);
  SymmetricPerceptron const untrained(xi, rate.q * hebb, p.k, rate.r);
  PerceptronLearning learning(untrained, p.max_steps, {}, expected_steps(p));
  double const learnt_part = cost_of_perceptron(p) / cost(p);
  realization.complete(learning, p.records > 0 ? learnt_part / 2 : learnt_part);
  auto const& perceptron = learning.perceptron();
  int const steps = perceptron.steps();
  VectorXd const learnt = position(perceptron.J());
  o.steps = steps;
  o.converged = perceptron.converged();
  o.delta_min_final = perceptron.range().min;
  o.q_hebb = cosine(learnt, start);

  std::optional<ReferenceLine> line;
  if (p.records > 0) {
    auto numbers = realization.stream(streams::directions);
    line.emplace(start, learnt, random_directions(directions, p.patterns.N, numbers));
    PerceptronPath path(untrained, steps, p.max_steps, *line);
    realization.complete(path, learnt_part);
    keep(path.path(), o);
  }
  Runs runs(p, realization, xi, start, learnt, line, o);
  realization.complete(runs);
  runs.conclude();
  return o;
}

void check(Parameters const& p) {
  if (p.patterns.N < 3)
    throw BadInput("N", "N = 2, but two neurons have one pair and no path in the space of couplings; give N=3 or more");
  if (double const dreams = p.dreams(p.duration); dreams > most_dreams)
    throw BadInput("duration", "duration N / epsilon = " + format_number(dreams) + " dreams, but a run has at most " +
                                   format_number(most_dreams) + "; give a shorter duration or a larger epsilon");
}

// --- axes ---

std::vector<double> parts(Parameters const& p) {
  auto values = counted(p.records > 0 ? p.records + 1 : 0);
  for (double& value : values) value /= p.records;
  return values;
}

}  // namespace

Experiment interaction_space() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "interaction-space",
      .summary = "Where unlearning and the perceptron go in the space of couplings, from the same start",
      .source = "Benedetti, Ventura, Marinari, Ruocco and Zamponi, J. Chem. Phys. 156, 104107 (2022), Sec. IV",
      .parameters =
          {part(&P::patterns), part(&P::dreaming, &P::patterns),
           parameter("duration", &P::duration, "1", {1e-6, 1e4},
                     "largest number of dreams, as dreams epsilon / N; a run ends before if no stability is negative"),
           parameter("k", &P::k, "1", {0, 10}, "smallest stability that the perceptron has to reach (Eq. 5)"),
           parameter("lambda", &P::lambda, "1", {1e-9, 1e6},
                     "learning rate of the perceptron (Eq. 5); Hebb's couplings are sums / N (Eq. 3)"),
           parameter("max_steps", &P::max_steps, "", {1, 1e6},
                     "steps after which the perceptron ends learning in any case"),
           parameter("samples", &P::samples, "", {1, 10000},
                     "runs of unlearning from the same couplings, with dreams of their own"),
           parameter("records", &P::records, "", {0, 1e6},
                     "parts between points of the paths of unlearning; 0: final states only, no paths")},
      .axes = {{"sample", "", "run of unlearning", [](P const& p) { return counted(p.samples); }, true},
               {"step", "", "steps of the perceptron",
                [](P const& p) { return counted(p.records > 0 ? p.max_steps + 1 : 0); }, true},
               {"part", "1", "t / t_max of unlearning: dreams over dreams_in", parts},
               {"direction", "", "random direction", [](P const&) { return counted(directions); }}},
      .observables =
          {observable(
               "q", &O::q, {}, "1",
               "overlap of the final couplings of unlearning, at dreams_in, and perceptron (Eq. 15), mean over runs"),
           observable("q_hebb", &O::q_hebb, {}, "1", "overlap of the perceptron's with Hebb's couplings"),
           observable("q_hebb_unlearning", &O::q_hebb_unlearning, {}, "1",
                      "overlap of unlearning's with Hebb's couplings, mean over runs"),
           observable("q_samples", &O::q_samples, {}, "1", "overlap of two runs of unlearning, mean over pairs"),
           observable(
               "dreams_in", &O::dreams_in, {"sample"}, "1",
               "D_in: smallest number of dreams after which no stability is negative; NaN if duration is too short"),
           observable("steps", &O::steps, {}, "1", "steps of the perceptron"),
           observable("converged", &O::converged, {}, "1",
                      "1 if no stability of the perceptron is below k, 0 if max_steps ended learning; means over "
                      "samples include the latter"),
           observable("delta_min_final", &O::delta_min_final, {}, "1",
                      "smallest stability of the perceptron in the end"),
           observable(
               "projection", &O::projection, {"step", "direction"}, "1",
               "r of the perceptron, r = J / sigma_J over pairs (Eq. 13), along random directions of unit length; "
               "a normal number for a random r"),
           observable("velocity", &O::velocity, {"step"}, "1",
                      "|r(t+1) - r(t)| of the perceptron (Eq. 16); |r| is sqrt(N (N-1) / 2)"),
           observable(
               "q_v",
               &O::q_v, {"step"}, "1",
               "(r(t) - r(0)) . v over |r(t_max) - r(0)|, v the direction from Hebb's couplings to the end of the "
               "perceptron (Eqs. 17, 18 as printed)"),
           observable("q_v_angle", &O::q_v_angle, {"step"}, "1",
                      "cosine of r(t) - r(0) and v: Eq. 18 with |r(t) - r(0)| below, the angular distance that the "
                      "text names"),
           observable("q_delta_v", &O::q_delta_v, {"step"}, "1", "cosine of r(t+1) - r(t) and v (Eq. 19)"),
           observable("projection_unlearning", &O::projection_unlearning, {"sample", "part", "direction"}, "1",
                      "r of unlearning along the same directions"),
           observable("velocity_unlearning", &O::velocity_unlearning, {"sample", "part"}, "1",
                      "|r(t+1) - r(t)| of unlearning, t + 1 a single dream later (Eq. 16)"),
           observable(
               "q_v_unlearning", &O::q_v_unlearning, {"sample", "part"}, "1",
               "(r(t) - r(0)) . v over |r(t_max) - r(0)| of unlearning, v that of the perceptron (Eq. 18 as printed)"),
           observable("q_v_angle_unlearning", &O::q_v_angle_unlearning, {"sample", "part"}, "1",
                      "cosine of r(t) - r(0) of unlearning and v"),
           observable("q_delta_v_unlearning", &O::q_delta_v_unlearning, {"sample", "part"}, "1",
                      "cosine of r(t+1) - r(t) of unlearning and v, t + 1 a single dream later (Eq. 19)"),
           observable(
               "velocity_parts", &O::velocity_parts, {"sample", "part"}, "1",
               "displacement of unlearning to the next point over its dreams: the drift without the noise of dreams"),
           observable(
               "q_delta_v_parts", &O::q_delta_v_parts, {"sample", "part"}, "1",
               "cosine of the displacement of unlearning to the next point and v: Eq. 19 resampled at the points")},
      .streams = {streams::directions},
      .trials = {"N=30 alpha=0.2 samples=2 records=3 max_steps=50"},
      .check = check,
      .cost = cost,
      .run = run});
}

}  // namespace hypnos

#include "hypnos/physics/memories/interaction_space.hpp"

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
#include "hypnos/experiments/memories.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "path.hpp"

namespace hypnos {

using namespace learning_paths;
using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

// How far apart delta_min is measured, dreams epsilon / N: small against the time it takes to change its slope.
constexpr double measured_every = 0.005;

// The numbers of a run begin 2^46 words behind those of the run before, and those of a dream take 2^24.
constexpr double most_dreams = 1 << 22;

struct Parameters : Memories, Dreaming {
  double duration = 1;
  double k = 1;
  double lambda = 1;
  int max_steps = 1000;
  int samples = 2;
  int records = 10;

  double dreams(double time) const { return std::round(time * N / epsilon); }
};

struct Observables {
  double q = unmeasured, q_hebb, q_hebb_unlearning = unmeasured, q_samples = unmeasured;
  ArrayXd dreams_in;
  double steps, converged, delta_min_final;
  ArrayXXd projection;
  ArrayXd velocity, q_v, q_v_angle, q_delta_v;
  Block projection_unlearning;
  ArrayXXd velocity_unlearning, q_v_unlearning, q_v_angle_unlearning, q_delta_v_unlearning;
  ArrayXXd velocity_parts, q_delta_v_parts;
};

void keep(Path const& path, Observables& o) {
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
  auto const& [dreams, parts] = path;
  auto projection = o.projection_unlearning.values.begin() + sample * dreams.projection.size();
  for (auto const& point : dreams.projection.rowwise()) projection = std::copy(point.begin(), point.end(), projection);
  auto const values = {&dreams.velocity,  &dreams.q_v,     &dreams.q_v_angle,
                       &dreams.q_delta_v, &parts.velocity, &parts.q_delta_v};
  for (std::size_t k = 0; k < values.size(); ++k) along_parts(o)[k]->row(sample) = *values.begin()[k];
}

// What the runs of unlearning have come to so far.
struct Tally {
  double runs = 0, arrived = 0, q = 0, q_hebb = 0;
  VectorXd sum;  // of the positions where they arrived

  void conclude(Observables& o) const {
    if (arrived > 0) {
      o.q = q / arrived;
      o.q_hebb_unlearning = q_hebb / arrived;
    }
    // All positions have the length sqrt(M), so the square of their sum has M for each of them.
    if (arrived > 1)
      o.q_samples = (sum.squaredNorm() / static_cast<double>(sum.size()) - arrived) / (arrived * (arrived - 1));
  }
};

// All numbers that change from run to run: what a checkpoint keeps.
std::vector<std::span<double>> changing(Tally& tally, Observables& o) {
  auto const all = [](auto& array) { return std::span(array.data(), static_cast<std::size_t>(array.size())); };
  std::vector<std::span<double>> parts;
  for (double* const number : {&tally.runs, &tally.arrived, &tally.q, &tally.q_hebb}) parts.emplace_back(number, 1);
  parts.insert(parts.end(), {all(tally.sum), all(o.dreams_in), all(o.projection_unlearning.values)});
  for (auto* const rows : along_parts(o)) parts.push_back(all(*rows));
  return parts;
}

std::vector<double> state(Tally& tally, Observables& o) {
  std::vector<double> kept;
  for (auto const part : changing(tally, o)) kept.insert(kept.end(), part.begin(), part.end());
  return kept;
}

void restore(std::vector<double> const& kept, Tally& tally, Observables& o) {
  auto from = kept.begin();
  for (auto const part : changing(tally, o))
    for (double& number : part) number = *from++;
}

void unlearn(Parameters const& p, Realization& realization, MatrixXd const& xi, VectorXd const& start,
             VectorXd const& learnt, std::optional<LineOfSight> const& line, Observables& o) {
  auto const epsilon = unlearning_rate(p.epsilon);
  auto const most = static_cast<std::int64_t>(p.dreams(p.duration));
  auto const stride = std::max<std::int64_t>(1, std::llround(p.dreams(measured_every)));
  if (line) make_room(p, o);
  o.dreams_in.setConstant(p.samples, unmeasured);
  Tally tally;
  tally.sum.setZero(start.size());
  bool const long_task = p.samples > 1;  // a single run takes seconds
  auto const kept = long_task ? realization.restored() : std::vector<double>();
  if (!kept.empty()) restore(kept, tally, o);

  while (tally.runs < p.samples) {
    auto const sample = static_cast<std::uint32_t>(tally.runs++);
    auto const stream = realization.stream(streams::dreams).substream(sample);
    auto const network = [&] { return Unlearning(xi, epsilon, {p.order}, stream); };
    if (auto const dreams = dreams_in(network(), most, stride)) {
      if (line) keep(path_of(network(), *dreams, p.records, *line), sample, o);
      auto stable = network();
      stable.replay(*dreams);
      VectorXd const unlearnt = position(stable.J());
      o.dreams_in(sample) = static_cast<double>(stable.dreams());
      tally.q += cosine(unlearnt, learnt);
      tally.q_hebb += cosine(unlearnt, start);
      tally.sum += unlearnt;
      ++tally.arrived;
    }
    if (long_task && tally.runs < p.samples)
      realization.checkpoint(tally.runs / p.samples, [&] { return state(tally, o); });
  }
  tally.conclude(o);
}

Observables run(Parameters const& p, Realization& realization) {
  MatrixXd const xi = p.xi(realization), hebb = hebbian_sums(xi);
  VectorXd const start = position(hebb);

  Observables o;
  SymmetricPerceptron const untrained(xi, hebb, p.k, p.lambda * p.N);  // N times all couplings
  auto perceptron = untrained;
  int const steps = train(perceptron, p.max_steps);
  VectorXd const learnt = position(perceptron.J());
  o.steps = steps;
  o.converged = perceptron.converged();
  o.delta_min_final = perceptron.range().min;
  o.q_hebb = cosine(learnt, start);

  std::optional<LineOfSight> line;
  if (p.records > 0) {
    auto sideways = realization.stream(streams::directions);
    line.emplace(start, learnt, random_directions(directions, p.N, sideways));
    keep(path_of(untrained, steps, p.max_steps, *line), o);
  }
  unlearn(p, realization, xi, start, learnt, line, o);
  return o;
}

void check(Parameters const& p) {
  p.Memories::check();
  p.Dreaming::check(p.patterns());
  if (double const dreams = p.dreams(p.duration); dreams > most_dreams)
    throw BadInput("duration", "duration N / epsilon = " + format_number(dreams) + " dreams, but a run has at most " +
                                   format_number(most_dreams) + "; give a shorter duration or a larger epsilon");
}

// Turns of neurons, each a row of the couplings, and products of stabilities, of which single precision takes half.
double cost(Parameters const& p) {
  double const N = p.N, P = p.patterns(), steps = p.records > 0 ? 2.0 * p.max_steps : p.max_steps;
  return (p.samples * (p.dreams(p.duration) / 2 + p.duration / measured_every * P) + steps * P / 2) * N * N;
}

// --- axes ---

std::vector<double> parts(Parameters const& p) {
  auto values = counted(p.records > 0 ? p.records + 1 : 0);
  for (double& value : values) value /= p.records;
  return values;
}

}  // namespace

// The table below is laid out by hand.
// clang-format off
Experiment interaction_space() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "interaction-space",
      .summary = "Where unlearning and the perceptron go in the space of couplings, from the same start",
      .source = "Benedetti, Ventura, Marinari, Ruocco and Zamponi, Supervised versus unsupervised learning: approaching "
                "optimal memory retrieval in Hopfield networks, J. Chem. Phys. 156, 104107 (2022), Sec. IV",
      .parameters =
          rows(memory_parameters<P>(3), dream_parameters<P>(), std::vector{
           parameter("duration", &P::duration, "1", {1e-6, 1e4},
                     "how long it dreams at most, dreams epsilon / N, if not all patterns become fixed points before"),
           parameter("k", &P::k, "1", {0, 10},
                     "stability that every neuron of the perceptron shall have in every pattern (Eq. 5)"),
           parameter("lambda", &P::lambda, "1", {1e-9, 1e6},
                     "learning rate of the perceptron (Eq. 5); Hebb's couplings are sums / N (Eq. 3)"),
           parameter("max_steps", &P::max_steps, "", {1, 1e6}, "steps after which the perceptron ends learning in any case"),
           parameter("samples", &P::samples, "", {1, 10000},
                     "runs of unlearning from the same couplings, with dreams of their own"),
           parameter("records", &P::records, "", {0, 1e6},
                     "parts between points of the paths of unlearning; 0: final states only, no paths")}),
      .axes = {{"sample", "", "run of unlearning", [](P const& p) { return counted(p.samples); }, true},
               {"step", "", "steps of the perceptron",
                [](P const& p) { return counted(p.records > 0 ? p.max_steps + 1 : 0); }, true},
               {"part", "1", "t / t_max of unlearning: dreams over dreams_in", parts},
               {"direction", "", "random direction", [](P const&) { return counted(directions); }}},
      .observables =
          {observable("q", &O::q, {}, "1",
                      "overlap of the final couplings of unlearning, at dreams_in, and perceptron (Eq. 15), mean over runs"),
           observable("q_hebb", &O::q_hebb, {}, "1", "overlap of the perceptron's with Hebb's couplings"),
           observable("q_hebb_unlearning", &O::q_hebb_unlearning, {}, "1",
                      "overlap of unlearning's with Hebb's couplings, mean over runs"),
           observable("q_samples", &O::q_samples, {}, "1", "overlap of two runs of unlearning, mean over pairs"),
           observable("dreams_in", &O::dreams_in, {"sample"}, "1",
                      "dreams until all patterns are fixed points, D_in: delta_min first is 0; NaN if duration is too short"),
           observable("steps", &O::steps, {}, "1", "steps of the perceptron"),
           observable("converged", &O::converged, {}, "1",
                      "1 if no stability of the perceptron is below k, 0 if max_steps ended learning"),
           observable("delta_min_final", &O::delta_min_final, {}, "1", "smallest stability of the perceptron in the end"),
           observable("projection", &O::projection, {"step", "direction"}, "1",
                      "r of the perceptron, r = J / sigma_J over pairs (Eq. 13), along random directions of unit length; "
                      "a normal number for a random r"),
           observable("velocity", &O::velocity, {"step"}, "1",
                      "|r(t+1) - r(t)| of the perceptron (Eq. 16); |r| is sqrt(N (N-1) / 2)"),
           observable("q_v", &O::q_v, {"step"}, "1",
                      "(r(t) - r(0)) . v over |r(t_max) - r(0)|, v the direction from Hebb's couplings to the end of the "
                      "perceptron (Eqs. 17, 18 as printed)"),
           observable("q_v_angle", &O::q_v_angle, {"step"}, "1",
                      "cosine of r(t) - r(0) and v: Eq. 18 with |r(t) - r(0)| below, the angular distance it speaks of"),
           observable("q_delta_v", &O::q_delta_v, {"step"}, "1", "cosine of r(t+1) - r(t) and v (Eq. 19)"),
           observable("projection_unlearning", &O::projection_unlearning, {"sample", "part", "direction"}, "1",
                      "r of unlearning along the same directions"),
           observable("velocity_unlearning", &O::velocity_unlearning, {"sample", "part"}, "1",
                      "|r(t+1) - r(t)| of unlearning, t + 1 a single dream later (Eq. 16)"),
           observable("q_v_unlearning", &O::q_v_unlearning, {"sample", "part"}, "1",
                      "(r(t) - r(0)) . v over |r(t_max) - r(0)| of unlearning, v that of the perceptron (Eq. 18 as printed)"),
           observable("q_v_angle_unlearning", &O::q_v_angle_unlearning, {"sample", "part"}, "1",
                      "cosine of r(t) - r(0) of unlearning and v"),
           observable("q_delta_v_unlearning", &O::q_delta_v_unlearning, {"sample", "part"}, "1",
                      "cosine of r(t+1) - r(t) of unlearning and v, t + 1 a single dream later (Eq. 19)"),
           observable("velocity_parts", &O::velocity_parts, {"sample", "part"}, "1",
                      "displacement of unlearning to the next point over its dreams: the drift without the noise of dreams"),
           observable("q_delta_v_parts", &O::q_delta_v_parts, {"sample", "part"}, "1",
                      "cosine of the displacement of unlearning to the next point and v: Eq. 19 resampled at the points")},
      .check = check,
      .cost = cost,
      .run = run});
}
// clang-format on

}  // namespace hypnos

#include "hypnos/physics/memories/symmetric_perceptron.hpp"

#include <cmath>
#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/experiments/memories.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos {

namespace {

enum class Init { hebb, zero, random };

struct Parameters : Memories, Retrieving, Saving {
  double k = 1;
  double lambda = 1;
  int max_steps = 1000;
  Init init = Init::hebb;
  int records = 0;
};

struct Observables : Retrieved {
  double converged, steps, unsatisfied, delta_min_final, delta_av_final, delta_max_final, q_hebb, sigma_J;
  Eigen::ArrayXd delta_min, delta_av, delta_max;
  Eigen::ArrayXXd J, xi;
};

std::vector<double> recorded_steps(Parameters const& p) {
  std::vector<double> steps;
  for (int record = 0; p.records > 0 && record <= p.records; ++record)
    steps.push_back(std::round(static_cast<double>(record) * p.max_steps / p.records));
  return steps;
}

// N times the couplings at which learning starts.
Eigen::MatrixXd initial_sums(Parameters const& p, Eigen::MatrixXd const& xi, Realization const& realization) {
  switch (p.init) {
    case Init::hebb: return hebbian_sums(xi);
    case Init::zero: return Eigen::MatrixXd::Zero(p.N, p.N);
    case Init::random: break;
  }
  auto rng = realization.stream(streams::initial_couplings);
  return sk_couplings(p.N, static_cast<double>(xi.rows()), rng);
}

// Learns, and keeps the stabilities of the recorded steps.
void learn(Parameters const& p, SymmetricPerceptron& perceptron, Observables& o) {
  auto const recorded = recorded_steps(p);
  for (auto* const trajectory : {&o.delta_min, &o.delta_av, &o.delta_max}) trajectory->resize(std::ssize(recorded));
  Eigen::Index record = 0;
  int steps = 0;
  auto const keep = [&] {
    auto const& [min, av, max] = perceptron.range();
    o.delta_min(record) = min, o.delta_av(record) = av, o.delta_max(record) = max;
    ++record;
  };
  auto const due = [&] { return record < o.delta_min.size() && recorded[static_cast<std::size_t>(record)] <= steps; };
  while (true) {
    if (due()) keep();
    if (perceptron.converged() || steps == p.max_steps) break;
    perceptron.step();
    ++steps;
  }
  while (record < o.delta_min.size()) keep();  // nothing moves any more
  o.steps = steps;
}

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.xi(realization);
  // N times the couplings and N lambda are whole numbers (but for init = random), so that fields are exact.
  SymmetricPerceptron perceptron(xi, initial_sums(p, xi, realization), p.k, p.N * p.lambda);

  Observables o;
  learn(p, perceptron, o);
  o.converged = perceptron.converged();
  o.unsatisfied = static_cast<double>(perceptron.unsatisfied()) / static_cast<double>(xi.size());
  o.delta_min_final = perceptron.range().min;
  o.delta_av_final = perceptron.range().av;
  o.delta_max_final = perceptron.range().max;
  auto const sums = perceptron.J();
  auto const learnt = pairs(sums);
  o.q_hebb = cosine(learnt, pairs(hebbian_sums(xi)));
  o.sigma_J = learnt.norm() / std::sqrt(static_cast<double>(learnt.size())) / p.N;

  static_cast<Retrieved&>(o) = p.retrieved(sums, xi, realization);
  if (p.save_couplings != 0) {
    o.J = sums.array() / p.N;
    o.xi = xi.array();
  }
  return o;
}

void check(Parameters const& p) {
  p.Memories::check();
  p.Retrieving::check(p.patterns());
  if (p.init == Init::zero && p.k <= 0)
    throw BadInput("init", "init = zero, but couplings of zero have the stability 0 and fulfil k = " +
                               format_number(p.k) + " at once; give a positive k or init=hebb");
  if (p.records > p.max_steps)
    throw BadInput("records", "records = " + std::to_string(p.records) + " are more than the " +
                                  std::to_string(p.max_steps) +
                                  " steps of max_steps; lower records or raise max_steps");
}

double cost(Parameters const& p) {
  double const N = p.N, P = p.alpha * N;
  return P * N * N * p.max_steps + 1000 * N * P * p.retrieval_points * p.retrieval_trials;
}

}  // namespace

// The table below is laid out by hand.
// clang-format off
Experiment symmetric_perceptron() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "symmetric-perceptron",
      .summary = "Perceptron learning of symmetric couplings up to a stability k, and its basins of attraction",
      .source = "Benedetti, Ventura, Marinari, Ruocco and Zamponi, Supervised versus unsupervised learning, "
                "J. Chem. Phys. 156, 104107 (2022), Secs. II A and III",
      .parameters =
          rows(memory_parameters<P>(), std::vector{
           parameter("k", &P::k, "1", {-10, 10}, "stability that every neuron shall have in every pattern (Eq. 5)"),
           parameter("lambda", &P::lambda, "1", {1e-9, 1e6}, "learning rate (Eq. 5); Hebb's couplings are sums / N (Eq. 3)"),
           parameter("max_steps", &P::max_steps, "", {0, 1e9}, "steps after which learning ends in any case"),
           parameter("init", &P::init,
                     {{Init::hebb, {"hebb", "J = (1/N) sum xi xi (Eq. 3)"}},
                      {Init::zero, {"zero", "J = 0, whose stabilities count as 0"}},
                      {Init::random, {"random", "Gaussian J with Hebb's variance, round(alpha N) / N^2"}}},
                     "where learning starts; diagonals are zero"),
           parameter("records", &P::records, "", {0, 1e6},
                     "intervals of the trajectories, which have one point more: the first before any step; 0: none")},
           retrieval_parameters<P>(), saving_parameters<P>()),
      .axes = rows(std::vector<Axis<P>>{{"step", "", "steps; a record is taken at the whole number of steps next to it",
                                         recorded_steps},
                                        m_0_axis<P>()},
                   saving_axes<P>()),
      .observables =
          rows(std::vector{observable("converged", &O::converged, {}, "1", "1 if no stability is below k, 0 if max_steps ended learning"),
           observable("steps", &O::steps, {}, "1", "steps done"),
           observable("unsatisfied", &O::unsatisfied, {}, "1", "fraction of stabilities below k in the end"),
           observable("delta_min_final", &O::delta_min_final, {}, "1",
                      "minimum over i, mu of the stabilities (Eq. 5) of the final couplings"),
           observable("delta_av_final", &O::delta_av_final, {}, "1", "their mean"),
           observable("delta_max_final", &O::delta_max_final, {}, "1", "their maximum"),
           observable("q_hebb", &O::q_hebb, {}, "1",
                      "overlap of the final couplings with Hebb's (Eq. 15), the cosine over pairs; NaN if all are 0"),
           observable("sigma_J", &O::sigma_J, {}, "1", "root mean square of the final couplings over pairs (Eq. 14)"),
           observable("delta_min", &O::delta_min, {"step"}, "1",
                      "minimum stability along learning; after convergence nothing changes"),
           observable("delta_av", &O::delta_av, {"step"}, "1", "mean stability along learning"),
           observable("delta_max", &O::delta_max, {"step"}, "1", "maximum stability along learning"),
           observable("J", &O::J, {"i", "j"}, "1", "final couplings"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns, +1 or -1")},
           retrieval_observables<O>()),
      .check = check,
      .cost = cost,
      .run = run});
}
// clang-format on

}  // namespace hypnos

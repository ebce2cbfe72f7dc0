#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/unlearning_run.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "hypnos/physics/statistics/peak.hpp"
#include "parts/dreaming.hpp"
#include "parts/random_patterns.hpp"
#include "parts/retrieval_maps.hpp"
#include "parts/saved_couplings.hpp"

namespace hypnos {

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

// Around its highest record delta_min scatters by 0.05 or so from dream to dream, far more than it bends: parabolas
// through records no further than this bring the place of the top down to half the scatter of the highest record, and
// move it by less than 0.002 (N = 100 ... 800, alpha = 0.3 ... 0.55). In wider ranges the curve is not symmetric: it
// falls faster than it rises.
constexpr double top_reach = 0.05;

struct Parameters {
  RandomPatterns patterns;
  Dreaming dreaming;
  double duration = 0.5;
  double T = 0;
  int sweeps = 10;
  int records = 100;
  int glassy_states = 0;
  RetrievalMaps retrieval;
  SavedCouplings saving;
};

// What is measured of the network after a number of dreams.
struct Network {
  double delta_min = unmeasured, q_hebb = unmeasured;
  ArrayXXd J;
  Retrieved retrieved;

  static std::vector<Observed<Network>> observables() {
    using O = Network;
    return {observable("delta_min", &O::delta_min, {}, "1", "minimum stability", R"(\Delta_\min)"),
            observable("q_hebb", &O::q_hebb, {}, "1", "overlap q of the couplings with Hebb's (Eq. 15)", "q"),
            observable("J", &O::J, {"i", "j"}, "1", "couplings (save_couplings)", "J_{ij}"), group(&O::retrieved)};
  }
};

struct Observables {
  ArrayXd delta_min, delta_av, delta_max, sigma_J, omega_sat, omega_unsat, omega_min, omega_min_neuron, energy_drift,
      m_f_hebb;
  double dreams_in = unmeasured, dreams_top = unmeasured, dreams_fin = unmeasured, delta_min_peak = unmeasured;
  Network in, top, fin;
  ArrayXXd xi;
};

// The number of dreams after which record k is taken: the whole number next to its time.
std::int64_t dreams_at(Parameters const& p, int k) {
  return std::llround(p.dreaming.dreams(p.duration, p.patterns) * k / p.records);
}

// Updates of neurons, each a row of the couplings, and products of stabilities, whose numbers are ten times as fast.
double cost_of_dreams(Parameters const& p) {
  double const N = p.patterns.N, P = p.patterns.count();
  double const dreams =
      (p.dreaming.dreams(p.duration, p.patterns) + 1.0 * p.records * p.glassy_states) * (p.T > 0 ? p.sweeps : 1);
  return (dreams / 2 + 0.1 * p.records * P) * N * N;
}

// Of three networks: at most half of the dreams replayed, at an eighth of their cost, and a retrieval map.
double cost_of_networks(Parameters const& p) {
  double const N = p.patterns.N;
  return 3 * (p.dreaming.dreams(p.duration, p.patterns) / 32 * N * N + p.retrieval.cost(p.patterns));
}

// One map is the share of the part `retrieval`.
double cost(Parameters const& p) { return cost_of_dreams(p) + cost_of_networks(p); }

class Study {
 public:
  Study(Parameters const& p, Realization& realization)
      : p_(p), realization_(realization), xi_(p.patterns.drawn(realization)) {}

  Observables run() {
    Observables o;
    double const hebb = p_.retrieval.cost(p_.patterns), dreams_cost = cost_of_dreams(p_);
    double const all = hebb + dreams_cost + cost_of_networks(p_), unlearnt = (hebb + dreams_cost) / all;
    o.m_f_hebb = retrieved(network(), hebb / all).m_f;
    UnlearningRecords records{.glassy_states = p_.glassy_states};
    for (int k = 0; k <= p_.records; ++k) records.dreams.push_back(dreams_at(p_, k));
    ArrayXd dreams(p_.records + 1);
    for (Index k = 0; k <= p_.records; ++k)
      dreams(k) = static_cast<double>(records.dreams[static_cast<std::size_t>(k)]);
    UnlearningRun unlearning(network(), records, realization_.stream(streams::glassy_states));
    realization_.complete(unlearning, unlearnt);

    o.delta_min = unlearning.delta_min();
    o.delta_av = unlearning.delta_av();
    o.delta_max = unlearning.delta_max();
    o.sigma_J = unlearning.sigma_J();
    o.omega_sat = unlearning.omega_sat();
    o.omega_unsat = unlearning.omega_unsat();
    o.omega_min = unlearning.omega_min();
    o.omega_min_neuron = unlearning.omega_min_neuron();
    o.energy_drift = unlearning.energy_drift();
    auto const top = local_peak(dreams, o.delta_min, top_reach * p_.patterns.N / p_.dreaming.epsilon);
    o.delta_min_peak = top.height;
    if (auto const first = unlearning.dreams_in()) o.dreams_in = static_cast<double>(*first);
    o.dreams_top = top.place;
    if (auto const last = unlearning.dreams_fin()) o.dreams_fin = static_cast<double>(*last);
    auto const until = [&](int networks) { return unlearnt + (1 - unlearnt) * networks / 3; };
    o.in = network_after(o.dreams_in, unlearning.dreams(), until(1));
    o.top = network_after(o.dreams_top, unlearning.dreams(), until(2));
    o.fin = network_after(o.dreams_fin, unlearning.dreams(), until(3));
    if (p_.saving.save_couplings) o.xi = xi_;
    return o;
  }

 private:
  Unlearning network() const {
    return {xi_, p_.dreaming.rate(), {p_.dreaming.order, p_.T, p_.sweeps}, realization_.stream(streams::dreams)};
  }

  // The network as it was after the whole number of dreams nearest to `count`.
  Network network_after(double count, SpinStates const& dreams, double until) {
    if (!std::isfinite(count)) return {};
    UnlearningReplay replay(network(), dreams, std::llround(count));
    realization_.complete(replay, until);
    auto const& net = replay.network();
    Network measured;
    measured.delta_min = net.stabilities().minCoeff();
    measured.q_hebb = cosine(pairs(net.C().cast<double>()), pairs(hebbian_sums(xi_)));
    measured.retrieved = retrieved(net, until);
    if (p_.saving.save_couplings) measured.J = net.J();
    return measured;
  }

  // C instead of J: integers, whose fields are exact.
  Retrieved retrieved(Unlearning const& net, double until) {
    return p_.retrieval.measured(net.C().cast<double>(), xi_, realization_, until);
  }

  Parameters const& p_;
  Realization& realization_;
  MatrixXd xi_;
};

Observables run(Parameters const& p, Realization& realization) { return Study(p, realization).run(); }

void check(Parameters const& p) {
  int const N = p.patterns.N;
  if (p.T > 0 && std::int64_t{N} * p.sweeps > Unlearning::most_updates)
    throw BadInput("sweeps", "sweeps = " + std::to_string(p.sweeps) + ", but a dream of " + std::to_string(N) +
                                 " neurons has at most " + std::to_string(Unlearning::most_updates / N));
  double const dreams = p.dreaming.dreams(p.duration, p.patterns), bytes = dreams * std::ceil(N / 64.) * 8;
  if (std::round(dreams) < p.records)
    throw BadInput("records", "records = " + std::to_string(p.records) + ", but the duration is of " +
                                  format_number(std::round(dreams)) + " dreams, round(duration N / epsilon); give as " +
                                  "many or fewer records, or a longer duration");
  if (constexpr double most = 0x1p33; bytes > most)
    throw BadInput("duration",
                   "duration N / epsilon = " + format_number(dreams) +
                       " dreams need more than 8 GiB to be kept; give a shorter duration or a larger epsilon");
}

std::vector<std::string> unused(Parameters const& p) {
  return p.T > 0 ? std::vector<std::string>{} : std::vector<std::string>{"sweeps"};
}

std::vector<double> times(Parameters const& p) {
  auto values = counted(p.records + 1);
  for (double& value : values) value *= p.duration / p.records;
  return values;
}

}  // namespace

Experiment hebbian_unlearning() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "hebbian-unlearning",
      .summary =
          "Hebbian unlearning: a network unlearns states that it reaches from random ones, and stores its patterns",
      .source = "Benedetti, Ventura, Marinari, Ruocco and Zamponi, J. Chem. Phys. 156, 104107 (2022), Eqs. 3 and 8",
      .parameters =
          {part(&P::patterns), part(&P::dreaming, &P::patterns),
           parameter("duration", &P::duration, "1", {1e-6, 1e4},
                     "length of unlearning, dreams epsilon / N: round(duration N / epsilon) dreams"),
           parameter(
               "T", &P::T, "1", {0, 100},
               "temperature of dreams, in units of J; 0: fixed points of the dynamics at zero temperature; above 0 "
               "the order is that of heat bath updates, of any neuron"),
           parameter("sweeps", &P::sweeps, "", {1, 1e6},
                     "heat bath sweeps of a dream at T > 0 (unused at T = 0); few do not reach equilibrium at low T: "
                     "see energy_drift"),
           parameter("records", &P::records, "", {1, 1e6},
                     "intervals of the trajectories, which have one point more: the first before any dream"),
           parameter("glassy_states", &P::glassy_states, "", {0, 1e6},
                     "states sampled at every record, and not unlearnt, for the perceptron overlaps; 0: none"),
           part(&P::retrieval, &P::patterns), part(&P::saving, &P::patterns)},
      .axes = {{"time", "1", "dreams x epsilon / N; a record is taken at the nearest whole number of dreams", times,
                false, R"(D \epsilon / N)"}},
      .observables =
          {observable("delta_min", &O::delta_min, {"time"}, "1",
                      "least stability xi_i sum_j J_ij xi_j / |J_i| over neurons and patterns (Eq. 5; Fig. 3)",
                      R"(\Delta_\min)"),
           observable("delta_av", &O::delta_av, {"time"}, "1", "their mean", R"(\Delta_\mathrm{av})"),
           observable("delta_max", &O::delta_max, {"time"}, "1", "the largest", R"(\Delta_\max)"),
           observable("sigma_J", &O::sigma_J, {"time"}, "1", "root mean square of the couplings over pairs (Eq. 14)",
                      R"(\sigma_J)"),
           observable(
               "omega_sat", &O::omega_sat, {"time"}, "1",
               "perceptron overlap <S_i (S.xi)> xi_i / N with glassy states S, mean over constraints of stability "
               ">= 0 (Eq. 22; Fig. 9); with its term j = i: without it 1/N less",
               R"(\omega_\mathrm{sat})"),
           observable("omega_unsat", &O::omega_unsat, {"time"}, "1",
                      "the same over constraints of stability < 0; NaN if there are none", R"(\omega_\mathrm{unsat})"),
           observable("omega_min", &O::omega_min, {"time"}, "1",
                      "the same of the satisfied constraint of least stability; NaN if there is none",
                      R"(\omega_\min)"),
           observable(
               "omega_min_neuron", &O::omega_min_neuron, {"time"}, "1",
               "the same, the least stable satisfied constraint of every neuron; mean over neurons that have one",
               R"(\omega_{\min,i})"),
           observable(
               "energy_drift", &O::energy_drift, {"time"}, "1",
               "how far dreams at T > 0 are from equilibrium: the energy per neuron, -1/2 sum_ij J_ij s_i s_j / N, "
               "at the end of a dream minus the same after half of its sweeps; mean over the dreams since the "
               "record before; 0 in equilibrium, negative while the energy still falls; if it falls slowly, "
               "equilibrium is further away than this; NaN without dreams, and at T = 0",
               R"(\delta E / N)"),
           observable("dreams_in", &O::dreams_in, {}, "1",
                      "D_in: smallest number of dreams after which no stability is negative; NaN if never",
                      R"(D_\mathrm{in})"),
           observable(
               "dreams_top", &O::dreams_top, {}, "1",
               "D_top: dreams until delta_min is highest, by a parabola through all records within 0.05 N / "
               "epsilon of the highest one; NaN if this is the first or the last record, or if D_top is less than "
               "0.025 N / epsilon dreams away from them: a maximum at the edge is not a maximum",
               R"(D_\mathrm{top})"),
           observable(
               "dreams_fin", &O::dreams_fin, {}, "1",
               "D_fin: largest number of dreams after which no stability is negative; NaN if never, or if none is "
               "negative at the end",
               R"(D_\mathrm{fin})"),
           observable("delta_min_peak", &O::delta_min_peak, {}, "1",
                      "height of the parabola of dreams_top; NaN like it"),
           observable("m_f_hebb", &O::m_f_hebb, {"m_0"}, "1",
                      "mean overlap with the pattern where retrieval ends, before unlearning (Eq. 12; Fig. 4)", "m_f"),
           observable("xi", &O::xi, {"mu", "i"}, "1", "patterns (save_couplings)", R"(\xi_i^\mu)"),
           group(&O::in, "_in", "after dreams_in dreams"), group(&O::top, "_top", "after dreams_top dreams"),
           group(&O::fin, "_fin", "after dreams_fin dreams")},
      .streams = {streams::glassy_states},
      .trials = {"N=40 glassy_states=4 records=20 save_couplings=true retrieval_points=5 retrieval_trials=2",
                 "N=40 T=0.3 sweeps=3 records=20 retrieval_points=0"},
      .check = check,
      .cost = cost,
      .unused = unused,
      .run = run});
}

}  // namespace hypnos

#include "hypnos/physics/dynamics/local_minima.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/data/couplings.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/unlearning_run.hpp"
#include "hypnos/physics/theory/sk_minima.hpp"
#include "parts/basin_volumes.hpp"
#include "parts/dreaming.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

enum class Couplings { sk, hebb, unlearning, file };

struct Parameters {
  RandomPatterns patterns{.N = 30};
  Couplings couplings = Couplings::sk;
  Dreaming dreaming;
  int dreams = 1000;
  std::string file, dataset = "J";
  int task = 0;
  bool strict = true;
  int max_minima = 1'000'000, stored_minima = 100;
  bool save_states = false;
  BasinVolumes basins;

  int N() const { return patterns.N; }
  bool has_patterns() const { return couplings == Couplings::hebb || couplings == Couplings::unlearning; }
};

struct Observables {
  double minima = 0, complexity = nan, minima_theory = nan, stable_patterns = nan, examined = 0, basin_patterns = nan;
  ArrayXd energy, overlap_max, basin, basin_error;
  ArrayXXd state;
};

// Couplings as the search gets them, integers where fields may vanish, and J = scale times these.
struct Network {
  MatrixXd couplings;
  double scale = 1;
};

double cost_of_dreams(Parameters const& p) {
  return p.couplings == Couplings::unlearning ? p.dreams / 2. * p.N() * p.N() : 0;
}

// Partial states that are examined, as measured at N = 30 to 55 (SK, and Hebb's couplings at alpha = 0.3).
double cost(Parameters const& p) {
  double const N = p.N();
  double const examined =
      p.couplings == Couplings::sk ? 1.3e6 * std::exp(0.385 * (N - 35)) : 0.9e6 * std::exp(0.333 * (N - 45));
  return 4 * N * N * (1 + examined) + cost_of_dreams(p);
}

double cost_of_task(Parameters const& p) { return cost(p) + p.basins.cost(p.N()); }

// Symmetric; numbers that were written with fewer digits are made so.
MatrixXd couplings_of_file(Parameters const& p) {
  auto const [N, numbers] = read_couplings(p.file, p.dataset, p.task);
  if (N != p.N())
    throw BadInput("N", "N = " + std::to_string(p.N()) + ", but the couplings of " + p.file + " are of " +
                            std::to_string(N) + " neurons; give N=" + std::to_string(N));
  MatrixXd const J = MatrixXd::Map(numbers.data(), N, N);
  constexpr double rounding = 1e-12;
  Index i = 0, j = 0;
  if ((J - J.transpose()).cwiseAbs().maxCoeff(&i, &j) > rounding * J.cwiseAbs().maxCoeff())
    throw BadInput("file", p.file + ": J[" + std::to_string(i) + ", " + std::to_string(j) +
                               "] = " + format_number(J(j, i)) + " and J[" + std::to_string(j) + ", " +
                               std::to_string(i) + "] = " + format_number(J(i, j)) +
                               ", but an energy has symmetric couplings; give those of a symmetric network");
  return (J + J.transpose()) / 2;
}

Network network(Parameters const& p, MatrixXd const& xi, Realization& realization) {
  double const N = p.N();
  if (p.couplings == Couplings::sk) {
    auto rng = realization.stream(streams::initial_couplings);
    return {sk_couplings(p.N(), 1 / N, rng)};
  }
  if (p.couplings == Couplings::file) return {couplings_of_file(p)};
  if (p.couplings == Couplings::hebb) return {hebbian_sums(xi), 1 / N};
  auto const rate = p.dreaming.rate();
  UnlearningRun run({xi, rate, {p.dreaming.order}, realization.stream(streams::dreams)}, {.dreams = {p.dreams}});
  realization.complete(run, cost_of_dreams(p) / cost_of_task(p));
  return {run.network().C().cast<double>(), 1 / (rate.q * N)};
}

// As many rows as are stored at most, NaN where there are fewer minima.
ArrayXXd padded(ArrayXXd const& rows, Parameters const& p) {
  ArrayXXd all = ArrayXXd::Constant(p.stored_minima, rows.cols(), nan);
  all.topRows(rows.rows()) = rows;
  return all;
}

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.has_patterns() ? p.patterns.drawn(realization) : MatrixXd();
  auto const [couplings, scale] = network(p, xi, realization);
  LocalMinima search(couplings, p.strict, p.max_minima, realization.items());
  realization.complete(search, 1 - p.basins.cost(p.N()) / cost_of_task(p));

  auto const minima = search.minima();
  Observables o;
  o.minima = static_cast<double>(minima.count());
  if (minima.count() > 0) o.complexity = std::log(o.minima) / p.N();
  o.examined = static_cast<double>(search.examined());
  auto const stored = minima.part(0, std::min<Index>(minima.count(), p.stored_minima));
  o.energy = padded(scale / p.N() * energies(couplings, stored).array(), p);
  if (p.save_states) o.state = padded(stored.signs().array(), p);
  auto const basins = p.basins.measured(couplings, minima, realization);
  if (basins.volumes.size() > 0) {
    o.basin = padded(basins.volumes.head(stored.count()), p);
    o.basin_error = padded(basins.errors.head(stored.count()), p);
  }
  if (!p.has_patterns()) {
    if (p.strict && p.couplings == Couplings::sk) o.minima_theory = std::exp(log_mean_sk_minima(p.N()));
    return o;
  }
  SpinStates const patterns(xi);
  ArrayXXd const overlap_sizes = stored.overlaps(patterns).cwiseAbs();
  o.overlap_max = padded(overlap_sizes.rowwise().maxCoeff(), p);
  MatrixXd J = couplings;
  J.diagonal().setZero();
  ArrayXXd const aligned = (xi * J).cwiseProduct(xi).array();
  ArrayXd const least = aligned.rowwise().minCoeff();
  for (Index k = 0; k < basins.volumes.size(); ++k) {
    if (k == 0) o.basin_patterns = 0;
    auto const is_pattern = [&](Index mu) { return std::abs(scalar_product(minima[k], patterns[mu])) == p.N(); };
    bool found = false;
    for (Index mu = 0; mu < patterns.count() && !found; ++mu) found = is_pattern(mu);
    if (found) o.basin_patterns += basins.volumes(k);
  }
  o.stable_patterns = static_cast<double>(p.strict ? (least > 0).count() : (least >= 0).count());
  return o;
}

void check(Parameters const& p) {
  if (p.N() > LocalMinima::largest_size)
    throw BadInput("N", "N = " + std::to_string(p.N()) + ", but all local minima are searched for up to " +
                            std::to_string(LocalMinima::largest_size) + " neurons; give N=60 or less, since the time " +
                            "grows exponentially");
  if (p.couplings == Couplings::file) {
    if (p.file.empty()) throw BadInput("file", "couplings = file, but no file is named; give file=PATH");
    try {
      couplings_of_file(p);
    } catch (BadInput const& mistake) {
      throw BadInput(mistake.key().empty() ? "file" : mistake.key(), mistake.what());
    }
  } else if (!p.file.empty()) {
    throw BadInput("file", "file = " + p.file +
                               ", but couplings is not file, so it would not be read; give "
                               "couplings=file");
  }
}

std::vector<std::string> unused(Parameters const& p) {
  std::vector<std::string> names;
  if (!p.has_patterns()) names.emplace_back("alpha");
  if (p.couplings != Couplings::unlearning) names.insert(names.end(), {"epsilon", "order", "dreams"});
  if (p.couplings != Couplings::file) names.insert(names.end(), {"dataset", "task"});
  return names;
}

}  // namespace

Experiment local_minima() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "local-minima",
      .summary = "All local minima of the energy of a network, by branch and bound",
      .source = "Bray and Moore, J. Phys. C 13, L469 (1980); Ventura, Learning and unlearning (2024), Eq. 9",
      .parameters =
          {part(&P::patterns),
           parameter(
               "couplings", &P::couplings,
               {{Couplings::sk, {"sk", "Sherrington-Kirkpatrick: independent Gaussian J_ij = J_ji of variance 1/N"}},
                {Couplings::hebb, {"hebb", "J_ij = 1/N sum_mu xi_i xi_j of alpha N random patterns"}},
                {Couplings::unlearning, {"unlearning", "the same after Hebbian unlearning"}},
                {Couplings::file, {"file", "symmetric couplings from a file: file, dataset, task"}}},
               "couplings of the network"),
           part(&P::dreaming, &P::patterns),
           parameter("dreams", &P::dreams, "", {0, 100'000'000}, "how many dreams are unlearnt"),
           parameter("file", &P::file, "", {},
                     "couplings J_ij, N x N: a store, HDF5, MAT v7.3, .npy or text (couplings = file). A field that is "
                     "the difference of equal decimals may not vanish exactly"),
           parameter("dataset", &P::dataset, "", {}, "dataset of the couplings inside an HDF5 file or store"),
           parameter("task", &P::task, "", {0, 1'000'000'000}, "number of the task in a store"),
           flag("strict", &P::strict,
                "minima have s_i h_i > 0 for all i; otherwise >= 0, which also counts states that have "
                "a neighbour of the same energy, one spin flip away; Gaussian couplings have no such states"),
           parameter(
               "max_minima", &P::max_minima, "", {2, 100'000'000},
               "a task with more minima fails and says how many it found; a minimum takes up to 64 bytes of memory"),
           parameter("stored_minima", &P::stored_minima, "", {1, 1'000'000},
                     "so many of the lowest minima are stored; NaN where there are fewer"),
           flag("save_states", &P::save_states, "whether their states are stored"), part(&P::basins, &P::patterns)},
      .axes = {{"minimum", "", "local minimum, in the order of the energies",
                [](P const& p) { return counted(p.stored_minima); }},
               {"i", "", "neuron", [](P const& p) { return counted(p.save_states ? p.N() : 0); }, true, "i"}},
      .observables =
          {observable("minima", &O::minima, {}, "1", "how many local minima there are, s and -s", R"(\Omega)"),
           observable("complexity", &O::complexity, {}, "1", "ln(minima) / N; NaN without minima", R"(\ln \Omega / N)"),
           observable(
               "minima_theory", &O::minima_theory, {}, "1",
               "exact mean number of strict minima of Gaussian couplings, 2^N int Dz Phi(z / sqrt(N - 2))^N; NaN "
               "of other couplings, and if not strict",
               R"(\langle\Omega\rangle)"),
           observable("energy", &O::energy, {"minimum"}, "1", "energy per neuron, -1/2 sum_ij J_ij s_i s_j / N",
                      "E / N"),
           observable("overlap_max", &O::overlap_max, {"minimum"}, "1",
                      "largest overlap |sum_i s_i xi_i^mu / N| with a pattern; NaN without patterns",
                      R"(\max_\mu |m_\mu|)"),
           observable(
               "basin", &O::basin, {"minimum"}, "1",
               "part of all 2^N states from which the dynamics ends in the minimum, if any unstable neuron flips "
               "next with equal probability; basins of all minima add up to 1 if not strict",
               "b"),
           observable("basin_error", &O::basin_error, {"minimum"}, "1",
                      "standard error of the basin, 0 if all states were followed"),
           observable("basin_patterns", &O::basin_patterns, {}, "1",
                      "part of all states from which the dynamics ends in a pattern or the opposite of one; NaN "
                      "without patterns",
                      R"(b_\xi)"),
           observable("stable_patterns", &O::stable_patterns, {}, "1",
                      "how many patterns are among the minima; NaN without patterns"),
           observable("state", &O::state, {"minimum", "i"}, "1", "the minima (save_states)", "s_i"),
           observable("examined", &O::examined, {}, "1",
                      "partial states that the search examined; there are 2^N states")},
      .streams = {streams::initial_couplings},
      .trials = {"N=14", "N=14 couplings=hebb save_states=true stored_minima=4",
                 "N=14 couplings=unlearning dreams=20 strict=false", "N=26 couplings=hebb alpha=0.1 basin_samples=20"},
      .shared_by_team = true,
      .check = check,
      .cost = cost,
      .unused = unused,
      .run = run});
}

}  // namespace hypnos

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/dynamics/common_dynamics.hpp"
#include "hypnos/physics/dynamics/external_fields.hpp"
#include "hypnos/physics/memories/centred_unlearning.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/moment_matching.hpp"
#include "hypnos/physics/memories/place_cells.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/statistics/components.hpp"
#include "parts/integer_rate.hpp"
#include "parts/update_orders.hpp"

namespace hypnos {

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXi;
using Eigen::ArrayXXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Stream place_fields("spatial-memories/place-fields"), updates("spatial-memories/updates");

enum class Rule { hebb, unlearning, svm, classification };
enum class Bias { centred, none };
enum class Stop { stable, dreams };

struct Parameters {
  int N = 500, P = 20;
  double w = 0.3;
  PlaceField field = PlaceField::disc;
  Rule rule = Rule::hebb;
  Bias bias = Bias::centred;
  double lambda = 0.01;
  Order order = Order::random_site;
  Stop stop = Stop::dreams;
  int dreams = 1400;
  double tolerance = 1e-5;
  int max_iterations = 100'000;
  int max_steps = 10'000;
  int resolution = 50;
  Order update_order = Order::random_sweep;
  double tolerated_error = 0.05;
  int max_flips = 100;
  bool save_couplings = false;

  /// What is subtracted from all states: their mean, or nothing.
  double b() const { return bias == Bias::centred ? 2 * coding_level(field, w) - 1 : 0; }
};

struct Observables {
  double purity, reached, stable, coding_level, unconverged;
  ArrayXd pieces, place_x, place_y;
  ArrayXXd basin;
  double dreams_in = nan, margin_min = nan, kkt_gap = nan, converged = nan;
  ArrayXXd J, xi;
  ArrayXd centre_x, centre_y;
};

double cost_of_learning(Parameters const& p) {
  double const N = p.N, P = p.P;
  switch (p.rule) {
    case Rule::hebb: return N * N * P;
    case Rule::unlearning: return p.dreams * 5 * N * N;
    case Rule::svm: return 1000 * P * P * N;
    case Rule::classification: break;
  }
  return 100 * 4e6 * std::exp(0.4 * (N - 24));  // steps as in classification.cpp
}

double cost_of_basins(Parameters const& p) { return 4. * p.N * p.N * p.resolution * p.resolution; }

double cost(Parameters const& p) { return cost_of_learning(p) + cost_of_basins(p); }

// Couplings as the dynamics gets them, and J = scale times these: at b = 0 those of Hebb and unlearning are integers,
// so fields vanish exactly where they should.
struct Network {
  MatrixXd couplings;
  double scale = 1;
};

Network network(Parameters const& p, MatrixXd const& xi, Observables& o, Realization& realization) {
  MatrixXd const centred = xi.array() - p.b();
  double const until = cost_of_learning(p) / cost(p);
  switch (p.rule) {
    case Rule::hebb: return {hebbian_sums(centred), 1. / p.N};
    case Rule::unlearning: {
      auto const lambda = integer_rate("lambda", p.lambda);
      CentredUnlearning run(xi, p.b(), lambda, p.order, {p.dreams, p.stop == Stop::stable},
                            realization.stream(streams::dreams));
      realization.complete(run, until);
      if (auto const dreams = run.dreams_in()) o.dreams_in = static_cast<double>(*dreams);
      return {run.C(), 1 / (static_cast<double>(lambda.q) * p.N)};
    }
    case Rule::classification: {
      MomentMatching matching(xi, integer_rate("lambda", p.lambda), MatchingStart::hebb, {.steps = {p.max_steps}});
      realization.complete(matching, until);
      o.converged = are_patterns_only(matching.fixed_points(), SpinStates(xi)) ? 1 : 0;
      return {matching.couplings(), matching.unit()};
    }
    case Rule::svm: break;
  }
  SupportVectorMachineLearning learning(xi, centred, p.tolerance, p.max_iterations);
  realization.complete(learning, until);
  auto const& machine = learning.machine();
  o.margin_min = machine.margin.minCoeff();
  o.kkt_gap = (machine.bound - machine.margin).maxCoeff();
  return {machine.J};
}

// Memories of which every neuron is stable.
double stable_memories(MatrixXd const& xi, MatrixXd const& fields) {
  return static_cast<double>((xi.array() * fields.array() > 0).rowwise().all().count());
}

// The part of the points whose memory is one of the nearest to them. Points at equal distances from several memories
// may differ in these by rounding.
double purity(ArrayXi const& reached, ArrayXXd const& distances) {
  constexpr double rounding = 1e-12;
  int pure = 0;
  for (Eigen::Index k = 0; k < reached.size(); ++k)
    if (reached(k) >= 0 && distances(k, reached(k)) <= distances.row(k).minCoeff() + rounding) ++pure;
  return static_cast<double>(pure) / static_cast<double>(reached.size());
}

// The states of the points with the constant neuron, packed a few at a time.
SpinStates starts(PlaceCells const& cells, Places const& points) {
  constexpr Eigen::Index at_once = 256;
  SpinStates states(static_cast<int>(cells.centres().rows()) + 1);
  for (Eigen::Index first = 0; first < points.rows(); first += at_once) {
    Places const some = points.middleRows(first, std::min(at_once, points.rows() - first));
    states.append(SpinStates(with_constant_neuron(cells.states(some))));
  }
  return states;
}

Observables run(Parameters const& p, Realization& realization) {
  auto rng = realization.stream(place_fields);
  PlaceCells const cells(p.N, p.field, p.w, rng);
  auto const places = grid(p.P), points = grid(p.resolution, p.resolution);
  auto const xi = cells.states(places);
  Observables o;
  auto const [couplings, scale] = network(p, xi, o, realization);
  // of the fields sum_j J_ij (s_j - b)
  VectorXd const external = -p.b() * couplings.rowwise().sum();
  o.stable = stable_memories(xi, (xi * couplings.transpose()).rowwise() + external.transpose());
  o.coding_level = (xi.array() > 0).cast<double>().mean();

  Relaxation const relaxation(with_external_fields(couplings, external));
  CommonDynamics dynamics(relaxation, starts(cells, points), p.update_order, realization.stream(updates),
                          std::int64_t{p.max_flips} * p.N);
  realization.complete(dynamics);
  auto const reached =
      memories_reached(dynamics.states(), SpinStates(with_constant_neuron(xi)), p.tolerated_error * p.N);
  // points are in the order of the columns of the picture turned on its diagonal
  Eigen::ArrayXXi const basin = Eigen::ArrayXXi::Map(reached.data(), p.resolution, p.resolution).transpose();
  o.basin = basin.cast<double>();
  o.purity = purity(reached, squared_distances(points, places));
  o.reached = (reached >= 0).cast<double>().mean();
  o.pieces = component_counts(basin, p.P).cast<double>();
  o.unconverged = dynamics.unsettled();
  o.place_x = places.col(0);
  o.place_y = places.col(1);
  if (p.save_couplings) {
    o.J = scale * couplings;
    o.xi = xi;
    o.centre_x = cells.centres().col(0);
    o.centre_y = cells.centres().col(1);
  }
  return o;
}

std::vector<double> pixels(Parameters const& p) {
  std::vector<double> centres;
  for (int k = 0; k < p.resolution; ++k) centres.push_back((k + 0.5) / p.resolution);
  return centres;
}

void check(Parameters const& p) {
  if (p.field == PlaceField::disc && p.w > 0.5)
    throw BadInput("w", "w = " + format_number(p.w) +
                            ", but a disc of radius above 0.5 overlaps itself on the periodic square; lower w, or "
                            "give field=square");
  auto const lambda = integer_rate("lambda", p.lambda);
  if (p.rule != Rule::classification) return;
  if (p.bias == Bias::centred)
    throw BadInput("bias",
                   "bias = centred, but moment matching (rule = classification) is defined for spins; give "
                   "bias=none");
  if (p.N > LocalMinima::largest_size)
    throw BadInput("N", "N = " + std::to_string(p.N) +
                            ", but rule = classification searches all fixed points, for up to " +
                            std::to_string(LocalMinima::largest_size) + " neurons; give N=40 or less");
  if (!MomentMatching::possible(p.N, p.P, lambda))
    throw BadInput("lambda", "lambda = " + format_number(p.lambda) +
                                 " makes couplings too long for exact fields; give lambda with fewer digits");
}

std::vector<std::string> unused(Parameters const& p) {
  std::vector<std::string> names;
  if (p.rule != Rule::unlearning) names = {"order", "stop", "dreams"};
  if (p.rule == Rule::hebb || p.rule == Rule::svm) names.emplace_back("lambda");
  if (p.rule != Rule::classification) names.emplace_back("max_steps");
  if (p.rule != Rule::svm) names.insert(names.end(), {"tolerance", "max_iterations"});
  return names;
}

}  // namespace

Experiment spatial_memories() {
  using P = Parameters;
  using O = Observables;
  auto const saved = [](P const& p) { return counted(p.save_couplings ? p.N : 0); };
  return define(Definition<P, O>{
      .name = "spatial-memories",
      .summary = "Basins of attraction of places in a periodic square, stored by place cells",
      .source = "Ventura, Learning and unlearning (2024), Sec. IV and Fig. 2; Battista and Monasson, Phys. Rev. Lett. "
                "124, 048302 (2020); bias: Amit, Gutfreund and Sompolinsky, Phys. Rev. A 35, 2293 (1987); Tsodyks and "
                "Feigelman, Europhys. Lett. 6, 101 (1988)",
      .parameters =
          {parameter("N", &P::N, "", {2, 10'000}, "number of neurons", "N"),
           parameter("P", &P::P, "", {1, 10'000},
                     "number of memories, at the centres of a grid of cells, as many along x as along y or as near to "
                     "it as P allows (20: 5 x 4)",
                     "P"),
           parameter("field", &P::field,
                     {{PlaceField::disc, {"disc", "discs of radius w, coding level f = pi w^2; w up to 0.5"}},
                      {PlaceField::square, {"square", "squares of side w, f = w^2"}}},
                     "shape of the place fields; their centres are uniformly random"),
           parameter("w", &P::w, "1", {0.001, 0.999}, "size of a place field, in units of the side of the square", "w"),
           parameter(
               "rule", &P::rule,
               {{Rule::hebb, {"hebb", "J_ij = 1/N sum_mu (xi_i - b)(xi_j - b)"}},
                {Rule::unlearning, {"unlearning", "the same after dreams S: J_ij -= lambda/N (S_i - b)(S_j - b)"}},
                {Rule::svm, {"svm", "support vector machine: rows that maximize min_mu xi_i sum_j J_ij (xi_j - b)"}},
                {Rule::classification,
                 {"classification",
                  "moment matching from Hebb's couplings until the memories and their opposites are the "
                  "only fixed points (experiment classification); small N and bias = none"}}},
               "how the couplings follow from the memories"),
           parameter("bias", &P::bias,
                     {{Bias::centred, {"centred", "b = 2 f - 1, the mean of a neuron, is subtracted from every state"}},
                      {Bias::none, {"none", "b = 0, the plain formulas"}}},
                     "how the bias of the coding level is treated, in the rule and in the fields sum_j J_ij (s_j - b) "
                     "of the dynamics"),
           parameter(
               "lambda", &P::lambda, "1", {1e-6, 1000},
               "rate of unlearning beside J = 1/N sum_mu, or of moment matching beside J = 1/P sum_mu (there 1 is "
               "usual); a decimal or another fraction of whole numbers",
               R"(\lambda)"),
           parameter("order", &P::order, update_orders(), "which neuron is updated next in a dream"),
           parameter(
               "stop", &P::stop,
               {{Stop::stable,
                 {"stable",
                  "after dreams_in dreams, when all memories are stable for the first time, or after all dreams"}},
                {Stop::dreams, {"dreams", "after all dreams"}}},
               "when unlearning ends"),
           parameter(
               "dreams", &P::dreams, "", {0, 100'000'000},
               "how many dreams are unlearnt, or at most; each begins with mean activity (1 + b) / 2; basins depend on "
               "lambda x dreams"),
           parameter("tolerance", &P::tolerance, "1", {1e-12, 0.5},
                     "support vector machine: a neuron has converged when its margin is proved to be this near its "
                     "largest, relatively"),
           parameter("max_iterations", &P::max_iterations, "", {1, 1e9},
                     "support vector machine: iterations after which learning ends in any case"),
           parameter("max_steps", &P::max_steps, "", {1, 4'000'000},
                     "moment matching: steps after which learning ends in any case"),
           parameter("resolution", &P::resolution, "", {1, 1000},
                     "pixels along a side of the square; the dynamics starts at the state of the centre of each"),
           parameter("update_order", &P::update_order, update_orders(),
                     "which neuron is updated next on the way from a point; all points have the same random numbers"),
           parameter("tolerated_error", &P::tolerated_error, "1", {0, 1},
                     "part of the neurons that may differ from a memory that is reached"),
           parameter(
               "max_flips", &P::max_flips, "", {1, 1e9},
               "flips a neuron after which the dynamics from a point ends in any case: couplings of the support vector "
               "machine are not symmetric"),
           flag("save_couplings", &P::save_couplings, "whether couplings, memories and place fields are stored")},
      .axes = {{"x", "1", "position along x", pixels, false, "x"},
               {"y", "1", "position along y", pixels, false, "y"},
               {"memory", "", "memory, in columns of the grid", [](P const& p) { return counted(p.P); }, true,
                R"(\mu)"},
               {"i", "", "neuron", saved, true, "i"},
               {"j", "", "neuron", saved, true, "j"}},
      .observables =
          {observable("basin", &O::basin, {"x", "y"}, "1",
                      "number of the memory that the dynamics from this point reaches, -1 if none"),
           observable("purity", &O::purity, {}, "1", "part of the points that reach the memory nearest to them"),
           observable("reached", &O::reached, {}, "1", "part of the points that reach any memory"),
           observable("pieces", &O::pieces, {"memory"}, "1",
                      "connected pieces of the points that reach a memory, through four neighbours on the periodic "
                      "square; 0 if no point does"),
           observable("stable", &O::stable, {}, "1", "memories all of whose neurons are stable, xi_i h_i > 0"),
           observable(
               "dreams_in", &O::dreams_in, {}, "1",
               "smallest number of dreams after which all memories are stable; NaN if never, and for other rules",
               R"(D_\mathrm{in})"),
           observable("coding_level", &O::coding_level, {}, "1", "mean activity of the memories", "f"),
           observable("margin_min", &O::margin_min, {}, "1",
                      "smallest margin of a neuron, in the norm of its couplings; NaN but for svm",
                      R"(\min_i \kappa_i)"),
           observable("kkt_gap", &O::kkt_gap, {}, "1",
                      "largest distance of a margin from its proved upper bound; NaN but for svm"),
           observable("converged", &O::converged, {}, "1",
                      "1 if the memories and their opposites are the only fixed points, else 0; NaN but for "
                      "classification"),
           observable("unconverged", &O::unconverged, {}, "1", "points whose dynamics max_flips ended"),
           observable("place_x", &O::place_x, {"memory"}, "1", "where the memories are, along x"),
           observable("place_y", &O::place_y, {"memory"}, "1", "the same along y"),
           observable("J", &O::J, {"i", "j"}, "1", "couplings (save_couplings)", "J_{ij}"),
           observable("xi", &O::xi, {"memory", "i"}, "1", "memories (save_couplings)", R"(\xi_i^\mu)"),
           observable("centre_x", &O::centre_x, {"i"}, "1", "centres of the place fields along x (save_couplings)"),
           observable("centre_y", &O::centre_y, {"i"}, "1", "the same along y (save_couplings)")},
      .streams = {place_fields, updates, streams::dreams},
      .trials = {"N=60 P=4 resolution=6 save_couplings=true", "N=60 P=4 resolution=6 rule=unlearning dreams=300",
                 "N=60 P=4 resolution=6 rule=svm field=square bias=none",
                 "N=16 P=4 resolution=6 rule=classification bias=none lambda=1 max_steps=100"},
      .check = check,
      .cost = cost,
      .unused = unused,
      .run = run});
}

}  // namespace hypnos

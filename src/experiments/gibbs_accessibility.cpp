#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "hypnos/base/error.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/restricted/accessibility.hpp"
#include "hypnos/physics/restricted/restricted_enumeration.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos {

namespace {

using Eigen::MatrixXd;
using Machine = RestrictedMachine<double>;

constexpr Stream weights_stream("gibbs-accessibility/weights"), chains_stream("gibbs-accessibility/chains");

enum class Weights { regularized, gaussian, uniform };

struct Parameters {
  int V = 16, H = 200, K = 8;
  Weights weights = Weights::regularized;
  double std = 1;
  int chains = 10, gibbs_steps = 10;
};

struct Observables {
  double accessibility, accessibility_best, sigma_W, ground_energy;
};

Machine machine(Parameters const& p, Rng rng) {
  if (p.weights == Weights::regularized) {
    MatrixXd const xi = random_patterns(p.K, p.V + p.H, rng);
    return Machine(AxonPatterns<double>{p.std * xi.leftCols(p.V).transpose(), xi.rightCols(p.H).transpose()});
  }
  MatrixXd W(p.V, p.H);
  for (double& w : W.reshaped())
    w = p.std * (p.weights == Weights::gaussian ? rng.normal() : std::sqrt(3) * (2 * rng.uniform() - 1));
  return Machine(W);
}

Observables run(Parameters const& p, Realization& realization) {
  auto const made = machine(p, realization.stream(weights_stream));
  Eigen::ArrayXXd const W = made.weights();
  double const ground_energy = restricted_ground_state(made, realization.blocks()).energy;
  auto const [mean, best] = gibbs_accessibility(made, ground_energy, p.chains, p.gibbs_steps,
                                                realization.stream(chains_stream), realization.blocks());
  return {mean, best, std::sqrt((W - W.mean()).square().mean()), ground_energy};
}

void check(Parameters const& p) {
  if (std::min(p.V, p.H) > largest_enumerated_layer)
    throw BadInput("V", "V = " + std::to_string(p.V) + " and H = " + std::to_string(p.H) +
                            ", but the exact ground state needs a layer of at most " +
                            std::to_string(largest_enumerated_layer) + " units; give V=20 or H=20");
}

double cost(Parameters const& p) {
  double const small = std::min(p.V, p.H), large = std::max(p.V, p.H);
  return std::exp2(small - 1) * large + 2. * p.chains * p.gibbs_steps * (small * large + 10 * (small + large));
}

std::vector<std::string> unused(Parameters const& p) {
  if (p.weights == Weights::regularized) return {};
  return {"K"};
}

}  // namespace

Experiment gibbs_accessibility() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "gibbs-accessibility",
      .summary = "How close Gibbs sampling comes to the ground state of untrained restricted Boltzmann machines",
      .source =
          "Pozas-Kerstjens et al., Efficient training of energy-based models via spin-glass control, Mach. Learn.: "
          "Sci. Technol. 2, 025026 (2021), Sec. 5.1.1",
      .parameters =
          {parameter("V", &P::V, "", {1, 5000}, "visible units; the smaller layer has at most 25 units"),
           parameter("H", &P::H, "", {1, 5000}, "hidden units"),
           parameter("K", &P::K, "", {1, 5000}, "patterns of regularized axons"),
           parameter("weights", &P::weights,
                     {{Weights::regularized,
                       {"regularized", "std / sqrt(K) times the sum over K random patterns of xi_i xi_alpha (Eq. 5)"}},
                      {Weights::gaussian, {"gaussian", "independent, normal, of mean zero"}},
                      {Weights::uniform, {"uniform", "independent, uniform on an interval around zero"}}},
                     "distribution of the weights"),
           parameter("std", &P::std, "1", {1e-4, 1e4},
                     "standard deviation of the distribution of the weights; the temperature is 1. It multiplies "
                     "weights that are the same for all values",
                     R"(\sigma)"),
           parameter("chains", &P::chains, "", {1, 100'000}, "Markov chains, each from a random visible state"),
           parameter("gibbs_steps", &P::gibbs_steps, "", {1, 100'000},
                     "Gibbs steps of each chain: all hidden units, then all visible units")},
      .observables = {observable("accessibility", &O::accessibility, {}, "1",
                                 "E(v, h) after the Gibbs steps over the energy of the ground state, mean over chains",
                                 R"(\langle E \rangle / E_\mathrm{GS})"),
                      observable("accessibility_best", &O::accessibility_best, {}, "1",
                                 "the same for the chain of the lowest energy", R"(E_\min / E_\mathrm{GS})"),
                      observable("sigma_W", &O::sigma_W, {}, "1", "measured standard deviation of the weights",
                                 R"(\sigma_W)"),
                      observable("ground_energy", &O::ground_energy, {}, "1",
                                 "energy of the ground state, from all states of the smaller layer",
                                 R"(E_\mathrm{GS})")},
      .streams = {weights_stream, chains_stream},
      .trials = {"V=8 H=20 K=3", "V=20 H=6 weights=gaussian", "V=8 H=20 weights=uniform std=0.1"},
      .shared_by_team = true,
      .check = check,
      .cost = cost,
      .unused = unused,
      .run = run});
}

}  // namespace hypnos

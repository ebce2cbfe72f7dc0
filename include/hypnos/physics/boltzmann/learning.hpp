#pragma once

#include <functional>
#include <vector>

#include "hypnos/physics/boltzmann/divergence.hpp"
#include "hypnos/physics/boltzmann/exact_moments.hpp"

/// Boltzmann learning with three regularizations (Ventura, Cocco, Monasson and Zamponi, Unlearning regularization
/// for Boltzmann machines; "Eq." below means that paper). Couplings J and fields h follow the same rules.
namespace hypnos {

enum class Rule { unlearning, l1, l2 };

/// What is descended. With data averages d, those of the model at inverse temperature beta written _beta, and the
/// parameters theta = (J_ij for i<j, h_i):
/// - unlearning: L = D(data|1) + (a-1)/a D(data|a), Eq. 24; a = 1 is plain Boltzmann learning. As a -> 0 that
///   diverges by the constant (1 - 1/a)(N ln 2 - S_data), and what is left depends on theta through ln Z_1 alone:
///   at a = 0, L = ln Z_1 - N ln 2 = D(uniform|1), zero at its minimum.
/// - l1: L = D(data|1) + gamma sum |theta|, Eq. 14.
/// - l2: L = D(data|1) + gamma/2 sum theta^2, Eq. 15.
struct Law {
  Rule rule = Rule::unlearning;
  double a = 1;      ///< strength of the unlearning rule, >= 0
  double gamma = 0;  ///< strength of the penalty of l1 and l2, >= 0
};

/// Where the averages of a model at inverse temperature beta come from.
struct Averages {
  std::function<Moments(Ising const&, double beta)> of;
  /// Whether they depend on the model alone. If not, each call draws a sample: log_Z may be NaN, a tolerance means
  /// nothing, and learning asks for nothing but what its steps need.
  bool exact = true;
};

/// exact_moments.
Averages exact_averages(BlockMap blocks = serial_blocks);

/// A model on its way, and its averages.
struct Stage {
  double steps = 0;  ///< since the start; fractional between two steps
  Ising model;
  Moments at_1;  ///< at beta = 1
  Moments at_a;  ///< at beta = a; only where the law needs them: unlearning with a not 0 nor 1
};

/// Takes averages once or, where the law needs them at a, twice.
Stage measured(Law const& law, double steps, Ising model, Averages const& averages = exact_averages());

/// L of the stage, nats; at a = 0 as defined above. NaN where log_Z is.
double loss(Law const& law, Ensemble const& data, Stage const& stage);

/// -dL/dtheta, of l1 without its penalty (which has no derivative at zero):
///   unlearning  a (d - <>_a) - (<>_1 - <>_a), Eqs. 26-29;  l1  d - <>_1;  l2  d - <>_1 - gamma theta, Eqs. 18, 19.
/// J is symmetric with zero diagonal. h is 0 exactly if neither data nor model favour a sign.
Ising direction(Law const& law, Ensemble const& data, Stage const& stage);

/// The model one step of learning rate lambda later: theta + lambda direction, and for l1 every parameter is then
/// drawn towards zero by lambda gamma, and stops there. Away from zero this is the printed -lambda gamma sign(theta)
/// (Eqs. 16, 17), which would chatter about zero for ever; the proximal step settles at the minimum of Eq. 14.
Ising stepped(Law const& law, Ensemble const& data, Stage const& stage, double lambda);

enum class Stop {
  convergence,  ///< no parameter changes faster than the tolerance
  slope,        ///< the first time omega, the slope of c_d against c_1, is 1
  steps         ///< max_steps steps
};

struct Protocol {
  double lambda = 0.06;  ///< learning rate
  Stop stop = Stop::convergence;
  int max_steps = 1000;
  double tolerance = 1e-9;           ///< on the largest |change of a parameter| / lambda in a step
  std::vector<double> records = {};  ///< ascending, in steps: where the trajectory is observed
};

struct Learned {
  Stage stage;     ///< where learning ended
  bool converged;  ///< whether it was the stop that ended it, not max_steps
};

/// Observes the trajectory at records[k].
using Observe = std::function<void(std::size_t k, Stage const&)>;

/// Called before each step with the stage it starts from. Learning from this stage, with averages in the state they are
/// in, continues to the same bits; records before its steps have been observed.
using BeforeStep = std::function<void(Stage const&)>;

/// Learns from `start`, steps included, until the protocol stops it. The trajectory is the polygon through the models after 0, 1, 2 ...
/// steps; between two of them parameters are interpolated linearly and averages are those of the interpolated model.
/// Averages that are not exact are interpolated as well, so that neither records nor the search for omega = 1 draw
/// samples: what is recorded never changes what is learnt.
///
/// Stop::slope ends on the polygon where omega first is 1, to 1e-10, whether a record falls near or not: from below
/// where the start correlates too strongly, as the Hebbian start on a spin glass does, from above where it does so too
/// weakly, as on sparse recordings. Or where the parameters settle, which counts as convergence only if
/// |omega - 1| < 1e-6 there. Records beyond the end are not observed.
/// Averages that are not exact never settle: Stop::slope then ends at the first crossing or after max_steps, and
/// Stop::convergence is a std::invalid_argument.
/// Every step costs `measured`, and so does every record that falls between two steps, where averages are exact.
/// Throws std::runtime_error if the learning rate is so large that the parameters run away.
Learned learn(
    Law const& law, Ensemble const& data, Stage const& start, Protocol const& protocol, Observe const& observe,
    Averages const& averages = exact_averages(), BeforeStep const& before_step = [](Stage const&) {});

/// The same from `initial`, whose averages are taken first.
Learned learn(Law const& law, Ensemble const& data, Ising const& initial, Protocol const& protocol,
              Observe const& observe, Averages const& averages = exact_averages());

}  // namespace hypnos

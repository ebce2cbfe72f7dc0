#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "hypnos/physics/boltzmann/divergence.hpp"
#include "hypnos/physics/boltzmann/exact_moments.hpp"

/// What Boltzmann learning minimizes, and how it is regularized (Ventura, Cocco, Monasson and Zamponi, Unlearning
/// regularization for Boltzmann machines; "Eq." below means that paper). All that depends on the rule is here; couplings
/// J and fields h follow the same rules. A new rule is a new line of learning_rules(); a new kind of term changes the
/// functions of LearningRule.
namespace hypnos {

/// A model during learning, and its averages.
struct LearningState {
  double steps = 0;  ///< since the start; fractional between two steps
  Ising model;
  Moments at_1;  ///< at beta = 1
  Moments at_a;  ///< at beta = a; only where the rule needs them

  template <class Archive>
  void archive(Archive& members) {
    members(steps, model, at_1, at_a);
  }
};

/// The loss, of averages d of the data, those of the model at inverse temperature beta written _beta, and the parameters
/// theta = (J_ij for i<j, h_i):
///   L = D(data|1) + (a-1)/a D(data|a) + l1 sum |theta| + l2/2 sum theta^2     (Eqs. 24, 14, 15)
/// a = 1 has one divergence only, as in plain Boltzmann learning. As a -> 0 the first two terms diverge by the constant
/// (1 - 1/a)(N ln 2 - S_data), and what is left depends on theta through ln Z_1 alone: at a = 0 they are
/// ln Z_1 - N ln 2 = D(uniform|1), zero at its minimum.
struct LearningRule {
  double a = 1;   ///< the second inverse temperature, >= 0
  double l1 = 0;  ///< >= 0
  double l2 = 0;  ///< >= 0

  /// The inverse temperatures at which averages of the model are needed: 1 and, unless a is 0 or 1, a.
  std::vector<double> betas() const;

  /// Whether the minimum is at finite couplings even where data lack a joint state of some neurons.
  bool bounds_couplings() const { return a < 1 || l1 > 0 || l2 > 0; }

  /// L, nats. NaN where log_Z is.
  double loss(Ensemble const& data, LearningState const& state) const;

  /// -dL/dtheta without the term of l1, which has no derivative at zero (Eqs. 26-29, 18, 19):
  ///   a (d - <>_a) - (<>_1 - <>_a) - l2 theta
  /// J is symmetric with zero diagonal. h is 0 exactly if neither data nor model favour a sign.
  Ising direction(Ensemble const& data, LearningState const& state) const;

  /// The model one step of learning rate lambda later: theta + lambda direction, and then every parameter is moved
  /// towards zero by lambda l1, and stops there. Away from zero this is the printed -lambda gamma sign(theta) (Eqs. 16,
  /// 17), which would oscillate about zero for ever; the proximal step settles at the minimum of Eq. 14.
  Ising stepped(Ensemble const& data, LearningState const& state, double lambda) const;

  /// d^2 L / dtheta^2 at weak coupling, where <s_i s_j>_beta = beta J_ij and <s_i>_beta = beta h_i; without l1.
  double weak_coupling_curvature() const { return 1 - a + a * a + l2; }
};

/// The rules by name.
enum class Rule { unlearning, l1, l2 };

struct NamedRule {
  Rule rule;
  std::string_view name, formula;
  LearningRule (*with)(double a, double gamma);  ///< strengths that the rule does not have are ignored
};

std::span<NamedRule const> learning_rules();

/// The rule of this name.
LearningRule learning_rule(Rule rule, double a, double gamma);

}  // namespace hypnos

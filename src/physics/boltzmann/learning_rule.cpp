#include "hypnos/physics/boltzmann/learning_rule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos {

namespace {

bool needs_second_temperature(LearningRule const& rule) { return rule.a != 0 && rule.a != 1; }

auto towards_zero(double distance) {
  return [distance](double x) { return std::copysign(std::max(std::abs(x) - distance, 0.0), x); };
}

}  // namespace

std::vector<double> LearningRule::betas() const {
  if (needs_second_temperature(*this)) return {1, a};
  return {1};
}

double LearningRule::loss(Ensemble const& data, LearningState const& state) const {
  auto const& model = state.model;
  double L =
      a == 0 ? state.at_1.log_Z - model.size() * std::numbers::ln2 : kl_divergence(data, model, state.at_1.log_Z);
  if (needs_second_temperature(*this)) L += (a - 1) / a * kl_divergence(data, model, state.at_a.log_Z, a);
  if (l1 > 0) L += l1 * (pairs(model.J).lpNorm<1>() + model.h.lpNorm<1>());
  if (l2 > 0) L += l2 / 2 * (pairs(model.J).squaredNorm() + model.h.squaredNorm());
  return L;
}

Ising LearningRule::direction(Ensemble const& data, LearningState const& state) const {
  Ising ascent{a * data.c - state.at_1.c, a * data.m - state.at_1.m};
  if (needs_second_temperature(*this)) {
    ascent.J += (1 - a) * state.at_a.c;
    ascent.h += (1 - a) * state.at_a.m;
  }
  if (l2 > 0) {
    ascent.J -= l2 * state.model.J;
    ascent.h -= l2 * state.model.h;
  }
  ascent.J.diagonal().setZero();
  bool const favours_a_sign = state.model.has_field() || (data.m.array() != 0).any();
  if (!favours_a_sign) ascent.h.setZero();
  return ascent;
}

Ising LearningRule::stepped(Ensemble const& data, LearningState const& state, double lambda) const {
  auto next = direction(data, state);
  next.J = state.model.J + lambda * next.J;
  next.h = state.model.h + lambda * next.h;
  if (l1 > 0) {
    next.J = next.J.unaryExpr(towards_zero(lambda * l1)).eval();
    next.h = next.h.unaryExpr(towards_zero(lambda * l1)).eval();
  }
  return next;
}

std::span<NamedRule const> learning_rules() {
  static constexpr std::array rules = {
      NamedRule{Rule::unlearning, "unlearning",
                "a (c_d - c_a) - (c_1 - c_a); a = 1 plain, a = 0 only -c_1 (Eqs. 26-29)",
                [](double a, double) { return LearningRule{.a = a}; }},
      NamedRule{Rule::l1, "l1", "c_d - c_1 - gamma sign(J), stopping at J = 0 (Eqs. 14, 16)",
                [](double, double gamma) { return LearningRule{.l1 = gamma}; }},
      NamedRule{Rule::l2, "l2", "c_d - c_1 - gamma J (Eqs. 15, 18)",
                [](double, double gamma) { return LearningRule{.l2 = gamma}; }}};
  return rules;
}

LearningRule learning_rule(Rule rule, double a, double gamma) {
  return std::ranges::find(learning_rules(), rule, &NamedRule::rule)->with(a, gamma);
}

}  // namespace hypnos

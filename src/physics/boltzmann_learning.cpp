#include "hypnos/physics/boltzmann_learning.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <stdexcept>
#include <string>

#include "hypnos/base/text.hpp"
#include "hypnos/physics/comparison.hpp"

namespace hypnos {

namespace {

bool needs_second_temperature(Law const& law) { return law.rule == Rule::unlearning && law.a != 0 && law.a != 1; }

double omega(Moments const& at_1, Ensemble const& data) { return slope(pairs(at_1.c), pairs(data.c)); }

auto towards_zero(double distance) {
  return [distance](double x) { return std::copysign(std::max(std::abs(x) - distance, 0.0), x); };
}

double largest_difference(Ising const& a, Ising const& b) {
  return std::max((a.J - b.J).cwiseAbs().maxCoeff(), (a.h - b.h).cwiseAbs().maxCoeff());
}

Ising interpolated(Ising const& from, Ising const& to, double fraction) {
  return {from.J + fraction * (to.J - from.J), from.h + fraction * (to.h - from.h)};
}

// Parameters of 1e6 freeze every spin; learning that is on its way to anything never comes there.
void require_bounded(Ising const& model, double steps, double lambda) {
  if (!((model.J.array().abs() < 1e6).all() && (model.h.array().abs() < 1e6).all()))
    throw std::runtime_error("learning diverged after " + format_number(steps) +
                             " steps; lower lambda = " + format_number(lambda));
}

// Where between 0 and 1 omega - 1 changes its sign; it is `at_0` and `at_1` there.
double crossing(std::function<double(double)> const& omega_minus_1, double at_0, double at_1) {
  // omega changes by O(1) in a step, so this leaves it within 1e-12 of 1.
  auto const close = [](double low, double high) { return high - low < 1e-13; };
  std::uintmax_t evaluations = 100;
  auto const bracket = boost::math::tools::toms748_solve(omega_minus_1, 0.0, 1.0, at_0, at_1, close, evaluations);
  return (bracket.first + bracket.second) / 2;
}

}  // namespace

Stage measured(Law const& law, double steps, Ising model, BlockMap const& blocks) {
  Stage stage{steps, std::move(model), {}, {}};
  stage.at_1 = exact_moments(stage.model, 1, EnergyVariance::no, blocks);
  if (needs_second_temperature(law)) stage.at_a = exact_moments(stage.model, law.a, EnergyVariance::no, blocks);
  return stage;
}

double loss(Law const& law, Ensemble const& data, Stage const& stage) {
  auto const& model = stage.model;
  double const at_1 = kl_divergence(data, model, stage.at_1.log_Z);
  switch (law.rule) {
    case Rule::unlearning:
      if (law.a == 0) return stage.at_1.log_Z - model.size() * std::numbers::ln2;
      if (law.a == 1) return at_1;
      return at_1 + (law.a - 1) / law.a * kl_divergence(data, model, stage.at_a.log_Z, law.a);
    case Rule::l1: return at_1 + law.gamma * (pairs(model.J).lpNorm<1>() + model.h.lpNorm<1>());
    case Rule::l2: return at_1 + law.gamma / 2 * (pairs(model.J).squaredNorm() + model.h.squaredNorm());
  }
  return at_1;
}

Ising direction(Law const& law, Ensemble const& data, Stage const& stage) {
  double const weight = law.rule == Rule::unlearning ? law.a : 1;
  Ising ascent{weight * data.c - stage.at_1.c, weight * data.m - stage.at_1.m};
  if (needs_second_temperature(law)) {
    ascent.J += (1 - law.a) * stage.at_a.c;
    ascent.h += (1 - law.a) * stage.at_a.m;
  }
  if (law.rule == Rule::l2) {
    ascent.J -= law.gamma * stage.model.J;
    ascent.h -= law.gamma * stage.model.h;
  }
  ascent.J.diagonal().setZero();
  bool const favours_a_sign = stage.model.has_field() || (data.m.array() != 0).any();
  if (!favours_a_sign) ascent.h.setZero();
  return ascent;
}

Ising stepped(Law const& law, Ensemble const& data, Stage const& stage, double lambda) {
  auto next = direction(law, data, stage);
  next.J = stage.model.J + lambda * next.J;
  next.h = stage.model.h + lambda * next.h;
  if (law.rule == Rule::l1) {
    next.J = next.J.unaryExpr(towards_zero(lambda * law.gamma)).eval();
    next.h = next.h.unaryExpr(towards_zero(lambda * law.gamma)).eval();
  }
  return next;
}

Learned learn(Law const& law, Ensemble const& data, Ising const& initial, Protocol const& protocol,
              Observe const& observe, BlockMap const& blocks) {
  auto const& [lambda, stop, max_steps, tolerance, records] = protocol;
  Stage now = measured(law, 0, initial, blocks);
  Ising next;
  std::size_t k = 0;  // the next record
  auto const observe_until = [&](double end) {
    for (; k < records.size() && records[k] <= end; ++k) {
      double const beyond = records[k] - now.steps;
      if (beyond == 0) observe(k, now);
      else observe(k, measured(law, records[k], interpolated(now.model, next, beyond), blocks));
    }
  };

  double omega_now = stop == Stop::slope ? omega(now.at_1, data) : 0;
  while (true) {
    next = stepped(law, data, now, lambda);
    require_bounded(next, now.steps + 1, lambda);
    bool const settled = stop != Stop::steps && largest_difference(next, now.model) < lambda * tolerance;
    if (settled || now.steps == max_steps) {
      observe_until(now.steps);
      bool const converged =
          stop == Stop::steps || (settled && (stop != Stop::slope || std::abs(omega_now - 1) < 1e-6));
      return {now, converged};
    }

    Stage after = measured(law, now.steps + 1, next, blocks);
    if (stop == Stop::slope) {
      double const omega_after = omega(after.at_1, data);
      if ((omega_now - 1) * (omega_after - 1) <= 0) {
        auto const omega_minus_1 = [&](double fraction) {
          return omega(exact_moments(interpolated(now.model, next, fraction), 1, EnergyVariance::no, blocks), data) - 1;
        };
        double const fraction = crossing(omega_minus_1, omega_now - 1, omega_after - 1);
        double const end = now.steps + fraction;
        observe_until(end);
        return {measured(law, end, interpolated(now.model, next, fraction), blocks), true};
      }
      omega_now = omega_after;
    }
    observe_until(std::nextafter(after.steps, 0));
    now = std::move(after);
  }
}

}  // namespace hypnos

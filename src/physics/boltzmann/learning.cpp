#include "hypnos/physics/boltzmann/learning.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>

#include "hypnos/base/text.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

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

Moments interpolated(Moments const& from, Moments const& to, double fraction) {
  return {.log_Z = std::lerp(from.log_Z, to.log_Z, fraction),
          .energy = std::lerp(from.energy, to.energy, fraction),
          .energy_variance = std::lerp(from.energy_variance, to.energy_variance, fraction),
          .m = from.m + fraction * (to.m - from.m),
          .c = from.c + fraction * (to.c - from.c)};
}

// The point of the polygon a fraction of a step behind `from`.
Stage between(Law const& law, Stage const& from, Stage const& to, double fraction, double steps,
              Averages const& averages) {
  auto model = interpolated(from.model, to.model, fraction);
  if (averages.exact) return measured(law, steps, std::move(model), averages);
  return {steps, std::move(model), interpolated(from.at_1, to.at_1, fraction),
          interpolated(from.at_a, to.at_a, fraction)};
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

Averages exact_averages(BlockMap blocks) {
  return {[blocks = std::move(blocks)](Ising const& model, double beta) {
    return exact_moments(model, beta, EnergyVariance::no, blocks);
  }};
}

Stage measured(Law const& law, double steps, Ising model, Averages const& averages) {
  Stage stage{steps, std::move(model), {}, {}};
  stage.at_1 = averages.of(stage.model, 1);
  if (needs_second_temperature(law)) stage.at_a = averages.of(stage.model, law.a);
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
              Observe const& observe, Averages const& averages) {
  return learn(law, data, measured(law, 0, initial, averages), protocol, observe, averages);
}

Learned learn(Law const& law, Ensemble const& data, Stage const& start, Protocol const& protocol,
              Observe const& observe, Averages const& averages, BeforeStep const& before_step) {
  auto const& [lambda, stop, max_steps, tolerance, records] = protocol;
  if (stop == Stop::convergence && !averages.exact)
    throw std::invalid_argument("averages that are not exact scatter by more than any tolerance; stop after steps");
  bool const may_settle = stop != Stop::steps && averages.exact;
  Stage now = start, after;
  auto k = static_cast<std::size_t>(std::ranges::lower_bound(records, now.steps) - records.begin());  // the next record
  auto const observe_until = [&](double end) {
    for (; k < records.size() && records[k] <= end; ++k) {
      double const beyond = records[k] - now.steps;
      if (beyond == 0) observe(k, now);
      else observe(k, between(law, now, after, beyond, records[k], averages));
    }
  };

  double omega_now = stop == Stop::slope ? omega(now.at_1, data) : 0;
  while (true) {
    before_step(now);
    auto const next = stepped(law, data, now, lambda);
    require_bounded(next, now.steps + 1, lambda);
    bool const settled = may_settle && largest_difference(next, now.model) < lambda * tolerance;
    if (settled || now.steps == max_steps) {
      observe_until(now.steps);
      bool const converged =
          stop == Stop::steps || (settled && (stop != Stop::slope || std::abs(omega_now - 1) < 1e-6));
      return {now, converged};
    }

    after = measured(law, now.steps + 1, next, averages);
    if (stop == Stop::slope) {
      double const omega_after = omega(after.at_1, data);
      if ((omega_now - 1) * (omega_after - 1) <= 0) {
        // omega needs no averages but those of plain learning, at beta = 1.
        auto const omega_minus_1 = [&](double fraction) {
          return omega(between({}, now, after, fraction, 0, averages).at_1, data) - 1;
        };
        double const fraction = crossing(omega_minus_1, omega_now - 1, omega_after - 1);
        double const end = now.steps + fraction;
        observe_until(end);
        return {between(law, now, after, fraction, end, averages), true};
      }
      omega_now = omega_after;
    }
    observe_until(std::nextafter(after.steps, 0));
    now = std::move(after);
  }
}

}  // namespace hypnos

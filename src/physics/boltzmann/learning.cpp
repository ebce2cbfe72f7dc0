#include "hypnos/physics/boltzmann/learning.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "hypnos/base/text.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos {

namespace {

double omega(Moments const& at_1, Ensemble const& data) { return slope(pairs(at_1.c), pairs(data.c)); }

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

// The point of the polygon a fraction of a step after `from`.
LearningState between(LearningRule const& rule, LearningState const& from, LearningState const& to, double fraction,
                      double steps, Averages const& averages) {
  auto model = interpolated(from.model, to.model, fraction);
  if (averages.exact) return measured(rule, steps, std::move(model), averages);
  return {steps, std::move(model), interpolated(from.at_1, to.at_1, fraction),
          interpolated(from.at_a, to.at_a, fraction)};
}

// Parameters of 1e6 freeze every spin; learning that converges never has them.
void require_bounded(Ising const& model, double steps, double lambda) {
  if (!((model.J.array().abs() < 1e6).all() && (model.h.array().abs() < 1e6).all()))
    throw std::runtime_error("learning diverged after " + format_number(steps) +
                             " steps; lower lambda = " + format_number(lambda));
}

// The zero of omega - 1 between 0 and 1, where it is `at_0` and `at_1`.
double crossing(std::function<double(double)> const& omega_minus_1, double at_0, double at_1) {
  // omega changes by O(1) in a step, so this leaves it within 1e-12 of 1.
  auto const close = [](double low, double high) { return high - low < 1e-13; };
  std::uintmax_t evaluations = 100;
  auto const bracket = boost::math::tools::toms748_solve(omega_minus_1, 0.0, 1.0, at_0, at_1, close, evaluations);
  return (bracket.first + bracket.second) / 2;
}

}  // namespace

Learning::Learning(LearningRule rule, Ensemble data, Ising initial, Protocol protocol, Averages averages, Record record)
    : rule_(rule),
      data_(std::move(data)),
      initial_(std::move(initial)),
      protocol_(std::move(protocol)),
      averages_(std::move(averages)),
      record_(std::move(record)) {
  if (protocol_.stop == Stop::convergence && !averages_.exact)
    throw std::invalid_argument("averages that are not exact scatter by more than any tolerance; stop after steps");
}

double Learning::fraction() const {
  if (done_) return 1;
  if (!now_ || protocol_.max_steps == 0) return 0;
  double const by_steps = now_->steps / protocol_.max_steps;
  if (protocol_.stop != Stop::slope || first_omega_ == 1) return by_steps;
  // omega may turn back on its way
  return std::max(by_steps, std::min((omega_ - first_omega_) / (1 - first_omega_), 0.99));
}

// Records up to `end`, between the current state and that after the next step. Returns the number of all records made.
std::size_t Learning::record_until(double end, LearningState const& after) const {
  auto const& records = protocol_.records;
  auto k = recorded_;
  for (; k < records.size() && records[k] <= end; ++k) {
    double const fraction = records[k] - now_->steps;
    if (fraction == 0) record_(k, *now_);
    else record_(k, between(rule_, *now_, after, fraction, records[k], averages_));
  }
  return k;
}

void Learning::end(LearningState last, std::size_t recorded, bool converged) {
  now_ = std::move(last);
  recorded_ = recorded;
  done_ = true;
  converged_ = converged;
}

void Learning::advance() {
  auto const& [lambda, stop, max_steps, tolerance, records] = protocol_;
  if (!now_) {
    now_ = measured(rule_, 0, initial_, averages_);
    if (stop == Stop::slope) omega_ = first_omega_ = omega(now_->at_1, data_);
    return;
  }

  auto next = rule_.stepped(data_, *now_, lambda);
  require_bounded(next, now_->steps + 1, lambda);
  bool const may_settle = stop != Stop::steps && averages_.exact;
  bool const settled = may_settle && largest_difference(next, now_->model) < lambda * tolerance;
  if (settled || now_->steps == max_steps) {
    auto const recorded = record_until(now_->steps, *now_);
    bool const converged = stop == Stop::steps || (settled && (stop != Stop::slope || std::abs(omega_ - 1) < 1e-6));
    return end(*now_, recorded, converged);
  }

  auto after = measured(rule_, now_->steps + 1, std::move(next), averages_);
  double omega_after = 0;
  if (stop == Stop::slope) {
    omega_after = omega(after.at_1, data_);
    if ((omega_ - 1) * (omega_after - 1) <= 0) {
      // omega needs averages at beta = 1 only, which those of plain learning are.
      auto const omega_minus_1 = [&](double fraction) {
        return omega(between({}, *now_, after, fraction, 0, averages_).at_1, data_) - 1;
      };
      double const fraction = crossing(omega_minus_1, omega_ - 1, omega_after - 1);
      double const last = now_->steps + fraction;
      auto const recorded = record_until(last, after);
      return end(between(rule_, *now_, after, fraction, last, averages_), recorded, true);
    }
  }
  recorded_ = record_until(std::nextafter(after.steps, 0), after);
  now_ = std::move(after);
  omega_ = omega_after;
}

Learned learn(LearningRule const& rule, Ensemble const& data, Ising const& initial, Protocol const& protocol,
              Record const& record, Averages const& averages) {
  Learning learning(rule, data, initial, protocol, averages, record);
  while (!learning.done()) learning.advance();
  return learning.result();
}

}  // namespace hypnos

#include "hypnos/physics/boltzmann/quasi_newton.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos {

using Eigen::VectorXd;

namespace {

VectorXd parameters_of(Ising const& model) {
  auto const J = pairs(model.J);
  VectorXd theta(J.size() + model.h.size());
  theta << J, model.h;
  return theta;
}

Ising model_of(VectorXd const& theta, int N) {
  Ising model{Eigen::MatrixXd::Zero(N, N), theta.tail(N)};
  auto next = theta.begin();
  for (int i = 0; i < N; ++i)
    for (int j = i + 1; j < N; ++j) model.J(i, j) = model.J(j, i) = *next++;
  return model;
}

// The gradient with the penalty of l1; where a parameter is zero, the part of it that exceeds the penalty.
VectorXd penalized(VectorXd const& theta, VectorXd const& gradient, double l1) {
  if (l1 == 0) return gradient;
  return theta.binaryExpr(gradient, [l1](double parameter, double slope) {
    if (parameter != 0) return slope + std::copysign(l1, parameter);
    return std::copysign(std::max(std::abs(slope) - l1, 0.0), slope);
  });
}

constexpr std::size_t most_pairs = 50;
constexpr int most_trials = 20;

}  // namespace

void InverseHessian::clear() {
  pairs_.clear();
  scale_ = first_scale_;
}

void InverseHessian::add(VectorXd const& step, VectorXd const& change) {
  double const curvature = step.dot(change);
  if (!(curvature > 0)) return;
  pairs_.push_back({step, change, 1 / curvature});
  if (pairs_.size() > most_pairs) pairs_.pop_front();
  scale_ = curvature / change.squaredNorm();
}

// Nocedal's two loops.
VectorXd InverseHessian::times(VectorXd v) const {
  std::vector<double> weights(pairs_.size());
  for (auto k = pairs_.size(); k-- > 0;) {
    auto const& [step, change, inverse] = pairs_[k];
    weights[k] = inverse * step.dot(v);
    v -= weights[k] * change;
  }
  v *= scale_;
  for (std::size_t k = 0; k < pairs_.size(); ++k) {
    auto const& [step, change, inverse] = pairs_[k];
    v += (weights[k] - inverse * change.dot(v)) * step;
  }
  return v;
}

QuasiNewton::QuasiNewton(LearningRule rule, Ensemble data, Ising initial, double tolerance, int max_steps,
                         Averages averages)
    : rule_(rule),
      data_(std::move(data)),
      initial_(std::move(initial)),
      tolerance_(tolerance),
      max_steps_(max_steps),
      averages_(std::move(averages)),
      inverse_hessian_(rule.weak_coupling_curvature()) {
  if (!averages_.exact) throw std::invalid_argument("only exact averages lead to the fixed point itself");
}

QuasiNewton::Evaluation QuasiNewton::evaluated(VectorXd const& theta) const {
  if (!(theta.array().abs() < 1e6).all())
    throw std::runtime_error("the parameters diverge: no finite model has the averages of these data");
  auto state = measured(rule_, steps_ + 1, model_of(theta, initial_.size()), averages_);
  VectorXd gradient = -parameters_of(rule_.direction(data_, state));
  return {std::move(state), theta, std::move(gradient)};
}

VectorXd QuasiNewton::on_path(double t) const {
  VectorXd const theta = now_->theta + t * search_.direction;
  if (rule_.l1 == 0) return theta;
  return (theta.array() * search_.side.array() > 0).select(theta, 0);
}

double QuasiNewton::slope(Evaluation const& at) const {
  if (rule_.l1 == 0) return at.gradient.dot(search_.direction);
  auto const moves = at.theta.array() * search_.side.array() > 0;
  return moves.select((at.gradient + rule_.l1 * search_.side).cwiseProduct(search_.direction), 0).sum();
}

void QuasiNewton::end(bool converged) {
  done_ = true;
  converged_ = converged;
}

// From the current parameters; without memory of the Hessian where that leads uphill.
void QuasiNewton::begin_search() {
  VectorXd const uphill = penalized(now_->theta, now_->gradient, rule_.l1);
  if (uphill.cwiseAbs().maxCoeff() < tolerance_) return end(true);
  if (steps_ >= max_steps_) return end(false);
  while (true) {
    search_ = {};
    search_.direction = -inverse_hessian_.times(uphill);
    if (rule_.l1 > 0) search_.side = (now_->theta.array() == 0).select(-uphill, now_->theta).cwiseSign();
    search_.slope_at_start = search_.slope_low = uphill.dot(search_.direction);
    if (search_.slope_at_start < 0) return;
    if (inverse_hessian_.empty()) return end(false);
    inverse_hessian_.clear();
  }
}

void QuasiNewton::advance() {
  if (!now_) {
    now_ = evaluated(parameters_of(initial_));
    ++steps_;
    return begin_search();
  }

  auto& [direction, side, slope_at_start, low, slope_low, high, slope_high, t, trials] = search_;
  auto next = evaluated(on_path(t));
  ++steps_;
  double const slope_here = slope(next);
  // accepted where the slope has lost at least a tenth of its size, without growing as large uphill
  if (0.9 * slope_at_start <= slope_here && slope_here <= -0.8 * slope_at_start) {
    inverse_hessian_.add(next.theta - now_->theta, next.gradient - now_->gradient);
    now_ = std::move(next);
    return begin_search();
  }
  if (slope_here < 0) {
    low = t;
    slope_low = slope_here;
  } else {
    high = t;
    slope_high = slope_here;
  }
  t = std::isinf(high) ? 3 * t : low + (high - low) * std::clamp(slope_low / (slope_low - slope_high), 0.1, 0.9);
  if (++trials < most_trials && steps_ < max_steps_) return;
  if (inverse_hessian_.empty()) return end(false);
  inverse_hessian_.clear();
  begin_search();
}

Learned quasi_newton(LearningRule const& rule, Ensemble const& data, Ising const& initial, double tolerance,
                     int max_steps, Averages const& averages) {
  QuasiNewton search(rule, data, initial, tolerance, max_steps, averages);
  while (!search.done()) search.advance();
  return search.result();
}

}  // namespace hypnos

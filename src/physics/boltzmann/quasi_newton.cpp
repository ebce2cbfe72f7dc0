#include "hypnos/physics/boltzmann/quasi_newton.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos {

namespace {

using Eigen::VectorXd;

// All parameters in one line: J_ij for i < j, row by row, then h_i.
VectorXd line_of(Ising const& model) {
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

// d^2 L / dtheta^2 at weak coupling, where <s_i s_j>_beta = beta J_ij and <s_i>_beta = beta h_i.
double weak_coupling_curvature(Law const& law) {
  switch (law.rule) {
    case Rule::unlearning: return 1 - law.a + law.a * law.a;
    case Rule::l1: return 1;
    case Rule::l2: return 1 + law.gamma;
  }
  return 1;
}

// The inverse Hessian as the last steps have shown it (Nocedal's two loops).
class InverseHessian {
 public:
  explicit InverseHessian(double curvature) : first_scale_(1 / curvature), scale_(first_scale_) {}

  bool knows_nothing() const { return pairs_.empty(); }
  void forget() {
    pairs_.clear();
    scale_ = first_scale_;
  }
  void learn(VectorXd const& step, VectorXd const& change) {
    double const curvature = step.dot(change);
    if (!(curvature > 0)) return;
    pairs_.push_back({step, change, 1 / curvature});
    if (pairs_.size() > most_pairs) pairs_.pop_front();
    scale_ = curvature / change.squaredNorm();
  }
  VectorXd times(VectorXd v) const {
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

 private:
  static constexpr std::size_t most_pairs = 50;
  struct Pair {
    VectorXd step, change;
    double inverse_curvature;
  };
  std::deque<Pair> pairs_;
  double first_scale_, scale_;
};

struct Place {
  Stage stage;
  VectorXd theta;
  VectorXd gradient;  // of the loss; of l1 without its penalty
};

// The straight way from `start` along `way`, on which the loss falls at first. Of l1, a parameter that comes to zero
// stays there: on its side of zero the penalty is linear, `side` times gamma theta.
struct Path {
  Place const& start;
  VectorXd way, side;
  double gamma;

  VectorXd at(double t) const {
    VectorXd const theta = start.theta + t * way;
    if (gamma == 0) return theta;
    return (theta.array() * side.array() > 0).select(theta, 0);
  }
  double slope(Place const& place) const {
    if (gamma == 0) return place.gradient.dot(way);
    auto const moves = place.theta.array() * side.array() > 0;
    return moves.select((place.gradient + gamma * side).cwiseProduct(way), 0).sum();
  }
};

// The gradient with the penalty of l1; where a parameter is zero, the part of it that the penalty cannot hold.
VectorXd penalized(Place const& place, double gamma) {
  if (gamma == 0) return place.gradient;
  return place.theta.binaryExpr(place.gradient, [gamma](double theta, double gradient) {
    if (theta != 0) return gradient + std::copysign(gamma, theta);
    return std::copysign(std::max(std::abs(gradient) - gamma, 0.0), gradient);
  });
}

}  // namespace

Learned quasi_newton(Law const& law, Ensemble const& data, Ising const& initial, double tolerance, int max_steps,
                     Averages const& averages) {
  if (!averages.exact) throw std::invalid_argument("only exact averages lead to the fixed point itself");
  double const gamma = law.rule == Rule::l1 ? law.gamma : 0;
  int steps = 0;
  auto const place = [&](VectorXd const& theta) {
    if (!(theta.array().abs() < 1e6).all())
      throw std::runtime_error("the parameters run away: no finite model has the averages of these data");
    auto stage = measured(law, ++steps, model_of(theta, initial.size()), averages);
    VectorXd gradient = -line_of(direction(law, data, stage));
    return Place{std::move(stage), theta, std::move(gradient)};
  };

  // Where the slope has lost at least a tenth of its size, without growing as large uphill.
  auto const lowest = [&](Path const& path, double slope_at_start) -> std::optional<Place> {
    double low = 0, high = std::numeric_limits<double>::infinity();
    double slope_low = slope_at_start, slope_high = 0, t = 1;
    for (int trial = 0; trial < 20 && steps < max_steps; ++trial) {
      auto next = place(path.at(t));
      double const slope = path.slope(next);
      if (0.9 * slope_at_start <= slope && slope <= -0.8 * slope_at_start) return next;
      if (slope < 0) {
        low = t;
        slope_low = slope;
      } else {
        high = t;
        slope_high = slope;
      }
      t = std::isinf(high) ? 3 * t : low + (high - low) * std::clamp(slope_low / (slope_low - slope_high), 0.1, 0.9);
    }
    return {};
  };

  auto now = place(line_of(initial));
  InverseHessian inverse_hessian(weak_coupling_curvature(law));
  while (true) {
    VectorXd const uphill = penalized(now, gamma);
    if (uphill.cwiseAbs().maxCoeff() < tolerance) return {now.stage, true};
    if (steps >= max_steps) return {now.stage, false};

    Path path{now, -inverse_hessian.times(uphill), {}, gamma};
    if (gamma > 0) path.side = (now.theta.array() == 0).select(-uphill, now.theta).cwiseSign();
    double const slope = uphill.dot(path.way);
    auto next = slope < 0 ? lowest(path, slope) : std::nullopt;
    if (next) {
      inverse_hessian.learn(next->theta - now.theta, next->gradient - now.gradient);
      now = std::move(*next);
    } else if (inverse_hessian.knows_nothing()) {
      return {now.stage, false};
    } else {
      inverse_hessian.forget();
    }
  }
}

}  // namespace hypnos

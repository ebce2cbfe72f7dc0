#pragma once

#include <Eigen/Core>
#include <deque>
#include <limits>
#include <optional>

#include "hypnos/base/expected_fraction.hpp"
#include "hypnos/physics/boltzmann/learning.hpp"

namespace hypnos {

/// The inverse Hessian of limited-memory BFGS (Nocedal, Math. Comp. 35, 773 (1980)): curvatures as the last 50 steps
/// have shown them, 1 / scale in all other directions.
class InverseHessian {
 public:
  explicit InverseHessian(double curvature) : first_scale_(1 / curvature), scale_(first_scale_) {}

  bool empty() const { return pairs_.empty(); }
  void clear();
  /// The gradient changed by `change` over `step`. Ignored where that shows no positive curvature.
  void add(Eigen::VectorXd const& step, Eigen::VectorXd const& change);
  Eigen::VectorXd times(Eigen::VectorXd v) const;

  template <class Archive>
  void archive(Archive& members) {
    members(pairs_, scale_);
  }

 private:
  struct Pair {
    Eigen::VectorXd step, change;
    double inverse_curvature;

    template <class Archive>
    void archive(Archive& members) {
      members(step, change, inverse_curvature);
    }
  };
  std::deque<Pair> pairs_;
  double first_scale_, scale_;
};

/// The fixed point of learning, without its trajectory: the zero of LearningRule::direction; with l1, the minimum of the
/// loss. At N = 18 and the paper's learning rates (0.06 to 0.001) it takes ten to a thousand times fewer averages than
/// gradient steps do, and up to ten times fewer than at the best learning rate.
///
/// Limited-memory BFGS with a line search that needs slopes alone, the approximate Wolfe conditions of Hager and Zhang,
/// SIAM J. Optim. 16, 170 (2005): near the minimum, differences of the loss are lost in rounding. Kinks of l1 are treated
/// orthant by orthant (Andrew and Gao, ICML 2007).
///
/// Converged if |dL/dtheta| < tolerance for every parameter, which is the criterion of Stop::convergence (with l1, where
/// theta = 0, the distance of dL/dtheta from [-l1, l1]), and never otherwise: not where max_steps calls of averages were
/// not enough, nor where the tolerance lies below what rounding leaves of the gradient, 1e-13 or so.
/// For 0 < a < 1 the loss need not be convex, and other minima than that reached by gradient steps are not excluded.
/// `steps` of the state counts the calls of averages.
/// It may be continued after an interruption (Realization::complete).
class QuasiNewton {
 public:
  /// Throws std::invalid_argument if averages are not exact.
  QuasiNewton(LearningRule rule, Ensemble data, Ising initial, double tolerance, int max_steps,
              Averages averages = exact_averages());

  bool done() const { return done_; }
  /// One call of averages: a trial of the line search. Throws std::runtime_error if the parameters diverge.
  void advance();
  /// Searches mostly end after 50 to 150 averages.
  double fraction() const { return done_ ? 1 : expected_fraction(steps_, 100, max_steps_); }
  Learned result() const { return {now_->state, converged_}; }

  template <class Archive>
  void archive(Archive& members) {
    members(steps_, now_, inverse_hessian_, search_, done_, converged_);
  }

 private:
  /// The averages and the gradient at one set of parameters.
  struct Evaluation {
    LearningState state;
    Eigen::VectorXd theta;     // J_ij for i < j, row by row, then h_i
    Eigen::VectorXd gradient;  // of the loss without l1

    template <class Archive>
    void archive(Archive& members) {
      members(state, theta, gradient);
    }
  };

  /// The search along a straight path from the current parameters on which the loss decreases at first. With l1, a
  /// parameter that reaches zero stays there: on its side of zero the penalty is linear, `side` times l1 theta.
  struct LineSearch {
    Eigen::VectorXd direction, side;
    double slope_at_start = 0;
    double low = 0, slope_low = 0;  // the largest t at which the loss still decreases
    double high = std::numeric_limits<double>::infinity(), slope_high = 0;  // the smallest t at which it does not
    double t = 1;
    int trials = 0;

    template <class Archive>
    void archive(Archive& members) {
      members(direction, side, slope_at_start, low, slope_low, high, slope_high, t, trials);
    }
  };

  Evaluation evaluated(Eigen::VectorXd const& theta) const;
  Eigen::VectorXd on_path(double t) const;
  double slope(Evaluation const& at) const;
  void begin_search();
  void end(bool converged);

  LearningRule rule_;
  Ensemble data_;
  Ising initial_;
  double tolerance_;
  int max_steps_;
  Averages averages_;
  int steps_ = 0;
  std::optional<Evaluation> now_;
  InverseHessian inverse_hessian_;
  LineSearch search_;
  bool done_ = false, converged_ = false;
};

/// The same in one call.
Learned quasi_newton(LearningRule const& rule, Ensemble const& data, Ising const& initial, double tolerance,
                     int max_steps, Averages const& averages = exact_averages());

}  // namespace hypnos

#include "hypnos/physics/memories/coupling_path.hpp"

#include <limits>

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::VectorXd;

namespace {

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

}  // namespace

CouplingPath::CouplingPath(Index points, Index directions)
    : projection(ArrayXXd::Constant(points, directions, unmeasured)),
      velocity(ArrayXd::Constant(points, unmeasured)),
      q_v(velocity),
      q_v_angle(velocity),
      q_delta_v(velocity) {}

void CouplingPath::set_point(Index point, PathPoint const& at) {
  projection.row(point) = at.projection;
  q_v(point) = at.along;
  q_v_angle(point) = at.distance > 0 ? at.along / at.distance : unmeasured;
  distance_ = at.distance;
}

void CouplingPath::set_displacement(Index point, Displacement const& to_next) {
  velocity(point) = to_next.length;
  q_delta_v(point) = to_next.length > 0 ? to_next.along / to_next.length : unmeasured;
}

void CouplingPath::end() { q_v /= distance_ > 0 ? distance_ : unmeasured; }

PerceptronPath::PerceptronPath(SymmetricPerceptron untrained, int steps, int max_steps, ReferenceLine const& line)
    : perceptron_(std::move(untrained)),
      steps_(steps),
      line_(&line),
      r_(line.start()),
      path_(max_steps + 1, line.directions()) {
  path_.set_point(0, line.point(r_));
  if (done()) path_.end();
}

void PerceptronPath::advance(double operations) {
  perceptron_.advance(operations);
  if (!perceptron_.step_complete()) return;
  auto const t = perceptron_.steps();
  VectorXd next = position(perceptron_.J());
  path_.set_displacement(t - 1, line_->displacement(r_, next));
  path_.set_point(t, line_->point(next));
  r_ = std::move(next);
  if (done()) path_.end();
}

UnlearningPath::UnlearningPath(Unlearning network, SpinStates const& dreams, std::int64_t D, int parts,
                               ReferenceLine const& line)
    : network_(std::move(network)),
      dreams_(&dreams),
      D_(D),
      parts_(parts),
      line_(&line),
      r_(line.start()),
      by_dreams_(parts + 1, line.directions()),
      by_parts_(parts + 1, line.directions()) {
  by_dreams_.set_point(0, line.point(r_));
}

// A part may have more dreams than fit a piece; its first dream and its end are measured.
void UnlearningPath::advance(double operations) {
  auto const begin = end_of(part_), end = end_of(part_ + 1);
  double const N = network_.size();
  auto const replay = [&](std::int64_t until) {
    auto const at_once = 1 + static_cast<std::int64_t>(4 * operations / (N * N));
    network_.replay(*dreams_, network_.dreams(), std::min(until - network_.dreams(), at_once));
  };
  if (begin < end) {
    if (network_.dreams() == begin) {
      replay(begin + 1);
      by_dreams_.set_displacement(part_, line_->displacement(r_, position(network_.J())));
    }
    if (network_.dreams() < end) replay(end);
    if (network_.dreams() < end) return;
    VectorXd next = position(network_.J());
    by_parts_.set_displacement(part_, line_->displacement(r_, next));
    by_parts_.velocity(part_) /= static_cast<double>(end - begin);
    r_ = std::move(next);
  }
  by_dreams_.set_point(part_ + 1, line_->point(r_));
  if (++part_ == parts_) by_dreams_.end();
}

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstdint>
#include <utility>

#include "hypnos/base/stage.hpp"
#include "hypnos/physics/memories/coupling_space.hpp"
#include "hypnos/physics/memories/symmetric_perceptron.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// What is measured at the points 0, 1, ... of a path in the space of couplings, and of the displacement that follows
/// each point (Benedetti et al., J. Chem. Phys. 156, 104107 (2022), Eqs. 16 to 19); NaN where there is none.
class CouplingPath {
 public:
  CouplingPath() = default;
  CouplingPath(Eigen::Index points, Eigen::Index directions);

  void set_point(Eigen::Index point, PathPoint const& at);
  void set_displacement(Eigen::Index point, Displacement const& to_next);
  /// The point set last is where the path ends. Its distance from the start is the unit of q_v.
  void end();

  template <class Archive>
  void archive(Archive& members) {
    members(projection, velocity, q_v, q_v_angle, q_delta_v, distance_);
  }

  Eigen::ArrayXXd projection;  ///< [point, direction]
  Eigen::ArrayXd velocity;     ///< |r(t+1) - r(t)| (Eq. 16)
  Eigen::ArrayXd q_v;          ///< (r(t) - r(0)) . v over |r(t_max) - r(0)| (Eq. 18 as printed)
  Eigen::ArrayXd q_v_angle;    ///< cosine of r(t) - r(0) and v
  Eigen::ArrayXd q_delta_v;    ///< cosine of r(t+1) - r(t) and v (Eq. 19)

 private:
  double distance_ = 0;
};

/// The path of an untrained perceptron through `steps` updates, which it does again. A stage (stage.hpp).
class PerceptronPath {
 public:
  /// The path has max_steps + 1 points, of which those after `steps` are NaN. `line` is kept by the caller.
  PerceptronPath(SymmetricPerceptron untrained, int steps, int max_steps, ReferenceLine const& line);

  bool done() const { return perceptron_.step_complete() && perceptron_.steps() == steps_; }
  void advance(double operations = operations_of_a_piece);
  double fraction() const { return done() ? 1 : static_cast<double>(perceptron_.steps()) / steps_; }

  template <class Archive>
  void archive(Archive& members) {
    members(perceptron_, r_, path_);
  }

  CouplingPath const& path() const { return path_; }

 private:
  SymmetricPerceptron perceptron_;
  int steps_;
  ReferenceLine const* line_;
  Eigen::VectorXd r_;
  CouplingPath path_;
};

/// The path of unlearning through the ends of `parts` equal parts of the first D dreams of a run. A stage (stage.hpp).
class UnlearningPath {
 public:
  /// `network` before any dream; `dreams` of its run and `line` are kept by the caller.
  UnlearningPath(Unlearning network, SpinStates const& dreams, std::int64_t D, int parts, ReferenceLine const& line);

  bool done() const { return part_ == parts_; }
  void advance(double operations = operations_of_a_piece);
  double fraction() const { return done() ? 1 : static_cast<double>(part_) / static_cast<double>(parts_); }

  template <class Archive>
  void archive(Archive& members) {
    members(network_, part_, r_, by_dreams_, by_parts_);
  }

  /// Displacements are those by the first dream of each part.
  CouplingPath const& by_dreams() const { return by_dreams_; }
  /// Displacements lead from point to point; velocities are their lengths over the number of dreams. No points are set.
  CouplingPath const& by_parts() const { return by_parts_; }

 private:
  std::int64_t end_of(Eigen::Index part) const { return D_ * part / parts_; }

  Unlearning network_;
  SpinStates const* dreams_;
  std::int64_t D_;
  Eigen::Index parts_, part_ = 0;
  ReferenceLine const* line_;
  Eigen::VectorXd r_;
  CouplingPath by_dreams_, by_parts_;
};

}  // namespace hypnos

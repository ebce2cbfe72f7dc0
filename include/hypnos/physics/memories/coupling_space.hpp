#pragma once

#include <Eigen/Core>

#include "hypnos/base/random.hpp"

namespace hypnos {

// Gardner's space of interactions, in which symmetric couplings are a point and learning is a path (Benedetti et al.,
// J. Chem. Phys. 156, 104107 (2022), Sec. IV). M = N (N - 1) / 2 pairs i < j are its dimensions, in the order of
// pairs().

/// r = J / sigma_J, sigma_J = sqrt(<J_ij^2>) over pairs (Eqs. 13, 14), of symmetric J (N x N) whatever its diagonal.
/// All points lie on the sphere |r| = sqrt(M). NaN if all couplings vanish. O(N^2).
Eigen::VectorXd position(Eigen::MatrixXd const& J);

/// Directions of unit length, uniformly distributed, (M x count). The projection of a random point of the sphere on any
/// of them is nearly a normal number.
Eigen::MatrixXd random_directions(int count, int N, Rng& numbers);

/// A point r relative to a reference line.
struct PathPoint {
  Eigen::ArrayXd projection;  ///< r . d for every direction d
  double along, distance;     ///< (r - r(0)) . v and |r - r(0)|
};

/// A displacement relative to a reference line.
struct Displacement {
  double along, length;  ///< (r' - r) . v and |r' - r|
};

/// The straight line from the start r(0) of learning to its end, with the direction v (Eq. 17), and further directions.
/// A few passes over the pairs a call. Without a line (the end is the start) what is along it is NaN.
class ReferenceLine {
 public:
  ReferenceLine(Eigen::VectorXd start, Eigen::VectorXd const& end, Eigen::MatrixXd directions);

  Eigen::VectorXd const& start() const { return start_; }
  Eigen::Index directions() const { return directions_.cols(); }
  PathPoint point(Eigen::VectorXd const& r) const;
  Displacement displacement(Eigen::VectorXd const& from, Eigen::VectorXd const& to) const;

 private:
  Eigen::VectorXd start_, v_;
  Eigen::MatrixXd directions_;
};

}  // namespace hypnos

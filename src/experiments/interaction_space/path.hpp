#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hypnos/physics/memories/interaction_space.hpp"
#include "hypnos/physics/memories/symmetric_perceptron.hpp"
#include "hypnos/physics/memories/unlearning.hpp"

namespace hypnos::learning_paths {

/// Random directions on which paths are projected.
constexpr int directions = 3;

/// What is seen at the points 0, 1, ... of a path, and of the step that follows each; NaN from its end on.
struct Path {
  explicit Path(int points);

  void visit(Eigen::Index point, Whereabouts const& here);
  void move(Eigen::Index point, Displacement const& step);
  /// The point visited last is where the path ends, which is the unit of q_v.
  void end();

  Eigen::ArrayXXd projection;  ///< [point, direction]
  Eigen::ArrayXd velocity, q_v, q_v_angle, q_delta_v;

 private:
  double away_ = 0;
};

// --- the perceptron ---

/// The path of an untrained perceptron through so many updates; points for as many as max_steps.
Path path_of(SymmetricPerceptron perceptron, int steps, int max_steps, LineOfSight const& line);

// --- unlearning, packed dreams ---

using Dreams = std::vector<std::uint64_t>;

/// All dreams until every pattern is a fixed point, delta_min >= 0, where a straight line through measurements `stride`
/// dreams apart says so; nothing if `most` dreams are not enough.
std::optional<Dreams> dreams_in(Unlearning network, std::int64_t most, std::int64_t stride);

/// Through the ends of equal parts of all dreams. Steps of `dreams` are the first dreams of the parts; those of `parts`
/// go from end to end, and their velocity is their length over the number of dreams.
struct UnlearningPath {
  explicit UnlearningPath(int count) : dreams(count + 1), parts(count + 1) {}
  Path dreams, parts;
};
UnlearningPath path_of(Unlearning network, Dreams const& dreams, int parts, LineOfSight const& line);

}  // namespace hypnos::learning_paths

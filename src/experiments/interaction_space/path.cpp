#include "path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "hypnos/physics/statistics/crossings.hpp"

namespace hypnos::learning_paths {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::VectorXd;

namespace {

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Path::Path(int points)
    : projection(ArrayXXd::Constant(points, directions, unmeasured)),
      velocity(ArrayXd::Constant(points, unmeasured)),
      q_v(velocity),
      q_v_angle(velocity),
      q_delta_v(velocity) {}

void Path::visit(Index point, Whereabouts const& here) {
  projection.row(point) = here.projection;
  q_v(point) = here.along;
  q_v_angle(point) = here.away > 0 ? here.along / here.away : unmeasured;
  away_ = here.away;
}

void Path::move(Index point, Displacement const& step) {
  velocity(point) = step.length;
  q_delta_v(point) = step.length > 0 ? step.along / step.length : unmeasured;
}

void Path::end() { q_v /= away_ > 0 ? away_ : unmeasured; }

Path path_of(SymmetricPerceptron perceptron, int steps, int max_steps, LineOfSight const& line) {
  Path path(max_steps + 1);
  VectorXd r = line.start();
  path.visit(0, line.at(r));
  for (int t = 0; t < steps; ++t) {
    perceptron.step();
    VectorXd next = position(perceptron.J());
    path.move(t, line.between(r, next));
    path.visit(t + 1, line.at(next));
    r = std::move(next);
  }
  path.end();
  return path;
}

std::optional<Dreams> dreams_in(Unlearning network, std::int64_t most, std::int64_t stride) {
  auto const delta_min = [&network] { return range_of(network.stabilities()).min; };
  Dreams all;
  for (double before = delta_min(), now = before; now < 0; before = now) {
    auto const from = network.dreams(), count = std::min(stride, most - from);
    if (count <= 0) return {};
    auto const dreams = network.dream(static_cast<int>(count));
    all.insert(all.end(), dreams.begin(), dreams.end());
    now = delta_min();
    double const crossing = first_rise(Eigen::Array2d(0, count), Eigen::Array2d(before, now));
    if (now >= 0)
      all.resize((static_cast<std::size_t>(from) + static_cast<std::size_t>(std::ceil(crossing))) * network.words());
  }
  return all;
}

UnlearningPath path_of(Unlearning network, Dreams const& dreams, int parts, LineOfSight const& line) {
  auto const words = network.words(), total = dreams.size() / words;
  auto const end_of = [&](int part) {
    return total * static_cast<std::size_t>(part) / static_cast<std::size_t>(parts);
  };
  auto const after = [&](std::size_t count) {
    auto const so_far = static_cast<std::size_t>(network.dreams());
    network.replay(std::span(dreams).subspan(so_far * words, (count - so_far) * words));
    return position(network.J());
  };
  UnlearningPath path(parts);
  VectorXd r = line.start();
  path.dreams.visit(0, line.at(r));
  for (int part = 0; part < parts; ++part) {
    auto const begin = end_of(part), end = end_of(part + 1);
    if (begin < end) {
      path.dreams.move(part, line.between(r, after(begin + 1)));
      VectorXd next = after(end);
      path.parts.move(part, line.between(r, next));
      path.parts.velocity(part) /= static_cast<double>(end - begin);
      r = std::move(next);
    }
    path.dreams.visit(part + 1, line.at(r));
  }
  path.dreams.end();
  return path;
}

}  // namespace hypnos::learning_paths

#include "hypnos/physics/memories/coupling_path.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/unlearning_run.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::coupling_path_test {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr int N = 33, P = 10, max_steps = 40;

struct Setting {
  MatrixXd xi;
  SymmetricPerceptron untrained;
  int steps;
  ReferenceLine line;
};

Setting const& setting() {
  static Setting const made = [] {
    Rng rng(10, 0, streams::patterns), directions(10, 0, streams::directions);
    auto const xi = random_patterns(P, N, rng);
    SymmetricPerceptron const untrained(xi, hebbian_sums(xi), 0.5, N);
    auto const learning = completed(PerceptronLearning(untrained, max_steps));
    auto const& trained = learning.perceptron();
    return Setting{
        xi, untrained, trained.steps(),
        ReferenceLine(position(hebbian_sums(xi)), position(trained.J()), random_directions(3, N, directions))};
  }();
  return made;
}

Unlearning network() { return {setting().xi, {1, 20}, {Order::random_site}, Rng(10, 0, streams::dreams)}; }

bool same(ArrayXd const& a, ArrayXd const& b) { return (a == b || (a.isNaN() && b.isNaN())).all(); }

bool same(CouplingPath const& a, CouplingPath const& b) {
  return same(a.projection.reshaped(), b.projection.reshaped()) && same(a.velocity, b.velocity) && same(a.q_v, b.q_v) &&
         same(a.q_v_angle, b.q_v_angle) && same(a.q_delta_v, b.q_delta_v);
}

// Quotients and products of about 500 pairs.
doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-12); }

}  // namespace

TEST_CASE("the path of the perceptron ends where the line does, and is measured by the definitions at every step") {
  auto const& [xi, untrained, steps, line] = setting();
  REQUIRE(steps > 2);
  REQUIRE(steps < max_steps);
  auto const path = completed(PerceptronPath(untrained, steps, max_steps, line)).path();
  REQUIRE(path.q_v.size() == max_steps + 1);
  CHECK(path.q_v(0) == 0);
  CHECK(std::isnan(path.q_v_angle(0)));
  CHECK(path.q_v(steps) == near(1));
  CHECK(path.q_v_angle(steps) == near(1));
  CHECK(path.velocity.tail(max_steps + 1 - steps).isNaN().all());
  CHECK(path.q_v.tail(max_steps - steps).isNaN().all());

  auto perceptron = untrained;
  std::vector<VectorXd> r = {position(perceptron.J())};
  for (int t = 0; t < steps; ++t) {
    perceptron.step();
    r.push_back(position(perceptron.J()));
  }
  VectorXd const v = (r.back() - r.front()).normalized();
  for (int t = 0; t < steps; ++t) {
    auto const k = static_cast<std::size_t>(t);
    VectorXd const step = r[k + 1] - r[k], from_start = r[k] - r[0];
    CHECK(path.velocity(t) == near(step.norm()));
    CHECK(path.q_delta_v(t) == near(step.dot(v) / step.norm()));
    CHECK(path.q_v(t) == near(from_start.dot(v) / (r.back() - r[0]).norm()));
    if (t > 0) CHECK(path.q_v_angle(t) == near(from_start.dot(v) / from_start.norm()));
  }
}

TEST_CASE("the path of unlearning is measured at the ends of equal parts, and after their first dreams") {
  auto const& line = setting().line;
  auto whole = network();
  auto const dreams = whole.dream(31);
  int const parts = 4;
  auto const stage = completed(UnlearningPath(network(), dreams, 31, parts, line));
  auto const r_after = [&](std::int64_t count) {
    return position(completed(UnlearningReplay(network(), dreams, count)).network().J());
  };
  std::int64_t const ends[] = {0, 7, 15, 23, 31};
  for (int part = 0; part <= parts; ++part) {
    auto const here = r_after(ends[part]);
    auto const point = line.point(here);
    for (int d = 0; d < 3; ++d) CHECK(stage.by_dreams().projection(part, d) == near(point.projection(d)));
    CHECK(stage.by_dreams().q_v(part) == near(point.along / line.point(r_after(31)).distance));
    if (part == parts) continue;
    auto const first = line.displacement(here, r_after(ends[part] + 1));
    auto const all = line.displacement(here, r_after(ends[part + 1]));
    CHECK(stage.by_dreams().velocity(part) == near(first.length));
    CHECK(stage.by_dreams().q_delta_v(part) == near(first.along / first.length));
    CHECK(stage.by_parts().velocity(part) == near(all.length / static_cast<double>(ends[part + 1] - ends[part])));
    CHECK(stage.by_parts().q_delta_v(part) == near(all.along / all.length));
  }
}

TEST_CASE("more parts than dreams leave parts without a displacement") {
  auto whole = network();
  auto const dreams = whole.dream(2);
  auto const stage = completed(UnlearningPath(network(), dreams, 2, 4, setting().line));
  CHECK(stage.by_dreams().velocity.isNaN().count() == 3);  // of two parts, and of the end
  CHECK(stage.by_dreams().q_v(1) == 0);
}

TEST_CASE("paths that are interrupted are the same") {
  auto const& [xi, untrained, steps, line] = setting();
  auto const perceptron = [&, &u = untrained, &s = steps, &l = line] { return PerceptronPath(u, s, max_steps, l); };
  CHECK(same(interrupted(perceptron, 0, 1).path(), completed(perceptron()).path()));
  auto whole = network();
  auto const dreams = whole.dream(31);
  auto const unlearning = [&, &l = line] { return UnlearningPath(network(), dreams, 31, 4, l); };
  auto const parts = interrupted(unlearning, 0, 1), all = completed(unlearning());
  CHECK(same(parts.by_dreams(), all.by_dreams()));
  CHECK(same(parts.by_parts(), all.by_parts()));
}

}  // namespace hypnos::coupling_path_test

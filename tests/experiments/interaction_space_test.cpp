#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "settings.hpp"

namespace hypnos::interaction_space_test {

using Eigen::MatrixXd, Eigen::MatrixXi, Eigen::VectorXd;

namespace {

// --- the two algorithms and Eqs. 5, 8, 13-19 as they are printed, from all couplings of a path ---

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

double sigma(MatrixXd const& J) {
  double sum = 0;
  auto const N = static_cast<int>(J.rows());
  for (int i = 0; i < N; ++i)
    for (int j = i + 1; j < N; ++j) sum += J(i, j) * J(i, j);
  return std::sqrt(2.0 / N / (N - 1) * sum);
}

VectorXd r(MatrixXd const& J) {
  std::vector<double> pairs;
  for (int i = 0; i < J.rows(); ++i)
    for (int j = i + 1; j < J.rows(); ++j) pairs.push_back(J(i, j) / sigma(J));
  return Eigen::Map<VectorXd>(pairs.data(), std::ssize(pairs));
}

double overlap(MatrixXd const& J, MatrixXd const& U) {
  double sum = 0;
  auto const N = static_cast<int>(J.rows());
  for (int i = 0; i < N; ++i)
    for (int j = i + 1; j < N; ++j) sum += J(i, j) * U(i, j) / (sigma(J) * sigma(U));
  return 2.0 / N / (N - 1) * sum;
}

MatrixXd stabilities_of(MatrixXd const& xi, MatrixXd const& J) {
  MatrixXd delta(xi.rows(), xi.cols());
  for (int mu = 0; mu < xi.rows(); ++mu)
    for (int i = 0; i < xi.cols(); ++i) delta(mu, i) = xi(mu, i) * J.row(i).dot(xi.row(mu)) / J.row(i).norm();
  return delta;
}

std::vector<MatrixXd> perceptron_path(MatrixXd const& xi, double k, double lambda, int max_steps) {
  auto const N = static_cast<int>(xi.cols());
  MatrixXd J = hebbian_sums(xi) / N;
  std::vector<MatrixXd> path = {J};
  for (int t = 0; t < max_steps; ++t) {
    MatrixXd const delta = stabilities_of(xi, J);
    if (delta.minCoeff() >= k) break;
    for (int i = 0; i < N; ++i)
      for (int j = 0; j < N; ++j)
        for (int mu = 0; mu < xi.rows() && i != j; ++mu)
          J(i, j) += lambda * ((delta(mu, i) < k) + (delta(mu, j) < k)) * xi(mu, i) * xi(mu, j);
    path.push_back(J);
  }
  return path;
}

// Up to the first dream after which no stability is negative; fields of the integers C are exact.
std::vector<MatrixXd> unlearning_path(MatrixXd const& xi, int q, Rng const& stream) {
  auto const N = static_cast<double>(xi.cols());
  MatrixXi C = (q * hebbian_sums(xi)).cast<int>();
  std::vector<MatrixXd> path = {C.cast<double>() / (q * N)};
  while ((xi * C.cast<double>()).cwiseProduct(xi).minCoeff() < 0) {
    C = unlearnt(C, 1, plain_dream(C, {Order::random_site}, stream, std::ssize(path) - 1));
    path.push_back(C.cast<double>() / (q * N));
  }
  return path;
}

// NaN is like NaN. Numbers of order one to a thousand, sums of a few hundred terms: 1e-10 is rounding.
void check_equal(std::vector<double> const& found, std::vector<double> const& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t n = 0; n < found.size(); ++n) {
    CAPTURE(n);
    if (std::isnan(expected[n])) CHECK(std::isnan(found[n]));
    else CHECK(std::abs(found[n] - expected[n]) < 1e-10);
  }
}

struct Seen {
  std::vector<double> projection, velocity, q_v, q_v_angle, q_delta_v;
};

// What a path shows at some of its points; steps go a `stride` of points further, or to the next of these points (0).
Seen seen(std::vector<MatrixXd> const& path, std::vector<std::size_t> const& points, std::size_t stride,
          std::vector<MatrixXd> const& sp, MatrixXd const& directions) {
  VectorXd const v = (r(sp.back()) - r(sp[0])) / (r(sp.back()) - r(sp[0])).norm();
  VectorXd const origin = r(path[0]);
  Seen s;
  for (std::size_t n = 0; n < points.size(); ++n) {
    VectorXd const here = r(path[points[n]]);
    for (int d = 0; d < directions.cols(); ++d) s.projection.push_back(here.dot(directions.col(d)));
    s.q_v.push_back((here - origin).dot(v) / (r(path.back()) - origin).norm());
    s.q_v_angle.push_back(n > 0 ? (here - origin).dot(v) / (here - origin).norm() : unmeasured);
    if (n + 1 == points.size()) {
      s.velocity.push_back(unmeasured);
      s.q_delta_v.push_back(unmeasured);
      break;
    }
    VectorXd const step = r(path[stride > 0 ? points[n] + stride : points[n + 1]]) - here;
    s.velocity.push_back(stride > 0 ? step.norm() : step.norm() / static_cast<double>(points[n + 1] - points[n]));
    s.q_delta_v.push_back(step.dot(v) / step.norm());
  }
  return s;
}

void append(std::vector<double>& all, std::vector<double> const& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void pad(std::vector<double>& values, std::size_t size) { values.resize(size, unmeasured); }

}  // namespace

TEST_CASE("interaction-space: both paths are those of the printed equations") {
  constexpr int N = 41, P = 12, q = 20, max_steps = 60;
  constexpr std::size_t records = 7;
  auto const found = measured("interaction-space",
                              "N=41 alpha=0.3 epsilon=0.05 k=0.8123 lambda=0.01 max_steps=60 samples=2 records=7", 3);
  Rng numbers(1, 3, streams::patterns), sideways(1, 3, streams::directions);
  MatrixXd const xi = random_patterns(P, N, numbers);
  MatrixXd directions(N * (N - 1) / 2, 3);
  for (double& component : directions.reshaped()) component = sideways.normal();
  directions.colwise().normalize();

  auto const sp = perceptron_path(xi, 0.8123, 0.01, max_steps);  // no stability comes to this k exactly
  REQUIRE(sp.size() > 4);                                        // there is something to see
  REQUIRE(sp.size() < max_steps);
  CHECK(found.at("steps")[0] == static_cast<double>(sp.size() - 1));
  CHECK(found.at("converged")[0] == 1);
  check_equal(found.at("delta_min_final"), {stabilities_of(xi, sp.back()).minCoeff()});
  check_equal(found.at("q_hebb"), {overlap(sp.back(), sp[0])});
  std::vector<std::size_t> all(sp.size());
  std::iota(all.begin(), all.end(), 0);
  auto learnt = seen(sp, all, 1, sp, directions);
  pad(learnt.projection, 3 * (max_steps + 1));
  for (auto* values : {&learnt.velocity, &learnt.q_v, &learnt.q_v_angle, &learnt.q_delta_v})
    pad(*values, max_steps + 1);
  check_equal(found.at("projection"), learnt.projection);
  check_equal(found.at("velocity"), learnt.velocity);
  check_equal(found.at("q_v"), learnt.q_v);
  check_equal(found.at("q_v_angle"), learnt.q_v_angle);
  check_equal(found.at("q_delta_v"), learnt.q_delta_v);

  Seen dreams, parts;
  std::vector<double> dreams_in;
  std::vector<MatrixXd> ends;
  Rng const stream(1, 3, streams::dreams);
  for (auto const& own : {stream, stream.substream(1)}) {
    auto const path = unlearning_path(xi, q, own);
    auto const D = path.size() - 1;
    REQUIRE(D > 2 * records);
    std::vector<std::size_t> points;
    for (std::size_t n = 0; n <= records; ++n) points.push_back(D * n / records);
    for (auto [stride, kept] : {std::pair{std::size_t{1}, &dreams}, {std::size_t{0}, &parts}}) {
      auto const one = seen(path, points, stride, sp, directions);
      append(kept->projection, one.projection);
      append(kept->velocity, one.velocity);
      append(kept->q_v, one.q_v);
      append(kept->q_v_angle, one.q_v_angle);
      append(kept->q_delta_v, one.q_delta_v);
    }
    dreams_in.push_back(static_cast<double>(D));
    ends.push_back(path.back());
  }
  CHECK(found.at("dreams_in") == dreams_in);
  check_equal(found.at("projection_unlearning"), dreams.projection);
  check_equal(found.at("velocity_unlearning"), dreams.velocity);
  check_equal(found.at("q_v_unlearning"), dreams.q_v);
  check_equal(found.at("q_v_angle_unlearning"), dreams.q_v_angle);
  check_equal(found.at("q_delta_v_unlearning"), dreams.q_delta_v);
  check_equal(found.at("velocity_parts"), parts.velocity);
  check_equal(found.at("q_delta_v_parts"), parts.q_delta_v);
  check_equal(found.at("q"), {(overlap(ends[0], sp.back()) + overlap(ends[1], sp.back())) / 2});
  check_equal(found.at("q_hebb_unlearning"), {(overlap(ends[0], sp[0]) + overlap(ends[1], sp[0])) / 2});
  check_equal(found.at("q_samples"), {overlap(ends[0], ends[1])});
}

TEST_CASE("interaction-space: q_v of the perceptron goes from 0 to 1, and no path leaves the sphere") {
  auto const found = measured("interaction-space", "N=60 k=0.9 lambda=0.001 samples=3");
  auto const steps = static_cast<std::size_t>(found.at("steps")[0]);
  REQUIRE(steps > 5);
  CHECK(found.at("q_v")[0] == 0);
  CHECK(found.at("q_v")[steps] == doctest::Approx(1).epsilon(1e-12));
  CHECK(found.at("q_v_angle")[steps] == doctest::Approx(1).epsilon(1e-12));
  CHECK(std::isnan(found.at("q_v")[steps + 1]));
  // From one point of the sphere to another it is sqrt(2 M (1 - q)) at least: steps that lead there are not shorter.
  double const M = 60 * 59 / 2.0;
  double way = 0;
  for (std::size_t t = 0; t < steps; ++t) way += found.at("velocity")[t];
  CHECK(way >= std::sqrt(2 * M * (1 - found.at("q_hebb")[0])));
  for (std::string const name : {"q_v_angle", "q_delta_v", "q_v_angle_unlearning", "q_delta_v_unlearning",
                                 "q_delta_v_parts", "q", "q_hebb", "q_hebb_unlearning", "q_samples"})
    for (double const cosine : found.at(name)) CHECK((std::isnan(cosine) || std::abs(cosine) <= 1 + 1e-12));
  // All runs begin at Hebb's couplings, and no two dream the same.
  for (std::size_t d = 0; d < 3; ++d)
    for (std::size_t run = 0; run < 3; ++run)
      CHECK(found.at("projection_unlearning")[33 * run + d] == found.at("projection")[d]);
  CHECK(found.at("projection_unlearning")[30] != found.at("projection_unlearning")[63]);
}

TEST_CASE("interaction-space: final states do not depend on what is recorded, nor a run on those that follow it") {
  auto const paths = measured("interaction-space", "N=50 k=0.8 samples=2 records=7");
  auto const ends = measured("interaction-space", "N=50 k=0.8 samples=2 records=0");
  auto const more = measured("interaction-space", "N=50 k=0.8 samples=3 records=0");
  for (std::string const name : {"q", "q_hebb", "q_hebb_unlearning", "q_samples", "dreams_in", "steps", "converged"}) {
    CAPTURE(name);
    CHECK(paths.at(name) == ends.at(name));
  }
  for (std::string const name : {"projection", "velocity", "q_v_unlearning", "velocity_parts"})
    CHECK(ends.at(name).empty());
  REQUIRE(more.at("dreams_in").size() == 3);
  for (std::size_t run = 0; run < 2; ++run) CHECK(more.at("dreams_in")[run] == ends.at("dreams_in")[run]);
}

TEST_CASE("interaction-space: one pattern is stable from the start, so nothing moves and all overlaps are 1") {
  auto const found = measured("interaction-space", "N=20 alpha=0.05 k=0.5");
  CHECK(found.at("steps")[0] == 0);
  CHECK(found.at("dreams_in") == std::vector<double>{0, 0});
  for (std::string const name : {"q", "q_hebb", "q_hebb_unlearning", "q_samples"})
    CHECK(found.at(name)[0] == doctest::Approx(1).epsilon(1e-14));
  CHECK(std::isnan(found.at("velocity")[0]));
  CHECK(std::isnan(found.at("q_v_unlearning")[0]));
}

TEST_CASE("interaction-space: unlearning that is given too little time is not measured, the perceptron is") {
  auto const found = measured("interaction-space", "N=60 k=0.9 duration=0.01 max_steps=3 lambda=0.001");
  for (std::string const name : {"q", "q_hebb_unlearning", "q_samples", "dreams_in", "projection_unlearning",
                                 "q_v_unlearning", "velocity_unlearning", "velocity_parts"})
    for (double const value : found.at(name)) CHECK(std::isnan(value));
  CHECK(found.at("projection_unlearning").size() == 2 * 11 * 3);
  CHECK(found.at("converged")[0] == 0);
  CHECK(found.at("steps")[0] == 3);
  CHECK(found.at("delta_min_final")[0] < 0.9);
  CHECK(found.at("q_v")[3] == doctest::Approx(1).epsilon(1e-12));
}

TEST_CASE("interaction-space: settings that make no sense are mistakes of the user") {
  auto const& subject = experiment("interaction-space");
  auto const refused = [&](std::string const& settings, std::string const& what) {
    CAPTURE(settings);
    CHECK_THROWS_WITH_AS(subject.check(point(subject, settings)), doctest::Contains(what.c_str()), BadInput);
  };
  refused("N=10 alpha=0.04", "makes round(alpha N) = 0 patterns");
  refused("epsilon=0.0123456789123", "write it with fewer digits");
  refused("N=10000 alpha=2 epsilon=0.00011", "too large for 32 bits");
  refused("N=1000 epsilon=0.0001 duration=1", "give a shorter duration");
  CHECK_NOTHROW(subject.check(point(subject, "N=10 alpha=0.05")));
}

}  // namespace hypnos::interaction_space_test

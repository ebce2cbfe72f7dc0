#include "hypnos/physics/memories/moment_matching.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <stdexcept>
#include <vector>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/fixed_point_count.hpp"
#include "hypnos/physics/dynamics/plain_local_minima.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::moment_matching_test {

using Eigen::MatrixXd;

namespace {

MatrixXd patterns(int P, int N, std::uint32_t sample) {
  Rng rng(1, sample, streams::patterns);
  return random_patterns(P, N, rng);
}

MatchingPlan plan(std::vector<std::int64_t> steps, int samples = 0) {
  return {.steps = std::move(steps), .samples = samples};
}

std::vector<std::int64_t> every_step(int last) {
  std::vector<std::int64_t> steps;
  for (int step = 0; step <= last; ++step) steps.push_back(step);
  return steps;
}

// The definition in double precision: J and C after each step, by all 2^N states.
struct Plain {
  MatrixXd J;
  double distance = 0;
  Eigen::Index count = 0;
};

std::vector<Plain> plain_matching(MatrixXd const& xi, double lambda, MatrixXd J, int steps) {
  auto const N = static_cast<int>(xi.cols());
  MatrixXd const W = xi.transpose() * xi / static_cast<double>(xi.rows());
  std::vector<Plain> all;
  for (int step = 0; step <= steps; ++step) {
    auto const fixed_points = plain_local_minima(J, false);
    MatrixXd C = MatrixXd::Zero(N, N);
    for (Eigen::Index k = 0; k < fixed_points.count(); ++k) {
      auto const s = fixed_points.signs(k, 1);
      C += s.transpose() * s / static_cast<double>(fixed_points.count());
    }
    all.push_back({J, (C - W).cwiseAbs().maxCoeff(), fixed_points.count()});
    J += lambda / N * (W - C);
    J.diagonal().setZero();
  }
  return all;
}

}  // namespace

// Without fields that vanish the definition in double precision has the same fixed points. With N even and P odd Hebb's
// fields are odd multiples of 1/P, and the rate has no small multiples that could cancel them.
TEST_CASE("steps are those of the definition") {
  constexpr int steps = 12;
  int unmatched = 0;
  for (auto const& [P, N] : {std::pair{3, 8}, {5, 8}, {5, 10}, {7, 12}})
    for (std::uint32_t sample = 0; sample < 3; ++sample) {
      CAPTURE(N);
      CAPTURE(P);
      CAPTURE(sample);
      auto const xi = patterns(P, N, sample);
      auto const plain = plain_matching(xi, 0.3141, hebbian_sums(xi) / P, steps);
      auto const found = completed(MomentMatching(xi, {3141, 10'000}, MatchingStart::hebb, plan(every_step(steps))));
      for (int step = 0; step <= steps; ++step) {
        auto const& expected = plain[static_cast<std::size_t>(step)];
        CHECK(found.counts()(step) == expected.count);
        CHECK(found.distances()(step) == doctest::Approx(expected.distance).epsilon(1e-12));
      }
      auto const& last = plain[static_cast<std::size_t>(found.steps())];
      CHECK((found.unit() * found.couplings() - last.J).cwiseAbs().maxCoeff() < 1e-9);
      CHECK(found.matched() == (last.distance < 1e-9));
      unmatched += found.steps() > 1 ? 1 : 0;
    }
  CHECK(unmatched > 0);  // otherwise no step was compared
}

TEST_CASE("learning from nothing begins with all states") {
  auto const xi = patterns(3, 9, 0);
  auto const found = completed(MomentMatching(xi, {1, 1}, MatchingStart::zero, plan({0, 1})));
  CHECK(found.counts()(0) == 512);
  CHECK(found.distances()(0) == 1);  // P odd: some pair agrees or differs in all three patterns, or |W| = 1/3
  MatrixXd const expected = hebbian_sums(xi) / (3. * 9);
  CHECK((found.unit() * found.couplings() - expected).cwiseAbs().maxCoeff() < 1e-12);
  // the same without finding them
  auto few = plan({0, 1});
  few.most_fixed_points = 100;
  auto const unfound = completed(MomentMatching(xi, {1, 1}, MatchingStart::zero, few));
  CHECK(unfound.counts()(0) == 512);
  CHECK(unfound.distances()(0) == 1);
  CHECK(unfound.couplings() == found.couplings());
}

TEST_CASE(
    "without correlations J = 0, and all states are fixed points: the patterns alone only if they are all states") {
  MatrixXd all(2, 2), some(4, 4);
  all << 1, 1, 1, -1;
  some << 1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1, -1, 1, -1, -1, 1;
  for (auto const& [xi, only] : {std::pair{all, true}, std::pair{some, false}}) {
    auto const found = completed(MomentMatching(xi, {1, 1}, MatchingStart::hebb, plan({5})));
    CHECK(found.matched());
    CHECK(found.steps() == 0);
    CHECK(found.fixed_points().count() == 1 << xi.cols());
    CHECK(are_patterns_only(found.fixed_points(), SpinStates(xi)) == only);
  }
}

TEST_CASE("where it ends, the patterns and their opposites are the only fixed points, by another count") {
  int matched = 0;
  for (auto const& [P, N] : {std::pair{2, 10}, {3, 14}, {5, 17}, {6, 20}})
    for (auto const start : {MatchingStart::hebb, MatchingStart::zero}) {
      auto const xi = patterns(P, N, 1);
      auto const found = completed(MomentMatching(xi, {1, 1}, start, plan({0, 1000})));
      if (!found.matched()) continue;
      ++matched;
      CHECK(are_patterns_only(found.fixed_points(), SpinStates(xi)));
      CHECK(fixed_point_count(found.couplings()) == 2 * P);
      CHECK(found.distances()(1) == 0);
      CHECK(found.counts()(1) == 2 * P);
    }
  CHECK(matched >= 6);
}

TEST_CASE("fields that vanish do so exactly in every step") {
  // neurons 0, 1 and 2, 3 are equal in all patterns; s_0 = -s_1 and s_2 = -s_3 cancel in all other fields
  auto xi = patterns(4, 12, 0);
  xi.col(1) = xi.col(0);
  xi.col(3) = xi.col(2);
  auto const found = completed(MomentMatching(xi, {1, 7}, MatchingStart::hebb, plan({20})));
  auto const& K = found.couplings();
  for (int i = 4; i < 12; ++i) CHECK(K(i, 0) - K(i, 1) + K(i, 2) - K(i, 3) == 0);
  CHECK((K.array() == K.array().round()).all());
  CHECK(K == K.transpose());
  CHECK(K.diagonal().isZero(0));
}

// K falls by an integer times the integers Omega C: what is equal, or adds up to zero, in all fixed points stays so.
TEST_CASE("a step subtracts an integer multiple of the sums over fixed points") {
  int rounded = 0;
  for (std::uint32_t sample = 0; sample < 6; ++sample) {
    auto const xi = patterns(5, 12, sample);
    auto const found = completed(MomentMatching(xi, {1, 7}, MatchingStart::hebb, plan({0, 1})));
    if (found.steps() == 0) continue;
    MatrixXd const W = hebbian_sums(xi), K = W * 7. * 12;  // in units of 2^k, k = 37: 7 12^2 5 2^37 < 2^50
    auto const fixed_points = plain_local_minima(W, false);
    auto const Omega = static_cast<double>(fixed_points.count());
    MatrixXd sums = fixed_points.signs().transpose() * fixed_points.signs();
    sums.diagonal().setZero();
    double const factor = 5 * 0x1p37 / Omega;
    CHECK(found.unit() == 1 / (7. * 12 * 5 * 0x1p37));
    CHECK(0x1p37 * (K + W) - found.couplings() == std::round(factor) * sums);
    rounded += factor != std::round(factor) ? 1 : 0;
  }
  CHECK(rounded > 0);
}

// With 4000 samples a fixed point of basin b is missed with probability (1 - 2 b)^4000; all basins here are above 0.01.
TEST_CASE("samples that find all fixed points give the same steps") {
  auto const xi = patterns(4, 12, 1);
  auto const all = completed(MomentMatching(xi, {1, 1}, MatchingStart::hebb, plan(every_step(8))));
  auto const stream = Rng(1, 0, streams::dreams);
  auto const sampled = completed(MomentMatching(xi, {1, 1}, MatchingStart::hebb, plan(every_step(8), 4000), stream));
  CHECK(sampled.couplings() == all.couplings());
  CHECK((sampled.counts() == all.counts()).all());
  CHECK((sampled.distances() == all.distances()).all());
  CHECK(sampled.missed() == 0);
}

TEST_CASE("samples are states in which plain dreams end") {
  constexpr int N = 31, samples = 12;
  auto const xi = patterns(9, N, 2);
  Rng const stream(1, 3, streams::dreams);
  MomentMatching found(xi, {1, 2}, MatchingStart::hebb, plan({0, 1}, samples), stream);
  for (int step = 0; step < 2; ++step) {
    found.advance();
    // 2 N times Hebb's sums in step 0, units 2^35; afterwards the last 20 bits are lost
    MatrixXd const scaled = found.couplings() / (step == 0 ? 0x1p35 : 0x1p20);
    std::map<std::vector<int>, int> ends;  // with s_0 = 1
    for (int k = 0; k < samples; ++k) {
      Eigen::VectorXi s = plain_dream(scaled.cast<int>(), {Order::random_site}, stream.substream(k), step);
      if (s(0) < 0) s = -s;
      ++ends[{s.begin(), s.end()}];
    }
    CHECK(found.fixed_points().count() == 2 * std::ssize(ends));
    auto const signs = found.fixed_points().signs();
    for (Eigen::Index row = 0; row < signs.rows(); ++row) {
      Eigen::VectorXi const s = (signs(row, 0) * signs.row(row)).cast<int>();
      CHECK(ends.contains({s.begin(), s.end()}));
    }
    int once = 0;
    for (auto const& [state, times] : ends) once += times == 1 ? 1 : 0;
    CHECK(found.missed() == once / static_cast<double>(samples));
  }
}

TEST_CASE("interrupted learning goes on with the same bits, also by a team") {
  auto const xi = patterns(6, 16, 4);
  auto const backwards = [](int count, MakeItem const& make) {
    std::vector<std::vector<double>> items;
    for (int k = count - 1; k >= 0; --k) items.insert(items.begin(), make(k));
    return items;
  };
  for (int const samples : {0, 50}) {
    auto const make = [&](ItemMap const& share) {
      return MomentMatching(xi, {1, 4}, MatchingStart::hebb, plan({0, 5, 15}, samples), Rng(1, 0, streams::dreams),
                            share);
    };
    auto const whole = completed(make(serial_items));
    auto const pieces = interrupted([&] { return make(backwards); }, 1e4, 3);
    CHECK(pieces.couplings() == whole.couplings());
    CHECK(pieces.fixed_points() == whole.fixed_points());
    CHECK((pieces.distances() == whole.distances()).all());
    CHECK((pieces.counts() == whole.counts()).all());
    CHECK(pieces.missed() == whole.missed());
  }
}

TEST_CASE("a search under way goes on where it was") {
  auto const xi = patterns(10, 30, 0);
  auto const make = [&] { return MomentMatching(xi, {1, 1}, MatchingStart::hebb, plan({0, 1})); };
  auto const left = [](MomentMatching matching) {
    int pieces = 0;
    for (; !matching.done(); ++pieces) matching.advance(1e6);
    return pieces;
  };
  auto matching = make();
  int const all = left(matching);
  REQUIRE(all > 8);
  for (int piece = 0; piece < all / 4; ++piece) matching.advance(1e6);
  StateWriter writer;
  writer(matching);
  auto const bytes = writer.take();
  auto restored = make();
  StateReader reader(bytes);
  reader(restored);
  CHECK(left(restored) == all - all / 4);
}

TEST_CASE("what cannot be learnt is refused") {
  auto const xi = patterns(3, 10, 0);
  CHECK_THROWS_AS(MomentMatching(MatrixXd(0, 10), {1, 1}, MatchingStart::hebb, plan({1})), std::domain_error);
  CHECK_THROWS_AS(MomentMatching(xi, {1, 1}, MatchingStart::hebb, plan({1}, 10)), std::domain_error);
  CHECK(MomentMatching::possible(100, 30, {1, 100}));
  CHECK_FALSE(MomentMatching::possible(100, 30, {1, 100'000}));
  CHECK_THROWS_AS(MomentMatching(patterns(30, 100, 0), {1, 100'000}, MatchingStart::hebb, plan({1})),
                  std::domain_error);
  auto few = plan({10});
  few.most_fixed_points = 2;
  CHECK_THROWS_AS(completed(MomentMatching(xi, {1, 1}, MatchingStart::hebb, few)), std::length_error);
}

TEST_CASE("patterns and opposites are told from other states") {
  auto const xi = patterns(3, 10, 0);
  SpinStates const states(xi);
  auto all = states;
  CHECK_FALSE(are_patterns_only(all, states));
  MatrixXd const opposite = -xi;
  all.append(SpinStates(opposite));
  CHECK(are_patterns_only(all, states));
  auto other = all;
  other[0].flip(3);
  CHECK_FALSE(are_patterns_only(other, states));
}

}  // namespace hypnos::moment_matching_test

#include "hypnos/physics/dynamics/fixed_overlap.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/kawasaki.hpp"
#include "hypnos/physics/dynamics/plain_fixed_overlap.hpp"
#include "hypnos/physics/dynamics/saddles.hpp"

namespace hypnos::fixed_overlap_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXi;
using Eigen::VectorXi;

namespace {

constexpr int awkward_sizes[] = {1, 2, 3, 5, 31, 33, 64, 65, 100};

Rng const stream(9, 0, streams::dreams);

MatrixXd random_signs(int count, int N) {
  Rng rng(9, 0, streams::patterns);
  return MatrixXd::NullaryExpr(count, N, [&] { return rng.below(2) == 0 ? -1. : 1.; });
}

// Hebb's couplings times N: integers, of which sums often vanish.
MatrixXd hebb(int N) {
  MatrixXd const xi = random_signs(N / 3 + 1, N);
  MatrixXd J = xi.transpose() * xi;
  J.diagonal().setZero();
  return J;
}

MatrixXi units(IntegerNetwork const& network) {
  return MatrixXi::NullaryExpr(network.size(), network.size(), [&](Index i, Index j) {
    return network.coupling(static_cast<int>(i), static_cast<int>(j));
  });
}

VectorXi unpacked(SpinState s) {
  return VectorXi::NullaryExpr(s.size(), [&](Index i) { return s.spin(static_cast<int>(i)); });
}

// A state at the least overlap with the first pattern.
struct Example {
  IntegerNetwork network;
  SpinStates reference, start;

  explicit Example(MatrixXd const& J)
      : network(J), reference(random_signs(1, network.size())), start([&] {
          BufferedRandom random(stream.substream(1));
          return state_at_overlap(reference[0], opposite_at_least_overlap(network.size()), random);
        }()) {}

  FixedOverlapState state() const { return {NetworkState(network, start[0]), reference[0]}; }
  PlainFixedOverlap plain() const { return {units(network), unpacked(start[0]), unpacked(reference[0])}; }
};

// Spins, fields, and the lists of neurons.
void check_equal(FixedOverlapState const& state, PlainFixedOverlap const& plain) {
  int const N = state.size();
  CHECK(state.state().spins().head(N).matrix() == plain.s);
  CHECK(state.state().fields().head(N).matrix() == plain.J * plain.s);
  CHECK(state.aligned() == plain.aligned);
  CHECK(state.opposite() == plain.opposite);
}

bool has_pairs(PlainFixedOverlap const& plain) { return !plain.aligned.empty() && !plain.opposite.empty(); }

int lowering_pairs(FixedOverlapState const& state) {
  int count = 0;
  for (int const a : state.aligned())
    for (int const b : state.opposite()) count += state.half_energy_change(a, b) < 0;
  return count;
}

}  // namespace

TEST_CASE("states at the least overlap have the smallest positive one that the parity allows, each equally often") {
  for (int const N : {1, 3, 4, 5, 6, 100, 101, 500}) {
    BufferedRandom random(stream);
    SpinStates const reference(random_signs(1, N));
    auto const state = state_at_overlap(reference[0], opposite_at_least_overlap(N), random);
    CHECK(scalar_product(state[0], reference[0]) == (N % 2 == 0 ? 2 : 1));
    if (N > 4) CHECK(overlap(state[0], reference[0]) < 1 / std::sqrt(N));
  }
  BufferedRandom random(stream);
  SpinStates const reference(random_signs(1, 6));
  std::map<std::uint64_t, int> seen;
  constexpr int count = 15'000;
  for (int k = 0; k < count; ++k) ++seen[state_at_overlap(reference[0], 2, random).bits().front()];
  CHECK(seen.size() == 15);
  double chi2 = 0;
  for (auto const& [state, times] : seen) chi2 += std::pow(times - 1000., 2) / 1000;
  CHECK(chi2 < 57);  // of 14 degrees of freedom: 4e-7
  CHECK_THROWS_AS(state_at_overlap(reference[0], -1, random), std::domain_error);
  CHECK_THROWS_AS(state_at_overlap(reference[0], 7, random), std::domain_error);
}

TEST_CASE("Kawasaki moves are those of the definition, at any size and temperature") {
  for (int const N : awkward_sizes)
    for (double const T : {1e-6, 0.3, 2., 1e9})
      for (std::int64_t const moves : {0, 1, 63, 64, 65, 700}) {
        CAPTURE(N);
        CAPTURE(T);
        CAPTURE(moves);
        Example const example(hebb(N));
        auto state = example.state();
        auto plain = example.plain();
        BufferedRandom random(stream);
        Rng rng = stream;
        kawasaki(state, T * N, moves, random);
        if (has_pairs(plain)) plain.kawasaki(example.network.in_units(T * N / 2), moves, rng);
        check_equal(state, plain);
        CHECK(random.bits() == rng.bits());
      }
}

TEST_CASE("the change of energy of an exchange is exact, with the coupling between the two neurons") {
  Example const example(hebb(33));
  auto const state = example.state();
  auto plain = example.plain();
  for (int const a : state.aligned())
    for (int const b : state.opposite()) {
      CHECK(state.half_energy_change(a, b) == plain.half_energy_change(a, b));
      plain.flip(a, b);
      CHECK(state.unstable_after(a, b) == plain.unstable());
      plain.flip(a, b);
    }
}

TEST_CASE("Kawasaki dynamics has Boltzmann's distribution among the states of its overlap") {
  constexpr int count = 40'000;
  for (int const N : {5, 6})
    for (double const T : {0.6, 3.}) {
      Rng rng(9, 0, streams::couplings);
      MatrixXd J = MatrixXd::Zero(N, N);
      for (int i = 0; i < N; ++i)
        for (int j = 0; j < i; ++j) J(i, j) = J(j, i) = rng.normal() / std::sqrt(N);
      Example const example(J);
      auto state = example.state();
      auto const magnetization = scalar_product(example.start[0], example.reference[0]);
      BufferedRandom random(stream);
      std::map<std::uint64_t, double> weights, seen;
      double Z = 0;
      for (std::uint64_t k = 0; k < std::uint64_t{1} << N; ++k) {
        SpinStates all(N, 1);
        all[0].words()[0] = k;
        if (scalar_product(all[0], example.reference[0]) != magnetization) continue;
        Eigen::VectorXd const s = unpacked(all[0]).cast<double>();
        Z += weights[k] = std::exp(s.dot(J * s) / 2 / T);
      }
      for (int k = 0; k < count; ++k) {
        kawasaki(state, T, 100, random);
        ++seen[state.state().state().bits().front()];
      }
      double chi2 = 0;
      for (auto const& [k, weight] : weights) chi2 += std::pow(seen[k] - count * weight / Z, 2) / (count * weight / Z);
      // 10 and 15 states: chi^2 of 9 and 14 degrees of freedom exceeds 49 and 57 with probability 2e-7 and 4e-7. A
      // hundred moves forget the state before.
      CHECK(weights.size() == (N == 5 ? 10 : 15));
      CHECK(seen.size() == weights.size());
      CHECK(chi2 < (N == 5 ? 49 : 57));
    }
}

TEST_CASE("the overlap with the reference is constant, in Kawasaki dynamics, descents and searches for saddles") {
  Example const example(hebb(65));
  auto state = example.state();
  BufferedRandom random(stream);
  auto const constant = [&] {
    CHECK(scalar_product(state.state().state()[0], example.reference[0]) == 1);
    CHECK(state.overlap() == 1. / 65);
    for (int const i : state.aligned()) CHECK(state.state().spin(i) == example.reference[0].spin(i));
    for (int const i : state.opposite()) CHECK(state.state().spin(i) == -example.reference[0].spin(i));
  };
  kawasaki(state, 65, 1000, random);
  constant();
  kawasaki_descent(state, random);
  constant();
  descend_to_saddle(state, 0.4, 1000, random);
  constant();
}

TEST_CASE("a descent is that of the definition, falls, and ends where no exchange lowers the energy") {
  for (int const N : awkward_sizes) {
    CAPTURE(N);
    Example const example(hebb(N));
    auto state = example.state();
    auto plain = example.plain();
    BufferedRandom random(stream);
    Rng rng = stream;
    double const before = state.state().energy();
    auto const exchanges = kawasaki_descent(state, random);
    if (has_pairs(plain)) plain.descend(rng);
    check_equal(state, plain);
    CHECK(lowering_pairs(state) == 0);
    CHECK(state.state().energy() <= before - 2. * static_cast<double>(exchanges));  // dE is a multiple of 2
    CHECK(kawasaki_descent(state, random) == 0);
  }
}

TEST_CASE("in a ferromagnet all exchanges are neutral: a descent makes none") {
  Example const example(MatrixXd::Ones(40, 40));
  FixedOverlapState state(NetworkState(example.network, example.start[0]), SpinStates(MatrixXd::Ones(1, 40))[0]);
  BufferedRandom random(stream);
  CHECK(kawasaki_descent(state, random) == 0);
}

TEST_CASE("a search for a saddle is that of the definition, and reports where it ends") {
  for (int const N : awkward_sizes)
    for (double const f : {0., 0.013, 0.1, 0.25, 0.5, 0.8, 1.}) {
      CAPTURE(N);
      CAPTURE(f);
      Example const example(hebb(N));
      auto state = example.state();
      auto plain = example.plain();
      BufferedRandom random(stream);
      Rng rng = stream;
      auto const saddle = descend_to_saddle(state, f, 300, random);
      auto const proposals = has_pairs(plain) ? plain.descend_to_saddle(f, 300, rng) : 0;
      CHECK(saddle.proposals == proposals);
      CHECK(saddle.unstable == plain.unstable());
      CHECK(saddle.reached == (std::abs(plain.unstable() - f * N) <= 0.5));
      CHECK((saddle.reached || !has_pairs(plain) || saddle.proposals == 300));
      check_equal(state, plain);
    }
}

TEST_CASE("saddles of moderate f are found; f = 1 is not, which is reported") {
  Example const example(hebb(100));
  for (double const f : {0.15, 0.3, 0.45}) {
    auto state = example.state();
    BufferedRandom random(stream);
    auto const saddle = descend_to_saddle(state, f, 100'000, random);
    CHECK(saddle.reached);
    CHECK(saddle.unstable == std::lround(100 * f));
  }
  auto state = example.state();
  BufferedRandom random(stream);
  auto const saddle = descend_to_saddle(state, 1, 10'000, random);
  CHECK(!saddle.reached);
  CHECK(saddle.proposals == 10'000);
  CHECK(saddle.unstable < 100);
  CHECK(saddle.unstable == state.state().unstable());
}

TEST_CASE("fields of zero are stable: without couplings there are only saddles of f = 0") {
  Example const example(MatrixXd::Zero(20, 20));
  auto state = example.state();
  BufferedRandom random(stream);
  auto const fixed_point = descend_to_saddle(state, 0, 0, random);
  CHECK(fixed_point.reached);
  CHECK(fixed_point.unstable == 0);
  CHECK(!descend_to_saddle(state, 0.1, 50, random).reached);
}

TEST_CASE("a state at a fixed overlap is archived with the order of its neurons") {
  Example const example(hebb(33));
  auto state = example.state();
  BufferedRandom random(stream);
  kawasaki(state, 33, 100, random);
  StateWriter writer;
  writer(state, random);
  auto const bytes = writer.take();
  auto other = example.state();
  BufferedRandom numbers(stream);
  StateReader reader(bytes);
  reader(other, numbers);
  CHECK(reader.empty());
  kawasaki(state, 33, 100, random);
  kawasaki(other, 33, 100, numbers);
  CHECK(other.state().state() == state.state().state());
}

TEST_CASE("asymmetric couplings, temperatures, fractions and numbers out of range are refused") {
  Example const example(hebb(8));
  auto state = example.state();
  BufferedRandom random(stream);
  for (double const T : {0., -1., std::nan(""), std::numeric_limits<double>::infinity()})
    CHECK_THROWS_AS(kawasaki(state, T, 1, random), std::domain_error);
  CHECK_THROWS_AS(kawasaki(state, 1, -1, random), std::domain_error);
  for (double const f : {-0.01, 1.01, std::nan("")})
    CHECK_THROWS_AS(descend_to_saddle(state, f, 1, random), std::domain_error);
  CHECK_THROWS_AS(descend_to_saddle(state, 0.5, -1, random), std::domain_error);
  CHECK_THROWS_AS(FixedOverlapState(NetworkState(example.network, example.start[0]), SpinStates(7, 1)[0]),
                  std::domain_error);
  MatrixXd J = hebb(8);
  J(0, 1) += 1;
  Example const asymmetric(J);
  auto refused = asymmetric.state();
  CHECK_THROWS_AS(kawasaki(refused, 1, 1, random), std::domain_error);
  CHECK_THROWS_AS(kawasaki_descent(refused, random), std::domain_error);
}

}  // namespace hypnos::fixed_overlap_test

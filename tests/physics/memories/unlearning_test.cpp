#include "hypnos/physics/memories/unlearning.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"

namespace hypnos::unlearning_test {

using Eigen::MatrixXd;
using Eigen::MatrixXi;
using Eigen::VectorXi;

namespace {

constexpr Order all_orders[] = {Order::random_site, Order::sweep, Order::random_sweep};

Rng dream_stream() { return {7, 3, streams::dreams}; }

MatrixXd patterns(int P, int N) {
  Rng rng(1, 2, streams::patterns);
  return MatrixXd::NullaryExpr(P, N, [&] { return rng.below(2) == 0 ? -1. : 1.; });
}

MatrixXi hebb(MatrixXd const& xi, Fraction epsilon) {
  MatrixXi C = epsilon.q * (xi.transpose() * xi).cast<int>();
  C.diagonal().setZero();
  return C;
}

VectorXi unpacked(SpinStates const& dreams, Eigen::Index d) {
  return dreams.signs(d, 1).row(0).transpose().cast<int>();
}

// Dreams by the definition, beside those of `network`, one by one; returns how many are others.
int wrong_dreams(Unlearning& network, MatrixXi& C, Fraction epsilon, Dynamics dynamics, int count) {
  auto const first = network.dreams();
  auto const dreams = network.dream(count);
  int wrong = 0;
  for (int d = 0; d < count; ++d) {
    VectorXi const S = plain_dream(C, dynamics, dream_stream(), first + d);
    wrong += unpacked(dreams, d) != S;
    C = unlearnt(C, epsilon.r, S);
  }
  return wrong;
}

double energy(MatrixXi const& C, VectorXi const& s) { return -0.5 * s.dot(C * s); }

// <-1/2 sum_ij J_ij s_i s_j> at temperature T, over all states.
double equilibrium_energy(MatrixXd const& J, double T) {
  double Z = 0, sum = 0;
  for (int k = 0; k < 1 << J.cols(); ++k) {
    Eigen::VectorXd const s =
        Eigen::VectorXd::NullaryExpr(J.cols(), [&](Eigen::Index i) { return k >> i & 1 ? 1. : -1.; });
    double const E = -0.5 * s.dot(J * s), weight = std::exp(-E / T);
    Z += weight;
    sum += E * weight;
  }
  return sum / Z;
}

}  // namespace

TEST_CASE(
    "dreams are those of the definition, whatever the size, the order, the rate and the parity of the couplings") {
  for (int const N : {1, 2, 3, 5, 16, 17, 63, 64, 65, 100, 129})
    for (int const P : {0, 1, 2, 3, N / 3 + 4})
      for (double const epsilon : {0.01, 1 / 7., 0.03, 1., 2.5})
        for (auto const order : all_orders) {
          CAPTURE(N);
          CAPTURE(P);
          CAPTURE(epsilon);
          CAPTURE(static_cast<int>(order));
          auto const xi = patterns(P, N);
          auto const rate = *fraction(epsilon);
          Unlearning network(xi, rate, {order}, dream_stream());
          MatrixXi C = hebb(xi, rate);
          CHECK(network.C() == C);
          for (int const count : {1, 2, 0, 15, 16, 17}) {  // 16 are deferred: either side of it
            CHECK(wrong_dreams(network, C, rate, {order}, count) == 0);
            CHECK(network.C() == C);
          }
          CHECK(network.dreams() == 51);
        }
}

TEST_CASE("couplings at the end of 16 bits and beyond are exact") {
  // P = 1: C_ij = +-q, of which half is kept; with 17 more for a block of dreams 32767 is just reached at q = 65500
  for (int const q : {65498, 65499, 65500, 65501, 65502, 65533, 65534, 65535, 65536, 65537, 100'000}) {
    CAPTURE(q);
    Fraction const rate{1, q};
    for (int const N : {2, 17, 65}) {
      auto const xi = patterns(1, N);
      Unlearning network(xi, rate, {Order::random_site}, dream_stream());
      MatrixXi C = hebb(xi, rate);
      CHECK(wrong_dreams(network, C, rate, {Order::random_site}, 20) == 0);
      CHECK(network.C() == C);
    }
  }
  // growing out of 16 bits: the same state is unlearnt until couplings are far below -65536
  Fraction const rate{501, 2};
  for (int const N : {3, 66}) {
    auto const xi = patterns(3, N);
    Unlearning network(xi, rate, {Order::sweep}, dream_stream());
    MatrixXi C = hebb(xi, rate);
    SpinStates const state(patterns(1, N));
    VectorXi const S = unpacked(state, 0);
    for (int d = 0; d < 200; d += 2) {
      network.replay(state);
      C = unlearnt(C, rate.r, S);
      CHECK(wrong_dreams(network, C, rate, {Order::sweep}, 1) == 0);
      CHECK(network.C() == C);
    }
  }
}

TEST_CASE("couplings that outgrow 32 bits are an error, not a wrong number") {
  Unlearning network(patterns(2, 100), {1'000'000, 1}, {Order::sweep}, dream_stream());
  SpinStates const state(100, 1);
  CHECK_THROWS_AS(
      [&] {
        for (int d = 0; d < 100; ++d) network.replay(state);
      }(),
      std::overflow_error);
}

TEST_CASE("without couplings every state is a fixed point, since a field of zero turns nothing") {
  for (int const N : {1, 4, 33, 65}) {
    // a pattern with q dreams of it subtracted: no couplings are left
    Unlearning network(MatrixXd::Ones(1, N), {1, 2}, {Order::random_site}, dream_stream());
    SpinStates const pattern(MatrixXd::Ones(1, N));
    network.replay(pattern);
    network.replay(pattern);
    CHECK(network.C().isZero());
    auto numbers = numbers_of_dream(dream_stream(), 2);
    CHECK(unpacked(network.dream(1), 0) == random_state(N, numbers));
  }
}

TEST_CASE("one pattern alone is dreamt, as it is or reversed, and at epsilon = 1 forgotten in one dream") {
  for (int const N : {2, 31, 64, 101})
    for (auto const order : all_orders) {
      auto const xi = patterns(1, N);
      Unlearning network(xi, {1, 1}, {order}, dream_stream());
      auto const overlap = unpacked(network.dream(1), 0).cast<double>().dot(xi.row(0).transpose());
      CHECK(std::abs(overlap) == N);
      CHECK(network.C().isZero());
      CHECK(network.sigma_J() == 0);
    }
}

TEST_CASE(
    "dreams are fixed points of the couplings they are dreamt with, not above their start, and J stays symmetric") {
  int const N = 90;
  auto const rate = *fraction(0.01);
  for (auto const order : all_orders) {
    Unlearning network(patterns(27, N), rate, {order}, dream_stream());
    for (int d = 0; d < 100; ++d) {
      MatrixXi const C = network.C();
      VectorXi const S = unpacked(network.dream(1), 0);
      CHECK((S.array() * (C * S).array()).minCoeff() >= 0);
      auto numbers = numbers_of_dream(dream_stream(), d);
      CHECK(energy(C, S) <= energy(C, random_state(N, numbers)));
      // what was dreamt has risen by epsilon (N - 1) / 2, here in units of 1 / (q N)
      CHECK(energy(network.C(), S) == energy(C, S) + 0.5 * N * (N - 1));
      CHECK(network.C() == network.C().transpose());
      CHECK(network.C().diagonal().isZero());
    }
  }
}

TEST_CASE("dreams do not depend on how they are grouped, and the couplings follow from them") {
  int const N = 70;
  auto const xi = patterns(20, N);
  auto const rate = *fraction(0.03);
  Unlearning whole(xi, rate, {Order::random_site}, dream_stream()),
      parts = Unlearning(xi, rate, {Order::random_site}, dream_stream()),
      again(xi, rate, {Order::random_site}, dream_stream());
  auto const dreams = whole.dream(100);
  SpinStates grouped(N);
  for (int const count : {1, 16, 3, 33, 47}) grouped.append(parts.dream(count));
  CHECK(grouped == dreams);
  CHECK(parts.C() == whole.C());

  again.replay(dreams, 0, 30);
  again.replay(dreams, 30, 11);
  CHECK(again.dreams() == 41);
  CHECK(again.dream(59) == dreams.part(41, 59));
  CHECK(again.C() == whole.C());
}

TEST_CASE("stabilities and the spread of couplings are those of J") {
  for (int const N : {2, 17, 65})
    for (int const P : {1, 6, 20}) {
      auto const xi = patterns(P, N);
      Unlearning network(xi, *fraction(0.05), {Order::random_site}, dream_stream());
      for (int const count : {0, 1, 30}) {
        network.dream(count);
        MatrixXd const J = network.J();
        // from Hebb's rule and the rule of unlearning, in floating point: 51 sums of 1 / N
        CHECK(std::abs(J(0, 1) - network.C()(0, 1) * 0.05 / N) < 1e-12);
        MatrixXd const delta = network.stabilities();
        for (int mu = 0; mu < P; ++mu)
          for (int i = 0; i < N; ++i) {
            double const norm = J.row(i).norm();
            double const expected = norm > 0 ? xi(mu, i) * J.row(i).dot(xi.row(mu)) / norm : 0;
            // at most 65 terms of rounding 2^-53, below sqrt(65) in sum
            CHECK(std::abs(delta(mu, i) - expected) < 1e-13 * N);
          }
        double squares = 0;
        for (int i = 0; i < N; ++i)
          for (int j = i + 1; j < N; ++j) squares += J(i, j) * J(i, j);
        double const mean = squares / (N * (N - 1) / 2.);
        CHECK(std::abs(network.sigma_J() * network.sigma_J() - mean) < 1e-14 * (1 + mean));  // sums of 2^-53 J^2
      }
    }
  CHECK(Unlearning(patterns(3, 1), {1, 10}, {Order::sweep}, dream_stream()).sigma_J() == 0);
  CHECK(Unlearning(patterns(3, 1), {1, 10}, {Order::sweep}, dream_stream()).stabilities().isZero());
}

TEST_CASE("fields that 16 bits would not hold, of dreams that unlearn much at once, are exact") {
  Fraction const rate{501, 2};
  for (int const N : {30, 66, 129}) {
    auto const xi = patterns(N / 3, N);
    Unlearning network(xi, rate, {Order::random_site}, dream_stream());
    MatrixXi C = hebb(xi, rate);
    CHECK(wrong_dreams(network, C, rate, {Order::random_site}, 40) == 0);
    CHECK(network.C() == C);
  }
}

TEST_CASE("glassy states are dreams that are not unlearnt") {
  for (int const N : {1, 17, 64, 130})
    for (auto const order : all_orders) {
      Unlearning network(patterns(N / 3 + 1, N), {1, 7}, {order}, dream_stream());
      network.dream(21);
      auto const C = network.C();
      Rng const stream(7, 3, streams::glassy_states);
      auto const states = network.glassy_states(19, stream);
      for (int d = 0; d < 19; ++d) CHECK(unpacked(states, d) == plain_dream(C, {order}, stream, d));
      CHECK(network.glassy_states(12, stream, 7) == states.part(7, 12));
      CHECK(network.C() == C);
      CHECK(network.dreams() == 21);
    }
}

TEST_CASE("thermal dreams are those of the definition") {
  for (int const N : {1, 2, 17, 64, 65, 130})
    for (double const epsilon : {0.01, 1 / 7.})
      for (auto const order : all_orders)
        for (double const T : {0.05, 0.6, 20.})
          for (int const sweeps : {0, 1, 3}) {
            CAPTURE(N);
            CAPTURE(T);
            auto const xi = patterns(N / 4 + 2, N);
            auto const rate = *fraction(epsilon);
            Unlearning network(xi, rate, {order, T, sweeps}, dream_stream());
            MatrixXi C = hebb(xi, rate);
            for (int const count : {1, 17})
              CHECK(wrong_dreams(network, C, rate, {order, T * rate.q * N, sweeps}, count) == 0);
            CHECK(network.C() == C);
          }
}

TEST_CASE("thermal dreams have Boltzmann's distribution") {
  constexpr int N = 4, count = 40'000;
  auto const xi = patterns(3, N);
  for (auto const order : all_orders) {
    Unlearning network(xi, {1, 2}, {order, 0.8, 60}, dream_stream());
    network.dream(1);  // with codes of a dream written down
    MatrixXd const J = network.J();
    Eigen::ArrayXd weights(1 << N), seen = Eigen::ArrayXd::Zero(1 << N);
    for (int k = 0; k < 1 << N; ++k) {
      Eigen::VectorXd const s = Eigen::VectorXd::NullaryExpr(N, [&](Eigen::Index i) { return k >> i & 1 ? 1. : -1.; });
      weights(k) = std::exp(s.dot(J * s) / 2 / 0.8);
    }
    auto const states = network.glassy_states(count, Rng(7, 3, streams::glassy_states));
    for (auto const state : states.bits()) ++seen(static_cast<Eigen::Index>(state));
    Eigen::ArrayXd const expected = count * weights / weights.sum();
    // chi^2 of 15 degrees of freedom exceeds 59 with probability 4e-7. Sixty sweeps forget the start: no sum of |J_ij|
    // over j exceeds 1.375, against which a spin is drawn with probability 0.03.
    CHECK(((seen - expected).square() / expected).sum() < 59);
  }
}

TEST_CASE("the drift of thermal dreams is the energy per neuron that the second half of their sweeps changes") {
  for (int const N : {3, 16, 65})
    for (auto const order : all_orders)
      for (int const sweeps : {1, 2, 5}) {
        auto const xi = patterns(N / 3 + 1, N);
        Fraction const rate{3, 100};
        double const T = 0.3;
        Unlearning network(xi, rate, {order, T, sweeps}, dream_stream());
        MatrixXi C = hebb(xi, rate);
        CHECK(std::isnan(network.take_energy_drift()));
        double const unit = static_cast<double>(rate.q) * N;
        int first = 0;
        for (int const count : {1, 20}) {
          network.dream(count);
          double sum = 0;
          for (int d = 0; d < count; ++d, ++first) {
            auto const after = [&](int updates) {
              return plain_dream(C, {order, T * unit, updates}, dream_stream(), first);
            };
            sum += energy(C, after(sweeps)) - energy(C, after(sweeps / 2));
            C = unlearnt(C, rate.r, after(sweeps));
          }
          CHECK(network.take_energy_drift() == doctest::Approx(sum / count / unit / N).epsilon(1e-13));  // divisions
          CHECK(std::isnan(network.take_energy_drift()));
        }
      }
  Unlearning fixed_points(patterns(5, 20), {1, 10}, {}, dream_stream());
  fixed_points.dream(3);
  CHECK(std::isnan(fixed_points.take_energy_drift()));
}

TEST_CASE("the drift shows dreams that end before equilibrium, whose energy is known exactly") {
  struct Mean {
    double sum = 0, squares = 0;
    int count = 0;
    void add(double x) { sum += x, squares += x * x, ++count; }
    double mean() const { return sum / count; }
    double error() const { return std::sqrt((squares / count - mean() * mean()) / (count - 1)); }
  };
  constexpr int N = 12;
  for (double const T : {0.2, 2.}) {
    Mean drift, excess;
    for (std::uint32_t k = 0; k < 50; ++k) {
      Rng rng(4, k, streams::patterns);
      MatrixXd const xi = MatrixXd::NullaryExpr(4, N, [&] { return rng.below(2) == 0 ? -1. : 1.; });
      // dreams too weak to change the energy
      Unlearning network(xi, {1, 1'000'000}, {Order::random_site, T, 10}, Rng(4, k, streams::dreams));
      MatrixXd const J = network.J(), states = network.dream(400).signs();
      double const mean = -0.5 * (states * J).cwiseProduct(states).sum() / 400 / N;
      excess.add(mean - equilibrium_energy(J, T) / N);
      drift.add(network.take_energy_drift());
    }
    CAPTURE(T);
    // six standard errors: false alarms 1e-9
    if (T < 1) {
      CHECK(excess.mean() > 6 * excess.error());
      CHECK(drift.mean() < -6 * drift.error());
      CHECK(-drift.mean() < excess.mean());
    } else {
      CHECK(std::abs(excess.mean()) < 6 * excess.error());
      CHECK(std::abs(drift.mean()) < 6 * drift.error());
    }
  }
}

TEST_CASE("cold dreams end in fixed points") {
  auto const xi = patterns(20, 60);
  Unlearning network(xi, {1, 10}, {Order::sweep, 1e-6, 60}, dream_stream());
  network.dream(5);
  MatrixXi const C = network.C();
  auto const states = network.glassy_states(20, Rng(7, 3, streams::glassy_states));
  for (int d = 0; d < 20; ++d) {
    VectorXi const s = unpacked(states, d);
    CHECK((s.array() * (C * s).array() >= 0).all());
  }
}

TEST_CASE("aligned fields are fields along the patterns") {
  for (int const N : {1, 17, 64, 65}) {
    auto const xi = patterns(6, N);
    Unlearning network(xi, {1, 7}, {Order::sweep}, dream_stream());
    network.dream(21);
    MatrixXi const expected = (xi * network.C().cast<double>()).cwiseProduct(xi).transpose().cast<int>();
    CHECK(network.aligned_fields(0, 6) == expected);
    CHECK(network.aligned_fields(2, 3) == expected.middleCols(2, 3));
  }
}

TEST_CASE("an archived network goes on to the same dreams, in 16 bits and in 32") {
  // 32 bits from the start; 16 bits; outgrown during the run
  for (auto const rate : {Fraction{1, 100'000}, {1, 100}, {501, 2}})
    for (int const count : {0, 5, 60}) {
      auto const make = [&] { return Unlearning(patterns(5, 65), rate, {Order::random_site}, dream_stream()); };
      auto whole = make();
      whole.dream(count);
      StateWriter writer;
      writer(whole);
      auto const bytes = writer.take();
      for (int const dreams_before : {0, 80}) {
        auto read = make();
        read.dream(dreams_before);
        StateReader reader(bytes);
        reader(read);
        CHECK(reader.empty());
        CHECK(read.dreams() == count);
        auto again = make();
        again.dream(count);
        CHECK(read.C() == again.C());
        CHECK(read.dream(20) == again.dream(20));
        CHECK(read.C() == again.C());
      }
    }
}

TEST_CASE("patterns of other numbers, and numbers beyond 32 bits, are refused") {
  CHECK_THROWS_AS(Unlearning(MatrixXd::Zero(1, 3), {1, 1}, {Order::sweep}, dream_stream()), std::domain_error);
  CHECK_THROWS_AS(Unlearning(MatrixXd::Ones(1, 0), {1, 1}, {Order::sweep}, dream_stream()), std::domain_error);
  for (Dynamics const& refused : {Dynamics{Order::sweep, -1, 1}, Dynamics{Order::sweep, std::nan(""), 1},
                                  Dynamics{Order::sweep, 1, -1}, Dynamics{Order::sweep, 1, 1 << 21}})
    CHECK_THROWS_AS(Unlearning(MatrixXd::Ones(1, 3), {1, 1}, refused, dream_stream()), std::domain_error);
  CHECK_THROWS_AS(Unlearning(MatrixXd::Ones(1, 3), {0, 1}, {Order::sweep}, dream_stream()), std::domain_error);
  CHECK_THROWS_AS(Unlearning(MatrixXd::Ones(600, 3), {1, 1'000'000}, {Order::sweep}, dream_stream()),
                  std::domain_error);
}

}  // namespace hypnos::unlearning_test

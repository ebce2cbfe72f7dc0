#include "hypnos/physics/dynamics/heat_bath_chain.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/plain_heat_bath_chain.hpp"

namespace hypnos::heat_bath_chain_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXi;
using Eigen::VectorXd;
using Eigen::VectorXi;

namespace {

constexpr Order all_orders[] = {Order::random_site, Order::sweep, Order::random_sweep};

Rng const stream(8, 0, streams::dreams);

VectorXi random_state(int N) {
  Rng rng(8, 0, streams::patterns);
  return VectorXi::NullaryExpr(N, [&] { return rng.below(2) == 0 ? -1 : 1; });
}

SpinStates packed(VectorXi const& s) { return SpinStates(MatrixXd(s.transpose().cast<double>())); }

// Integers from -2 to 2, of which sums often vanish.
MatrixXd small_integers(int N) {
  Rng rng(8, 0, streams::couplings);
  MatrixXd J = MatrixXd::Zero(N, N);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < i; ++j) J(i, j) = J(j, i) = rng.below(5) - 2.0;
  return J;
}

// Symmetric Gaussian couplings of variance 1 / N.
MatrixXd gaussian(int N) {
  Rng rng(8, 1, streams::couplings);
  MatrixXd J = MatrixXd::Zero(N, N);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < i; ++j) J(i, j) = J(j, i) = rng.normal() / std::sqrt(N);
  return J;
}

void plain_updates(IntegerNetwork const& network, VectorXi& s, double T, std::int64_t updates, Order order) {
  Rng rng = stream;
  auto const field = [&](int i) {
    int h = 0;
    for (int j = 0; j < s.size(); ++j) h += network.coupling(i, j) * s(j);
    return h;
  };
  plain_heat_bath(s, field, network.in_units(T / 2), updates, order, rng);
}

// <E> at temperature T, over all states.
double equilibrium_energy(MatrixXd const& J, double T) {
  double Z = 0, sum = 0;
  for (int k = 0; k < 1 << J.cols(); ++k) {
    VectorXd const s = VectorXd::NullaryExpr(J.cols(), [&](Index i) { return k >> i & 1 ? 1. : -1.; });
    double const E = -0.5 * s.dot(J * s), weight = std::exp(-E / T);
    Z += weight;
    sum += E * weight;
  }
  return sum / Z;
}

}  // namespace

TEST_CASE("updates are those of the definition, one after the other, at any size, temperature, order and number") {
  for (int const N : {1, 2, 3, 31, 33, 64, 65, 100, 129})
    for (auto const& J : {small_integers(N), gaussian(N)})
      for (auto const order : all_orders)
        for (double const T : {1e-9, 0.05, 0.3, 1., 8., 1e12})
          for (std::int64_t const updates : {0, 1, 15, 16, 17, 63, 64, 65, 1000}) {
            CAPTURE(N);
            CAPTURE(static_cast<int>(order));
            CAPTURE(T);
            CAPTURE(updates);
            IntegerNetwork const network(J);
            VectorXi s = random_state(N);
            NetworkState state(network, packed(s)[0]);
            BufferedRandom random(stream);
            UpdatePosition position;
            heat_bath(state, T, updates, order, random, position);
            plain_updates(network, s, T, updates, order);
            CHECK(state.state() == packed(s));
            CHECK(state.fields().head(N).matrix() == NetworkState(network, packed(s)[0]).fields().head(N).matrix());
          }
}

TEST_CASE("updates in parts, archived in between, are the same as in one piece") {
  IntegerNetwork const network(small_integers(70));
  auto const start = packed(random_state(70));
  for (auto const order : all_orders) {
    NetworkState whole(network, start[0]);
    BufferedRandom random(stream);
    UpdatePosition position;
    heat_bath(whole, 2, 1000, order, random, position);
    NetworkState parts(network, start[0]);
    BufferedRandom numbers(stream);
    UpdatePosition place;
    for (int const updates : {1, 63, 0, 64, 200, 665, 7}) {
      heat_bath(parts, 2, updates, order, numbers, place);
      StateWriter writer;
      writer(parts, numbers, place);
      auto const bytes = writer.take();
      parts = NetworkState(network, start[0]);
      numbers = BufferedRandom(stream);
      place = {};
      StateReader reader(bytes);
      reader(parts, numbers, place);
      CHECK(reader.empty());
    }
    CHECK(parts.state() == whole.state());
    CHECK(numbers.bits() == random.bits());
  }
}

TEST_CASE("states have Boltzmann's distribution, in every order") {
  constexpr int N = 4, count = 40'000;
  constexpr double T = 0.8;
  MatrixXd const J = gaussian(N);
  IntegerNetwork const network(J);
  Eigen::ArrayXd weights(1 << N);
  for (int k = 0; k < 1 << N; ++k) {
    VectorXd const s = VectorXd::NullaryExpr(N, [&](Index i) { return k >> i & 1 ? 1. : -1.; });
    weights(k) = std::exp(s.dot(J * s) / 2 / T);
  }
  Eigen::ArrayXd const expected = count * weights / weights.sum();
  for (auto const order : all_orders) {
    Eigen::ArrayXd seen = Eigen::ArrayXd::Zero(1 << N);
    NetworkState state(network, packed(random_state(N))[0]);
    BufferedRandom random(stream);
    UpdatePosition position;
    for (int k = 0; k < count; ++k) {
      heat_bath(state, T, 40 * N, order, random, position);
      ++seen(static_cast<Index>(state.state().bits().front()));
    }
    // chi^2 of 15 degrees of freedom exceeds 59 with probability 4e-7. Forty sweeps forget the state before.
    CHECK(((seen - expected).square() / expected).sum() < 59);
  }
}

TEST_CASE("the mean energy at N = 14 is that of all states, from cold to hot") {
  constexpr int N = 14, chains = 480, measured = 50;
  for (auto const& J : {MatrixXd(small_integers(N) / N), gaussian(N)})
    for (double const T : {0.3, 1., 8.}) {
      IntegerNetwork const network(J);
      double sum = 0, squares = 0;
      for (std::uint32_t k = 0; k < chains; ++k) {
        BufferedRandom random(stream.substream(k));
        NetworkState state(network, packed(random_state(N))[0]);
        UpdatePosition position;
        heat_bath(state, T, 2000 * N, Order::random_site, random, position);
        double mean = 0;
        for (int n = 0; n < measured; ++n) {
          heat_bath(state, T, 5 * N, Order::random_site, random, position);
          mean += state.energy() / measured;
        }
        sum += mean;
        squares += mean * mean;
      }
      double const mean = sum / chains, error = std::sqrt((squares / chains - mean * mean) / (chains - 1));
      CAPTURE(T);
      // 5.3 standard errors: false alarm 1.2e-7, 7e-7 in six cases
      CHECK(std::abs(mean - equilibrium_energy(J, T)) < 5.3 * error);
      // the next term of a wrong law would be seen: the error is less than 1 % of the fluctuations' scale
      CHECK(error < 0.05 * std::sqrt(N));
    }
}

TEST_CASE("without couplings a spin is +1 with probability 1/2, however low the temperature; a strong field decides") {
  IntegerNetwork const none(MatrixXd::Zero(100, 100));
  int up = 0;
  constexpr int count = 1000;
  for (double const T : {1e-300, 1., 1e300}) {
    BufferedRandom random(stream);
    NetworkState state(none, packed(VectorXi::Ones(100))[0]);
    UpdatePosition position;
    up = 0;
    for (int k = 0; k < count; ++k) {
      heat_bath(state, T, 100, Order::sweep, random, position);
      up += (state.spins() > 0).count();
    }
    // six standard deviations of 10^5 coins: 2e-9
    CHECK(std::abs(up - 50 * count) < 6 * std::sqrt(25. * count));
  }
  // the ferromagnet from an almost ordered state orders at T near 0, and stays so
  IntegerNetwork const ferromagnet(MatrixXd::Ones(65, 65));
  VectorXi s = VectorXi::Ones(65);
  s.head(20).setConstant(-1);
  NetworkState state(ferromagnet, packed(s)[0]);
  BufferedRandom random(stream);
  UpdatePosition position;
  heat_bath(state, 1e-6, 65, Order::sweep, random, position);
  CHECK(state.spins().head(65).sum() == 65);
  CHECK(state.energy() == -65 * 64 / 2);
  CHECK(state.unstable() == 0);
}

TEST_CASE("fields and energies of couplings that are no integers are those of J to 2^-28, at any scale") {
  for (double const scale : {1., 1e-300, 1e300}) {
    MatrixXd const J = gaussian(100);
    IntegerNetwork const network(scale * J);
    auto const s = random_state(100);
    NetworkState const state(network, packed(s)[0]);
    VectorXd const h = J * s.cast<double>();
    for (int i = 0; i < 100; ++i)
      // a hundred couplings, each rounded by 2^-28 of the largest sum of a row, about 10
      CHECK(std::abs(state.field(i) * (network.unit() / scale) - h(i)) < 100 * 0x1p-28 * 12);
    CHECK(state.energy() / scale == doctest::Approx(-0.5 * h.dot(s.cast<double>())).epsilon(1e-5));
    CHECK(state.unstable() == (h.array() * s.cast<double>().array() < 0).count());
    CHECK(network.symmetric());
  }
  MatrixXd J = small_integers(5);
  J(0, 1) += 1;
  CHECK(!IntegerNetwork(J).symmetric());
  CHECK(NetworkState(IntegerNetwork(J), packed(VectorXi::Ones(5))[0]).field(0) * IntegerNetwork(J).unit() ==
        J.row(0).sum());
}

TEST_CASE("a network of integers is that of the same real couplings, in units of 1") {
  for (int const N : {1, 5, 17, 100}) {
    MatrixXd J = small_integers(N);
    if (N == 17) J(3, 7) += 1;  // not symmetric
    auto const exact = IntegerNetwork::of_integers(J.cast<int>());
    IntegerNetwork const real(J);
    CHECK(exact.unit() == 1);
    CHECK(exact.symmetric() == (N != 17));
    CHECK(exact.padded() == real.padded());
    for (int i = 0; i < N; ++i)
      for (int j = 0; j < N; ++j) CHECK(exact.coupling(i, j) == (i == j ? 0 : J(i, j)));
    auto const s = packed(random_state(N))[0];
    CHECK(NetworkState(exact, s).energy() == NetworkState(real, s).energy());
  }
  constexpr int limit = IntegerNetwork::largest_sum;
  MatrixXi J{{limit, limit - 1, 1}, {limit, 0, 0}, {0, 0, 0}};  // the diagonal plays no part
  CHECK(IntegerNetwork::of_integers(J).coupling(0, 1) == limit - 1);
  J(0, 2) = -2;
  CHECK_THROWS_AS(IntegerNetwork::of_integers(J), std::domain_error);
  CHECK_THROWS_AS(IntegerNetwork::of_integers(J.transpose() + J), std::domain_error);
  CHECK_THROWS_AS(IntegerNetwork::of_integers(MatrixXi::Zero(2, 3)), std::domain_error);
  CHECK_THROWS_AS(IntegerNetwork::of_integers(MatrixXi::Zero(0, 0)), std::domain_error);
}

TEST_CASE("what is no temperature, number of updates, network or state of it is refused") {
  IntegerNetwork const network(small_integers(5));
  NetworkState state(network, packed(random_state(5))[0]);
  BufferedRandom random(stream);
  UpdatePosition position;
  for (double const T : {0., -1., std::nan(""), std::numeric_limits<double>::infinity()})
    CHECK_THROWS_AS(heat_bath(state, T, 1, Order::sweep, random, position), std::domain_error);
  CHECK_THROWS_AS(heat_bath(state, 1, -1, Order::sweep, random, position), std::domain_error);
  CHECK_THROWS_AS(NetworkState(network, packed(random_state(6))[0]), std::domain_error);
  CHECK_THROWS_AS(IntegerNetwork(MatrixXd::Zero(0, 0)), std::domain_error);
  CHECK_THROWS_AS(IntegerNetwork(MatrixXd::Zero(2, 3)), std::domain_error);
  CHECK_THROWS_AS(IntegerNetwork(MatrixXd::Constant(2, 2, std::nan(""))), std::domain_error);
}

}  // namespace hypnos::heat_bath_chain_test

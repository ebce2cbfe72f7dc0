#include "hypnos/physics/memories/noise_weights.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <utility>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::noise_weights_test {

using Eigen::MatrixXd;

namespace {

MatrixXd patterns(int P, int N) {
  Rng rng(5, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

SpinStates states(int count, int N) {
  Rng rng(5, 0, streams::dreams);
  return SpinStates(random_patterns(count, N, rng));
}

// The definition, entry by entry, in Hebb's couplings A / N.
std::pair<double, double> defined(MatrixXd const& xi, MatrixXd const& A, SpinState S, int nu, int mu, int i) {
  auto const N = static_cast<int>(xi.cols());
  auto const updated = [&](int k) {
    double h = 0;
    for (int j = 0; j < N; ++j) h += A(k, j) * S.spin(j);
    return h > 0 ? 1 : h < 0 ? -1 : S.spin(k);
  };
  double m = 0, m_1 = 0, M = 0;
  for (int j = 0; j < N; ++j) {
    m += xi(mu, j) * S.spin(j) / N;
    m_1 += xi(mu, j) * updated(j) / N;
    M += xi(mu, j) * xi(nu, j) / N;
  }
  double const twice_sigma = 2 * A.row(i).norm() / N / std::sqrt(N);
  return {(m * xi(mu, i) * updated(i) + m_1 * xi(mu, i) * S.spin(i)) / twice_sigma,
          (m * xi(mu, i) * xi(nu, i) + M * xi(mu, i) * S.spin(i)) / twice_sigma};
}

}  // namespace

TEST_CASE("weights of a configuration are those of the definition, ties of fields included") {
  for (auto const& [P, N] : {std::pair{1, 2}, {2, 3}, {4, 10}, {9, 31}}) {
    CAPTURE(N);
    auto const xi = patterns(P, N);
    MatrixXd const A = hebbian_sums(xi);
    WeightStatistics const statistics(xi, A, 1.0 / N);
    auto const configurations = states(3, N);
    for (int k = 0; k < 3; ++k) {
      int const nu = k % P;
      auto const found = statistics.weights(configurations[k], nu);
      for (int mu = 0; mu < P; ++mu)
        for (int i = 0; i < N; ++i) {
          if (A.row(i).isZero(0)) continue;
          auto const [omega, Omega] = defined(xi, A, configurations[k], nu, mu, i);
          // sums of N roundings
          CHECK(found.omega(mu, i) == doctest::Approx(omega).epsilon(1e-12));
          CHECK(found.Omega(mu, i) == doctest::Approx(Omega).epsilon(1e-12));
        }
    }
  }
}

TEST_CASE("the line through all points and the density are those of the points") {
  constexpr int P = 7, N = 20;
  auto const xi = patterns(P, N);
  MatrixXd const A = hebbian_sums(xi);
  WeightStatistics statistics(xi, A, 1.0 / N);
  Bins const delta_bins{-3, 0.5, 20}, omega_bins{-2, 0.25, 16};
  statistics.set_bins(delta_bins, omega_bins);
  auto const configurations = states(5, N);
  std::vector<double> x, y, z;
  auto const delta = stabilities(xi, A);
  for (int k = 0; k < 5; ++k) {
    statistics.add(configurations[k], k);
    auto const [omega, Omega] = statistics.weights(configurations[k], k);
    for (int mu = 0; mu < P; ++mu)
      for (int i = 0; i < N; ++i) {
        x.push_back(delta(mu, i));
        y.push_back(omega(mu, i));
        z.push_back(Omega(mu, i));
      }
  }
  auto const n = static_cast<double>(x.size());
  for (auto const& [values, fit] : {std::pair{y, statistics.omega()}, {z, statistics.Omega()}}) {
    double mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      mx += x[k] / n;
      my += values[k] / n;
    }
    for (std::size_t k = 0; k < x.size(); ++k) {
      xx += (x[k] - mx) * (x[k] - mx);
      xy += (x[k] - mx) * (values[k] - my);
      yy += (values[k] - my) * (values[k] - my);
    }
    CHECK(fit.slope == doctest::Approx(xy / xx).epsilon(1e-10));  // sums of 700 roundings
    CHECK(fit.intercept == doctest::Approx(my - xy / xx * mx).epsilon(1e-10));
    CHECK(fit.pearson == doctest::Approx(xy / std::sqrt(xx * yy)).epsilon(1e-10));
  }
  Eigen::ArrayXXd counts = Eigen::ArrayXXd::Zero(20, 16);
  for (std::size_t k = 0; k < x.size(); ++k)
    if (delta_bins.of(x[k]) >= 0 && omega_bins.of(y[k]) >= 0) ++counts(delta_bins.of(x[k]), omega_bins.of(y[k]));
  CHECK((statistics.density() - counts / (n * 0.5 * 0.25)).abs().maxCoeff() < 1e-12);
  CHECK(counts.sum() > 500);

  // archived between two configurations, the sums go on
  StateWriter writer;
  writer(statistics);
  WeightStatistics again(xi, A, 1.0 / N);
  again.set_bins(delta_bins, omega_bins);
  auto const bytes = writer.take();
  StateReader reader(bytes);
  reader(again);
  CHECK(again.omega().pearson == statistics.omega().pearson);
  CHECK(again.Omega().intercept == statistics.Omega().intercept);
  CHECK((again.density() == statistics.density()).all());
}

TEST_CASE("in fixed points both parts of omega are the same") {
  // xi itself, alone: m_mu = m_1,mu = 1 and S^1 = S, so omega = 1 / sigma for its own neurons
  auto const xi = patterns(1, 50);
  WeightStatistics const statistics(xi, hebbian_sums(xi), 1.0 / 50);
  double const sigma = std::sqrt(49.0 / (50 * 50 * 50));
  CHECK((statistics.weights(SpinStates(xi)[0], 0).omega - 1 / sigma).abs().maxCoeff() < 1e-9 / sigma);
}

TEST_CASE("rows of zeros have no weights") {
  auto const xi = patterns(3, 10);
  WeightStatistics statistics(xi, MatrixXd::Zero(10, 10), 1);
  statistics.add(states(1, 10)[0], 0);
  CHECK(std::isnan(statistics.omega().intercept));
}

}  // namespace hypnos::noise_weights_test

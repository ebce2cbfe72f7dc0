#include "hypnos/physics/memories/structured_training.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/noise_weights.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::structured_training_test {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

Rng const stream(12, 0, streams::dreams), measured(12, 0, streams::glassy_states);

MatrixXd patterns(int P, int N) {
  Rng rng(12, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// The definition: J = K / (q N), K whole numbers, lambda = r / q.
struct Plain {
  MatrixXd xi, K;
  Fraction lambda;
  ConfigurationLaw law;  // T in units of J
  SpinStates patterns;
  BufferedRandom random;
  std::int64_t steps = 0, unreached = 0;

  Plain(MatrixXd const& of_xi, Fraction rate, ConfigurationLaw const& of_law, Rng const& numbers = stream)
      : xi(of_xi), K(rate.q * hebbian_sums(xi)), lambda(rate), law(of_law), patterns(xi), random(numbers) {}

  int N() const { return static_cast<int>(xi.cols()); }
  double unit() const { return 1. / (lambda.q * static_cast<double>(N())); }
  MatrixXd J() const { return K * unit(); }

  // A pattern and a configuration of the present couplings.
  std::pair<int, VectorXd> drawn(BufferedRandom& numbers, bool* reached) const {
    int const mu = numbers.below(static_cast<std::uint32_t>(xi.rows()));
    IntegerNetwork const network(K);
    auto of_K = law;
    of_K.T *= lambda.q * static_cast<double>(N());
    auto const found = sample_configuration(network, patterns[mu], of_K, numbers);
    if (reached != nullptr) *reached = found.reached;
    return {mu, found.state.state().signs().row(0).transpose()};
  }

  // Eq. 17
  std::pair<int, VectorXd> step() {
    bool reached = true;
    auto const [mu, S] = drawn(random, &reached);
    unreached += reached ? 0 : 1;
    VectorXd const h = K * S;
    auto const updated = [&, mu = mu](int i) { return xi(mu, i) * h(i) < 0 ? 1. : 0.; };
    for (int i = 0; i < N(); ++i)
      for (int j = 0; j < N(); ++j)
        if (i != j) K(i, j) += lambda.r * (updated(i) * xi(mu, i) * S(j) + updated(j) * xi(mu, j) * S(i));
    ++steps;
    return {mu, S};
  }

  // xi_i^mu sum_j K_ij xi_j^mu
  MatrixXd aligned() const { return (xi * K).cwiseProduct(xi); }
  bool classifies() const { return (aligned().array() >= 0).all(); }
  MatrixXd stabilities() const {
    MatrixXd delta = aligned();
    for (int i = 0; i < N(); ++i) {
      double const norm = K.row(i).norm();
      if (norm > 0) delta.col(i) /= norm;
    }
    return delta;
  }
};

ConfigurationLaw const fixed_points{Configurations::fixed_points};

StructuredTraining training(MatrixXd const& xi, Fraction lambda, ConfigurationLaw const& law,
                            StructuredRecords records) {
  return {xi, lambda, law, std::move(records), stream, measured};
}

// NaN where both are.
void check_close(double found, double expected) {
  if (std::isnan(expected)) CHECK(std::isnan(found));
  // sums of up to 10^4 roundings, of terms as large as the result times ten
  else CHECK(std::abs(found - expected) <= 1e-11 * (1 + std::abs(expected)));
}

}  // namespace

TEST_CASE("couplings and records are those of the definition, at any size, rate and law") {
  std::vector<std::int64_t> const records{0, 0, 1, 2, 37, 45};
  for (auto const& [P, N] : {std::pair{1, 1}, {1, 2}, {2, 3}, {3, 5}, {7, 31}, {9, 33}, {20, 64}, {26, 65}, {30, 100}})
    for (auto const& lambda : {Fraction{1, 50}, Fraction{3, 100}, Fraction{7, 2}, Fraction{5, 1}})
      for (auto const& law : {fixed_points, ConfigurationLaw{Configurations::kawasaki, 0.7, 3 * N},
                              ConfigurationLaw{Configurations::kawasaki, 0, 3 * N},
                              ConfigurationLaw{Configurations::saddles, 0, 0, 0.02, 40}}) {
        CAPTURE(N);
        CAPTURE(lambda.r);
        CAPTURE(lambda.q);
        CAPTURE(static_cast<int>(law.kind));
        auto const xi = patterns(P, N);
        auto const run = completed(training(xi, lambda, law, {records, 3}));
        Plain plain(xi, lambda, law);
        std::int64_t classified = plain.classifies() ? 0 : -1;
        MatrixXd J_classified = plain.J();
        for (std::size_t r = 0; r < records.size(); ++r) {
          CAPTURE(records[r]);
          while (plain.steps < records[r]) {
            plain.step();
            if (classified >= 0 || !plain.classifies()) continue;
            classified = plain.steps;
            J_classified = plain.J();
          }
          auto const k = static_cast<Index>(r);
          auto const delta = plain.stabilities();
          check_close(run.delta_min()(k), delta.minCoeff());
          check_close(run.delta_av()(k), delta.mean());
          double sigma = 0;
          for (int i = 0; i < N; ++i) sigma += std::sqrt(plain.J().row(i).squaredNorm() / N) / N;
          check_close(run.sigma()(k), sigma);
          // signs of fields are exact in whole numbers only
          WeightStatistics exact(xi, plain.K, plain.unit());
          BufferedRandom numbers(measured.substream(static_cast<std::uint32_t>(r)));
          for (int c = 0; c < 3; ++c) {
            auto const [mu, S] = plain.drawn(numbers, nullptr);
            exact.add(SpinStates(MatrixXd(S.transpose()))[0], mu);
          }
          if (N < 5) continue;  // as few points as numbers of a line
          check_close(run.omega_emp_0()(k), exact.omega().intercept);
          check_close(run.pearson()(k), exact.omega().pearson);
          check_close(run.Omega_emp_0()(k), exact.Omega().intercept);
        }
        CHECK(run.unit() == doctest::Approx(plain.unit()).epsilon(1e-15));
        CHECK(MatrixXd((run.J() / run.unit()).array().round()) == plain.K);
        CHECK(run.unreached() == plain.unreached);
        CHECK(run.classified_at().value_or(-1) == classified);
        if (classified >= 0) CHECK((run.J_classified() - J_classified).isZero(1e-13));
        // the last step is that of the last record
        CHECK(run.done());
        CHECK(run.fraction() == 1);
      }
}

TEST_CASE("patterns are classified at the first step without a negative stability, whether there is a record or not") {
  constexpr int P = 12, N = 60;
  Fraction const lambda{1, 20};
  auto const xi = patterns(P, N);
  Plain plain(xi, lambda, fixed_points);
  while (!plain.classifies()) plain.step();
  REQUIRE(plain.steps > 30);
  auto const last = plain.steps;
  auto const J = plain.J();
  for (auto const& records : {std::vector<std::int64_t>{last + 500}, {0, last}, {last - 1, last + 1}}) {
    auto const run = completed(training(xi, lambda, fixed_points, {records}));
    REQUIRE(run.classified_at());
    CHECK(*run.classified_at() == last);
    CHECK((run.J_classified() - J).isZero(1e-14));
  }
  CHECK_FALSE(completed(training(xi, lambda, fixed_points, {{last - 1}})).classified_at());
  // fields are kept up to date through all later steps, too
  auto const later = completed(training(xi, lambda, fixed_points, {{last, last + 500}}));
  while (plain.steps < last + 500) plain.step();
  CHECK((later.J() - plain.J()).isZero(1e-13));
  check_close(later.delta_min()(1), plain.stabilities().minCoeff());
}

TEST_CASE("one pattern, or none unstable, is classified by Hebb's couplings") {
  auto const run = completed(training(patterns(1, 20), {1, 10}, fixed_points, {{5}}));
  CHECK(run.classified_at() == 0);
  CHECK((run.J_classified() - hebbian_sums(patterns(1, 20)) / 20).isZero(1e-15));
}

TEST_CASE("training with structured noise that is interrupted anywhere goes on with the same bits") {
  auto const xi = patterns(13, 65);
  for (auto const& law : {fixed_points, ConfigurationLaw{Configurations::kawasaki, 0.5, 100},
                          ConfigurationLaw{Configurations::saddles, 0, 0, 0.02, 40}}) {
    CAPTURE(static_cast<int>(law.kind));
    auto const make = [&] { return training(xi, {3, 50}, law, {{0, 11, 11, 170}, 4}); };
    auto const whole = completed(make());
    for (auto const& [operations, every] : {std::pair{1., 1}, {1., 7}, {1e6, 1}}) {
      auto const parts = interrupted(make, operations, every);
      CHECK(parts.J() == whole.J());
      CHECK(parts.classified_at() == whole.classified_at());
      CHECK(parts.unreached() == whole.unreached());
      if (whole.classified_at()) CHECK(parts.J_classified() == whole.J_classified());
      auto const same = [](ArrayXd const& a, ArrayXd const& b) { CHECK((a == b).all()); };
      same(parts.omega_emp_0(), whole.omega_emp_0());
      same(parts.pearson(), whole.pearson());
      same(parts.Omega_emp_0(), whole.Omega_emp_0());
      same(parts.sigma(), whole.sigma());
      same(parts.delta_min(), whole.delta_min());
      same(parts.delta_av(), whole.delta_av());
    }
  }
}

TEST_CASE("rates that need more than 32 bits are refused, and couplings that outgrow them are an error") {
  CHECK_THROWS_AS(training(patterns(60, 200), {1, 1'000'000}, fixed_points, {{1}}), std::domain_error);
  CHECK_NOTHROW(training(patterns(60, 200), {1, 100'000}, fixed_points, {{1}}));
  // Steps of up to 2 * 999,999 on each of 63 neurons: sums of a row stay below 2^28 for a few steps only.
  auto const xi = patterns(20, 64);
  Fraction const lambda{999'999, 1000};
  auto run = training(xi, lambda, fixed_points, {{0, 100'000}});
  Plain plain(xi, lambda, fixed_points);
  bool outgrown = false;
  run.advance(1);  // the record
  while (!outgrown) {
    CHECK(MatrixXd((run.J() / run.unit()).array().round()) == plain.K);
    CHECK(plain.K.cwiseAbs().rowwise().sum().maxCoeff() < 0x1p28);
    try {
      run.advance(1);
      plain.step();
    } catch (std::overflow_error const&) {
      outgrown = true;
    }
    REQUIRE(plain.steps < 100'000);
  }
  CHECK(plain.steps > 3);
  // the object is as it was before the step
  CHECK(MatrixXd((run.J() / run.unit()).array().round()) == plain.K);
}

TEST_CASE("with fixed points a step is that of unlearning and noise, which averages to zero") {
  // An odd number of patterns and an even one of neurons: no field of Hebb's couplings vanishes.
  constexpr int P = 25, N = 50, draws = 500;
  auto const xi = patterns(P, N);
  MatrixXd const hebb = hebbian_sums(xi);
  MatrixXd noise = MatrixXd::Zero(N, N), unlearning = noise;
  for (std::uint32_t k = 0; k < draws; ++k) {
    auto const run = completed(StructuredTraining(xi, {1, 1}, fixed_points, {{1}}, stream.substream(k), measured));
    MatrixXd const step = run.J() * N - hebb;
    Plain plain(xi, {1, 1}, fixed_points, stream.substream(k));
    auto const [mu, S] = plain.step();
    VectorXd const pattern = xi.row(mu).transpose();
    MatrixXd of_noise = 0.5 * (pattern * S.transpose() + S * pattern.transpose()), of_unlearning = S * S.transpose();
    of_noise.diagonal().setZero();
    of_unlearning.diagonal().setZero();
    CHECK((step - (of_noise - of_unlearning)).isZero(1e-9));  // Eq. 18
    noise += (step + of_unlearning) / draws;
    unlearning += of_unlearning / draws;
  }
  // Entries of the noise are 0 or +-1, with mean 0 and variance 1/2 if S is independent of the pattern, so the standard
  // error of their means is 0.032. Overlaps of half of N^-1/2 between fixed points and patterns (footnote 3) move them
  // by up to 1.4 standard errors. 1225 entries beyond 8 less 1.4: false alarms 5e-8.
  CHECK(noise.cwiseAbs().maxCoeff() < 8 * std::sqrt(0.5 / draws));
  // Not so those of unlearning. 0.04 at 2000 draws, 0.06 here; sums of squares of 1225 numbers vary little.
  CHECK(noise.norm() < 0.12 * unlearning.norm());
}

}  // namespace hypnos::structured_training_test

#include "hypnos/physics/memories/noise_training.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/plain_noise_training.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/physics/theory/wong_sherrington.hpp"

namespace hypnos::noise_training_test {

using Eigen::Index;
using Eigen::MatrixXd;

namespace {

Rng noise() { return {7, 3, streams::dreams}; }

MatrixXd patterns(int P, int N) {
  Rng rng(1, 2, streams::patterns);
  return random_patterns(P, N, rng);
}

MatrixXd gaussian(int N, bool symmetric) {
  Rng rng(2, 5, streams::initial_couplings);
  MatrixXd const J = gaussian_couplings(N, rng);
  return symmetric ? MatrixXd((J + J.transpose()) / std::sqrt(2.)) : J;
}

enum class Start { hebb, gaussian, zero };

IntegerCouplings start(Start from, MatrixXd const& xi, NoiseRule const& rule) {
  auto const N = static_cast<int>(xi.cols());
  if (from == Start::hebb) return hebbian_integers(xi, rule);
  return rounded_to_integers(from == Start::zero ? MatrixXd::Zero(N, N) : gaussian(N, rule.symmetric), rule);
}

// Trains by both ways in several parts; returns whether all bits were the same after each of them.
bool same_as_plain(Start from, MatrixXd const& xi, NoiseRule const& rule, std::initializer_list<int> parts) {
  auto plain = start(from, xi, rule);
  NoiseTraining training(xi, plain, rule, noise());
  Rng numbers = noise();
  bool same = true;
  for (int const steps : parts) {
    plain_noise_training(plain, xi, rule, numbers, training.steps(), steps);
    training.train(steps);
    same = same && training.couplings().K == plain.K && training.couplings().halvings == plain.halvings;
  }
  return same;
}

}  // namespace

TEST_CASE("blocks of steps have the bits of single steps, whatever the size, the start and the rule") {
  for (int const N : {1, 2, 3, 8, 31, 32, 33, 64, 65, 100, 129})
    for (int const P : {1, 2, N / 3 + 1})
      for (auto const from : {Start::hebb, Start::gaussian, Start::zero})
        for (auto const& [symmetric, rescaled] : {std::pair{false, false}, {false, true}, {true, false}})
          for (bool const ties : {false, true}) {
            double const lambda = rescaled ? std::min(1., N / 4.) : N % 2 == 0 ? 1. : 0.03;
            CAPTURE(N);
            CAPTURE(P);
            CAPTURE(static_cast<int>(from));
            CAPTURE(symmetric);
            CAPTURE(rescaled);
            CAPTURE(ties);
            NoiseRule const rule{lambda, 0.4, symmetric, rescaled, ties};
            CHECK(same_as_plain(from, patterns(P, N), rule, {1, 30, 2, 31, 32, 33, 100}));
          }
  // Rows that grow, and are halved.
  CHECK(same_as_plain(Start::gaussian, patterns(8, 8), {.lambda = 8, .m_t = 0.4, .rescaled = true}, {1000, 1000}));
}

TEST_CASE("integers follow the rule in real numbers") {
  for (int const N : {2, 20, 65})
    for (auto const from : {Start::hebb, Start::gaussian})
      for (auto const& [symmetric, rescaled] : {std::pair{false, false}, {false, true}, {true, false}}) {
        CAPTURE(N);
        CAPTURE(static_cast<int>(from));
        CAPTURE(symmetric);
        CAPTURE(rescaled);
        auto const xi = patterns(N / 3 + 1, N);
        NoiseRule const rule{.lambda = 0.4, .m_t = 0.5, .symmetric = symmetric, .rescaled = rescaled};
        NoiseTraining training(xi, start(from, xi, rule), rule, noise());
        MatrixXd J = from == Start::hebb ? MatrixXd(hebbian_sums(xi) / N) : gaussian(N, symmetric);
        auto numbers = noise();
        constexpr int steps = 96;
        for (int step = 0; step < steps; ++step) {
          auto const [pattern, S] = noisy_pattern(xi, rule.m_t, numbers);
          Eigen::ArrayXd const x = pattern.cast<double>(), s = S.cast<double>();
          Eigen::ArrayXd const h = (J * s.matrix()).array();
          // Ties of real numbers carry roundings; those of Hebb's couplings here are multiples of 0.4 / N.
          Eigen::ArrayXd c = (x * h < -1e-9).select(rule.lambda / N * x, 0.);
          if (rescaled) c *= J.rowwise().norm().array() / std::sqrt(N);
          J += c.matrix() * s.matrix().transpose();
          if (symmetric) J += s.matrix() * c.matrix().transpose();
          J.diagonal().setZero();
        }
        training.train(steps);
        // Rounded steps, with errors of up to half of 0.4 2^21 / N, and rounded initial couplings.
        double const tolerance = from == Start::hebb && !rescaled ? 1e-12 : 1e-3 * J.cwiseAbs().maxCoeff();
        CHECK((training.J() - J).cwiseAbs().maxCoeff() < tolerance);
        CHECK(training.sigma() == doctest::Approx((J.rowwise().norm() / std::sqrt(N)).mean()).epsilon(1e-3));
        CHECK((training.stabilities() - stabilities<double>(xi, training.J())).cwiseAbs().maxCoeff() < 1e-12);
      }
}

TEST_CASE("the mean of a step over noise is minus the gradient of the perceptron loss averaged over noise") {
  constexpr int N = 6, P = 3;
  constexpr double m_t = 0.3;
  auto const xi = patterns(P, N);
  // Over all noisy patterns with their probabilities.
  auto const average = [&](auto const& of_pattern) {
    for (int mu = 0; mu < P; ++mu)
      for (int k = 0; k < 1 << N; ++k) {
        NoisyPattern pattern{xi.row(mu).transpose().cast<int>(), Eigen::VectorXi(N)};
        double probability = 1. / P;
        for (int i = 0; i < N; ++i) {
          int const chi = k >> i & 1 ? 1 : -1;
          pattern.S(i) = chi * pattern.xi(i);
          probability *= (1 + m_t * chi) / 2;
        }
        of_pattern(probability, pattern);
      }
  };
  auto const loss = [&](MatrixXd const& J) {
    double sum = 0;
    average([&](double probability, NoisyPattern const& pattern) {
      Eigen::ArrayXd const h = (J * pattern.S.cast<double>()).array();
      sum += probability * (-pattern.xi.cast<double>().array() * h).max(0).sum();
    });
    return sum;
  };
  for (bool const symmetric : {false, true}) {
    CAPTURE(symmetric);
    NoiseRule const rule{.lambda = N, .m_t = m_t, .symmetric = symmetric};  // lambda / N = 1
    auto const initial = rounded_to_integers(gaussian(N, symmetric), rule);
    MatrixXd mean = MatrixXd::Zero(N, N);
    average([&](double probability, NoisyPattern const& pattern) {
      auto couplings = initial;
      plain_noise_step(couplings, pattern, rule);
      mean += probability * (couplings.J() - initial.J());
    });
    for (int i = 0; i < N; ++i)
      for (int j = 0; j < i; ++j)
        for (bool const upper : {false, true}) {
          // The loss is linear between ties, and 1e-6 is closer than any.
          MatrixXd up = initial.J(), down = initial.J();
          auto const move = [&](int a, int b) { up(a, b) += 1e-6, down(a, b) -= 1e-6; };
          move(upper ? j : i, upper ? i : j);
          if (symmetric) move(upper ? i : j, upper ? j : i);
          double const slope = (loss(up) - loss(down)) / 2e-6;
          CHECK(std::abs(mean(upper ? j : i, upper ? i : j) + slope) < 1e-8);
        }
    CHECK(mean.diagonal().isZero(0));
  }
}

TEST_CASE("training from Gaussian couplings at a rescaled rate approaches the theoretical minimum from above") {
  constexpr int N = 100, P = 30, samples = 4, records = 6;
  NoiseRule const rule{.lambda = 1, .m_t = 0.5, .rescaled = true};
  WongSherrington const theory(0.3, 0.5, PatternLoss::one_step_retrieval);
  double mean = 0;
  for (std::uint32_t sample = 0; sample < samples; ++sample) {
    Rng of_patterns(11, sample, streams::patterns), of_couplings(11, sample, streams::initial_couplings);
    auto const xi = random_patterns(P, N, of_patterns);
    NoiseTraining training(xi, rounded_to_integers(gaussian_couplings(N, of_couplings), rule), rule,
                           Rng(11, sample, streams::dreams));
    auto const loss = [&] { return one_step_loss(training.stabilities(), 0.5); };
    // 3000 stabilities with a loss of 0.44 each: six standard errors.
    CHECK(std::abs(loss()) < 0.05);
    double last = 0;
    for (int const steps : {1'000, 4'000, 20'000}) {
      training.train(steps);
      CHECK(loss() < last - 0.05);
      last = loss();
    }
    // From here on steps of finite size make it fluctuate.
    for (int record = 0; record < records; ++record) {
      training.train(10'000);
      mean += loss() / (samples * records);
    }
  }
  // Samples differ by 0.004, so the standard error is 0.002, a seventh of the distance to the minimum.
  CHECK(mean > theory.loss(0.5));
  CHECK(mean < theory.loss(0.5) + 0.02);
}

TEST_CASE("unstable stabilities are as many as the perceptron loss predicts, not the loss of one step of retrieval") {
  constexpr int N = 100, P = 45, samples = 4;
  constexpr double m_t = 0.3;
  NoiseRule const rule{.lambda = 0.3, .m_t = m_t, .rescaled = true};
  double unstable = 0;
  for (std::uint32_t sample = 0; sample < samples; ++sample) {
    Rng of_patterns(11, sample, streams::patterns), of_couplings(11, sample, streams::initial_couplings);
    auto const xi = random_patterns(P, N, of_patterns);
    NoiseTraining training(xi, rounded_to_integers(gaussian_couplings(N, of_couplings), rule), rule,
                           Rng(11, sample, streams::dreams));
    training.train(200'000);
    unstable += (training.stabilities().array() < 0).cast<double>().mean() / samples;
  }
  auto const predicted = [](PatternLoss loss) {
    return WongSherrington(static_cast<double>(P) / N, m_t, loss).fraction_unstable();
  };
  // 0.0132 and 0.0449. A fraction of 0.017 of 18,000 stabilities is unstable at this N, and tends to the former with
  // growing N. Its standard error is 0.001, a tenth of its distance from the mean of both.
  double const of_perceptron = predicted(PatternLoss::noisy_perceptron);
  CHECK(std::abs(unstable - of_perceptron) < (predicted(PatternLoss::one_step_retrieval) - of_perceptron) / 2);
}

TEST_CASE("noise has the mean m_t on every neuron, and is independent between neurons and steps") {
  constexpr int words = 20'000;
  for (double const m_t : {0., 0.1, 0.5, 0.937, 1.}) {
    CAPTURE(m_t);
    Rng numbers = noise();
    std::vector<std::uint32_t> drawn(words);
    for (auto& word : drawn) word = noise_word(noise_threshold(m_t), numbers);
    double const p = (1 + m_t) / 2, error = std::sqrt(p * (1 - p) / words), q = p * p;
    for (int i = 0; i < 32; ++i) {
      int up = 0, pairs = 0, successive = 0;
      for (std::size_t k = 0; k < words; ++k) {
        auto const bit = [&](std::size_t word, int site) { return drawn[word % words] >> site % 32 & 1; };
        up += static_cast<int>(bit(k, i));
        pairs += static_cast<int>(bit(k, i) & bit(k, i + 1));
        successive += static_cast<int>(bit(k, i) & bit(k + 1, i));
      }
      // 6 standard errors (for pairs up to 2 of independent ones): 480 checks, false alarms 1e-6.
      CHECK(std::abs(up / static_cast<double>(words) - p) <= 6 * error);
      CHECK(std::abs(pairs / static_cast<double>(words) - q) <= 6 * 2 * error);
      CHECK(std::abs(successive / static_cast<double>(words) - q) <= 6 * 2 * error);
    }
  }
}

TEST_CASE("couplings of zero change only if a field of zero counts, and Hebb's are exact") {
  auto const xi = patterns(4, 40);
  for (bool const symmetric : {false, true}) {
    NoiseRule rule{.lambda = 0.01, .m_t = 0.5, .symmetric = symmetric};
    NoiseTraining still(xi, start(Start::zero, xi, rule), rule, noise());
    still.train(50);
    CHECK(still.J().isZero(0));
    CHECK(still.sigma() == 0);
    CHECK(still.stabilities().isZero(0));
    rule.zero_field_updates = true;
    NoiseTraining moved(xi, start(Start::zero, xi, rule), rule, noise());
    moved.train(1);
    CHECK(moved.J().cwiseAbs().maxCoeff() == doctest::Approx(0.01 / 40 * (symmetric ? 2 : 1)));
    CHECK((hebbian_integers(xi, rule).J() - hebbian_sums(xi) / 40).cwiseAbs().maxCoeff() < 1e-15);
  }
}

TEST_CASE("rows are doubled exactly, and halved where they grow") {
  NoiseRule const rule{.lambda = 2, .rescaled = true};
  auto couplings = hebbian_integers(patterns(3, 8), rule);
  auto const J = couplings.J();
  double const smallest = std::ldexp(1., couplings.smallest_sigma);
  auto const sigma = [&](Index i) { return std::sqrt(static_cast<double>(couplings.squares(i)) / 8); };
  for (Index i = 0; i < 8; ++i) {
    CHECK(sigma(i) >= smallest);
    CHECK(sigma(i) < 4 * smallest);
    couplings.K.row(i) *= 4;
    couplings.halvings(i) += 2;
    auto const squares = couplings.bring_into_range(couplings.K.row(i), i, couplings.squares(i));
    CHECK(squares == couplings.squares(i));
    CHECK(sigma(i) < 4 * smallest);
  }
  CHECK(couplings.J() == J);

  // At a large rate rows grow.
  auto const xi = patterns(8, 8);
  NoiseRule const large{.lambda = 8, .rescaled = true};
  NoiseTraining training(xi, hebbian_integers(xi, large), large, noise());
  auto const halvings = training.couplings().halvings;
  training.train(3200);
  CHECK((training.couplings().halvings - halvings).minCoeff() < 0);
  // At a small one they become shorter.
  NoiseRule const small{.lambda = 0.3, .rescaled = true};
  NoiseTraining shrinking(patterns(20, 64), hebbian_integers(patterns(20, 64), small), small, noise());
  shrinking.train(20'000);
  CHECK((shrinking.couplings().halvings - hebbian_integers(patterns(20, 64), small).halvings).minCoeff() > 0);
}

TEST_CASE("training that is archived after any number of steps goes on with the same bits") {
  auto const xi = patterns(20, 65);
  for (auto const& [symmetric, rescaled] : {std::pair{false, false}, {false, true}, {true, false}}) {
    NoiseRule const rule{.lambda = 1, .m_t = 0.3, .symmetric = symmetric, .rescaled = rescaled};
    auto const make = [&] { return NoiseTraining(xi, start(Start::gaussian, xi, rule), rule, noise()); };
    auto whole = make(), parts = make();
    whole.train(1000);
    for (int const steps : {0, 1, 63, 500, 7, 429}) {
      parts.train(steps);
      StateWriter writer;
      writer(parts);
      auto const bytes = writer.take();
      parts = make();
      StateReader reader(bytes);
      reader(parts);
      CHECK(reader.empty());
    }
    CHECK(parts.steps() == 1000);
    CHECK(parts.couplings().K == whole.couplings().K);
    CHECK(parts.J() == whole.J());
  }
}

TEST_CASE("the loss is the mean error function of the stabilities") {
  MatrixXd const delta{{1, -2}, {0, 0.5}};
  double const u = 0.6 / 0.8 / std::sqrt(2.);
  CHECK(one_step_loss(delta, 0.6) == doctest::Approx(-(std::erf(u) - std::erf(2 * u) + std::erf(u / 2)) / 4));
  CHECK(one_step_loss(delta, 0) == 0);
  CHECK(std::isnan(one_step_loss(MatrixXd(0, 3), 0.5)));
  CHECK_THROWS_AS(one_step_loss(delta, 1), std::domain_error);
  CHECK_THROWS_AS(one_step_loss(delta, -0.1), std::domain_error);
}

TEST_CASE("couplings that outgrow 32 bits are an error, not a wrong number") {
  auto const xi = patterns(3, 50);
  NoiseRule const rule{.lambda = 1};
  auto couplings = hebbian_integers(xi, rule);
  couplings.K *= (1 << 30) / 90;  // up to 3 in 49 columns, a third of which are 3
  couplings.K(0, 1) = 1 << 29;
  NoiseTraining training(xi, couplings, rule, noise());
  CHECK_THROWS_AS(training.train(10), std::overflow_error);
  CHECK(training.steps() == 0);
  CHECK(training.couplings().K == couplings.K);
}

TEST_CASE("what is no rule, no pattern or no network is refused") {
  auto const xi = patterns(3, 40);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  auto const refused = [&](NoiseRule const& rule) {
    CHECK_THROWS_AS(hebbian_integers(xi, rule), std::domain_error);
    CHECK_THROWS_AS(rounded_to_integers(gaussian(40, true), rule), std::domain_error);
  };
  for (double const lambda : {0., -1., nan, std::numeric_limits<double>::infinity(), 1e-12})
    refused({.lambda = lambda});
  for (double const m_t : {-0.1, 1.1, nan}) refused({.m_t = m_t});
  refused({.symmetric = true, .rescaled = true});
  refused({.lambda = 1e-5, .rescaled = true});
  refused({.lambda = 1e4, .rescaled = true});
  CHECK_THROWS_AS(hebbian_integers(xi, {.lambda = std::sqrt(0.5)}), std::domain_error);

  NoiseRule const rule;
  MatrixXd J = gaussian(40, false);
  CHECK_THROWS_AS(rounded_to_integers(J, {.symmetric = true}), std::domain_error);
  J(3, 3) = 1;
  CHECK_THROWS_AS(rounded_to_integers(J, rule), std::domain_error);
  J(3, 3) = nan;
  CHECK_THROWS_AS(rounded_to_integers(J, rule), std::domain_error);
  CHECK_THROWS_AS(rounded_to_integers(MatrixXd::Zero(3, 4), rule), std::domain_error);

  auto const couplings = hebbian_integers(xi, rule);
  CHECK_THROWS_AS(NoiseTraining(MatrixXd::Zero(3, 40), couplings, rule, noise()), std::domain_error);
  CHECK_THROWS_AS(NoiseTraining(MatrixXd(0, 40), couplings, rule, noise()), std::domain_error);
  CHECK_THROWS_AS(NoiseTraining(patterns(3, 41), couplings, rule, noise()), std::domain_error);
}

}  // namespace hypnos::noise_training_test

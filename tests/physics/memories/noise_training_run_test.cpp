#include "hypnos/physics/memories/noise_training_run.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::noise_training_run_test {

using Eigen::Index;
using Eigen::MatrixXd;

namespace {

constexpr int N = 65, P = 26;

NoiseRule const rules[] = {{.lambda = 0.3, .m_t = 0.6},
                           {.lambda = 2, .m_t = 0.2, .rescaled = true},
                           {.lambda = 0.3, .m_t = 0.6, .symmetric = true},
                           {.lambda = 0.3, .m_t = 0.6, .zero_field_updates = true}};

NoiseTraining training(NoiseRule const& rule) {
  Rng rng(6, 1, streams::patterns), of_couplings(6, 1, streams::initial_couplings);
  auto const xi = random_patterns(P, N, rng);
  auto const couplings = rule.symmetric            ? hebbian_integers(xi, rule)
                         : rule.zero_field_updates ? rounded_to_integers(MatrixXd::Zero(N, N), rule)
                                                   : rounded_to_integers(gaussian_couplings(N, of_couplings), rule);
  return {xi, couplings, rule, Rng(6, 1, streams::dreams)};
}

MatrixXd patterns() {
  Rng rng(6, 1, streams::patterns);
  return random_patterns(P, N, rng);
}

}  // namespace

TEST_CASE("records are what the couplings have after their numbers of steps") {
  std::vector<std::int64_t> const records{0, 0, 1, 31, 64, 1000, 1003};
  std::vector<double> const m{0, 0.3, 0.9};
  for (auto const& rule : rules) {
    auto const run = completed(NoiseTrainingRun(training(rule), records, m));
    auto alone = training(rule);
    for (std::size_t r = 0; r < records.size(); ++r) {
      CAPTURE(records[r]);
      alone.train(records[r] - alone.steps());
      auto const k = static_cast<Index>(r);
      MatrixXd const J = alone.J(), delta = stabilities(patterns(), J);
      for (std::size_t l = 0; l < m.size(); ++l) {
        double loss = 0;
        for (double const x : delta.reshaped()) loss -= std::erf(m[l] * x / std::sqrt(2 * (1 - m[l] * m[l])));
        // Sums of 65 and of 1690 roundings; the same of stabilities that are exact.
        CHECK(std::abs(run.loss()(static_cast<Index>(l), k) - loss / (N * P)) < 1e-12);
      }
      CHECK(std::abs(run.sigma()(k) - (J.rowwise().norm() / std::sqrt(N)).mean()) < 1e-12 * (1 + run.sigma()(k)));
      CHECK(std::abs(run.delta_min()(k) - delta.minCoeff()) < 1e-12);
    }
    CHECK(run.training().steps() == 1003);
    CHECK(run.training().couplings().K == alone.couplings().K);
  }
}

TEST_CASE("a run of training with noise that is interrupted anywhere goes on with the same bits") {
  std::vector<std::int64_t> const records{0, 40, 333, 1003};
  for (auto const& rule : rules) {
    auto const make = [&] { return NoiseTrainingRun(training(rule), records, {0.5, 0.7}); };
    auto const whole = completed(make());
    for (int const every : {1, 3}) {
      auto const parts = interrupted(make, 1, every);
      CHECK((parts.loss() == whole.loss()).all());
      CHECK((parts.sigma() == whole.sigma()).all());
      CHECK((parts.delta_min() == whole.delta_min()).all());
      CHECK(parts.training().couplings().K == whole.training().couplings().K);
    }
  }
}

}  // namespace hypnos::noise_training_run_test

#include "hypnos/physics/memories/noise_training.hpp"

#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <string>

#include "fused.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/states/patterns.hpp"

// Steps of training with noise at alpha = 0.3, m_t = 0.5, lambda = 1 from Gaussian couplings, after 100 N steps, one
// core. Goal: blocks of the asymmetric rule take at most half the time of the fused loop, at N = 100 and 500.

namespace {

using namespace hypnos;

Eigen::MatrixXd patterns(int N) {
  Rng rng(1, 0, streams::patterns);
  return random_patterns(3 * N / 10, N, rng);
}

NoiseTraining trained(int N, NoiseRule const& rule) {
  Rng rng(1, 0, streams::initial_couplings);
  auto const J = rule.symmetric ? sk_couplings(N, 1, rng) : gaussian_couplings(N, rng);
  NoiseTraining training(patterns(N), rounded_to_integers(J, rule), rule, Rng(1, 0, streams::dreams));
  training.train(100 * N);
  return training;
}

void blocks(benchmark::State& state, NoiseRule const& rule) {
  constexpr int steps = 320;
  auto training = trained(static_cast<int>(state.range(0)), rule);
  for (auto _ : state) training.train(steps);
  state.counters["of one"] =
      benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void fused(benchmark::State& state, NoiseRule const& rule) {
  constexpr int steps = 320;
  auto const N = static_cast<int>(state.range(0));
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  RowMajor J = trained(N, rule).J().cast<float>();
  if (rule.rescaled) J /= J.norm() / static_cast<float>(N);
  RowMajor const xi = patterns(N).cast<float>();
  FusedTraining training{.N = N,
                         .P = static_cast<int>(xi.rows()),
                         .rate = static_cast<float>(rule.lambda / N),
                         .rescaled = rule.rescaled,
                         .m_t = rule.m_t,
                         .J = {J.data(), J.data() + J.size()},
                         .patterns = {xi.data(), xi.data() + xi.size()}};
  for (auto _ : state)
    for (int step = 0; step < steps; ++step) training.step();
  state.counters["of one"] =
      benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace

BENCHMARK_CAPTURE(blocks, fixed, NoiseRule{})->Arg(100)->Arg(500);
BENCHMARK_CAPTURE(fused, fixed, NoiseRule{})->Arg(100)->Arg(500);
BENCHMARK_CAPTURE(blocks, rescaled, NoiseRule{.rescaled = true})->Arg(100)->Arg(500);
BENCHMARK_CAPTURE(fused, rescaled, NoiseRule{.rescaled = true})->Arg(100)->Arg(500);
BENCHMARK_CAPTURE(blocks, symmetric, NoiseRule{.symmetric = true})->Arg(100)->Arg(500);

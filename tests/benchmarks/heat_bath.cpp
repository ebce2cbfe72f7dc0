#include "hypnos/physics/dynamics/heat_bath.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/annealing.hpp"
#include "hypnos/physics/boltzmann/autocorrelation.hpp"
#include "hypnos/physics/boltzmann/sampled_moments.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"

// Time of an update of one spin, "update". Arguments: N, chains.
// Goals, on one core with AVX-512: sweeps/20 thirty times faster than plain_loop/20, sweeps/100 forty times; no more than
// three times the sum of the limits, random_words and field_rows, at N = 20, twice at 100.

namespace {

using namespace hypnos;

constexpr double beta = 1;

Ising spin_glass(int N) {
  Rng rng(1, 0, streams::couplings);
  return {sk_couplings(N, 1. / N, rng), Eigen::VectorXd::Constant(N, 0.1)};
}

void count_updates(benchmark::State& state, double updates) {
  using benchmark::Counter;
  state.counters["update"] = Counter(updates, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

void sweeps(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0)), chains = static_cast<int>(state.range(1));
  auto const model = spin_glass(N);
  HeatBath bath(N, chains, Rng(1, 0, streams::trained_chains));
  int const count = 1 + 1'000'000 / (N * chains);
  for (auto _ : state) bath.run(model, beta, count);
  count_updates(state, static_cast<double>(N) * chains * count);
}

// The obvious loop: chain by chain, spin by spin.
void plain_loop(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0));
  auto const model = spin_glass(N);
  std::vector<std::vector<double>> J(static_cast<std::size_t>(N));
  for (int i = 0; i < N; ++i) J[static_cast<std::size_t>(i)].assign(model.J.col(i).begin(), model.J.col(i).end());
  std::vector<double> s(static_cast<std::size_t>(N), 1);
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform;
  for (auto _ : state)
    for (std::size_t i = 0; i < s.size(); ++i) {
      double field = 0.1;
      for (std::size_t j = 0; j < s.size(); ++j) field += J[i][j] * s[j];
      s[i] = uniform(random) < 1 / (1 + std::exp(-2 * beta * field)) ? 1 : -1;
      benchmark::DoNotOptimize(s.data());
      benchmark::ClobberMemory();
    }
  count_updates(state, N);
}

// Limits: the random number alone, and the N - 1 multiply-adds of the field at the speed of Eigen's product of large
// matrices in single precision.
void random_words(benchmark::State& state) {
  Rng const rng(1, 0, streams::trained_chains);
  std::array<std::uint32_t, 4 * Rng::side> words;
  std::uint64_t block = 0;
  for (auto _ : state) {
    rng.side_by_side(block++, 0, words);
    benchmark::DoNotOptimize(words.data());
    benchmark::ClobberMemory();
  }
  count_updates(state, words.size());
}

void field_rows(benchmark::State& state) {
  auto const N = static_cast<double>(state.range(0));
  Eigen::MatrixXf const A = Eigen::MatrixXf::Random(512, 512), B = A;
  Eigen::MatrixXf C(512, 512);
  for (auto _ : state) {
    C.noalias() = A * B;
    benchmark::DoNotOptimize(C.data());
  }
  count_updates(state, std::pow(512., 3) / (N - 1));
}

// The cost of measuring in addition to the sweeps: few sweeps, as in a step of learning, and many.
void moments(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0)), chains = static_cast<int>(state.range(1));
  auto const count = static_cast<int>(state.range(2));
  auto const model = spin_glass(N);
  HeatBath bath(N, chains, Rng(1, 0, streams::trained_chains));
  for (auto _ : state) benchmark::DoNotOptimize(sampled_moments(bath, model, beta, count));
  count_updates(state, static_cast<double>(N) * chains * count);
}

void time_correlation(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0)), chains = static_cast<int>(state.range(1));
  auto const model = spin_glass(N);
  HeatBath bath(N, chains, Rng(1, 0, streams::trained_chains));
  for (auto _ : state) benchmark::DoNotOptimize(autocorrelation(bath, model, beta, 1000, 100));
  count_updates(state, static_cast<double>(N) * chains * 1000);
}

void annealing(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0)), chains = static_cast<int>(state.range(1));
  auto const model = spin_glass(N);
  HeatBath bath(N, chains, Rng(1, 0, streams::annealed_chains));
  for (auto _ : state) benchmark::DoNotOptimize(annealed_log_Z(bath, model, beta, 500));
  count_updates(state, static_cast<double>(N) * chains * 501);
}

}  // namespace

BENCHMARK(plain_loop)->Arg(20)->Arg(50)->Arg(100)->Arg(500);
BENCHMARK(random_words);
BENCHMARK(field_rows)->Arg(20)->Arg(50)->Arg(100)->Arg(500);
BENCHMARK(sweeps)->ArgsProduct({{20, 50, 100, 500}, {256, 1024}});
BENCHMARK(moments)->ArgsProduct({{20, 50, 100}, {1024}, {1, 10, 64, 1000}})->Unit(benchmark::kMillisecond);
BENCHMARK(time_correlation)->ArgsProduct({{18, 100}, {256}})->Unit(benchmark::kMillisecond);
BENCHMARK(annealing)->ArgsProduct({{20, 100}, {256}})->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();

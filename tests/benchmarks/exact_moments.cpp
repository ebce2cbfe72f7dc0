#include "hypnos/physics/boltzmann/exact_moments.hpp"

#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <cmath>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/learning.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "naive_moments.hpp"

// Goals, on one core: moments/20 at least 1500 times as fast as numpy and 1000 times as naive_moments/20, and
// moments/24 at 60 % of the speed of multiply_adds, the machine's limit: three multiply-adds per state are needed, half
// as many without fields; many_spins/36 below 15 s. matrix_product is the speed of Eigen's products.
// tests/benchmarks/run.sh prints the ratios, teams.sh the speedup by two ranks and the time of the largest N.

namespace {

using namespace hypnos;

Ising spin_glass(int N, double field) {
  Rng rng(1, 0, streams::couplings);
  return {sk_couplings(N, 1 / std::sqrt(N), rng), Eigen::VectorXd::Constant(N, field)};
}

void count_multiply_adds(benchmark::State& state, double number) {
  state.counters["multiply_adds"] = benchmark::Counter(number, benchmark::Counter::kIsIterationInvariantRate);
}

void measure(benchmark::State& state, double field, double beta, EnergyVariance variance) {
  auto const N = static_cast<int>(state.range(0));
  auto const model = spin_glass(N, field);
  for (auto _ : state) benchmark::DoNotOptimize(exact_moments(model, beta, variance));
  count_multiply_adds(state, (variance == EnergyVariance::yes ? 6 : 3) * std::exp2(field == 0 ? N - 1 : N));
}

void moments(benchmark::State& state) { measure(state, 0, 0.4, EnergyVariance::no); }
void many_spins(benchmark::State& state) { measure(state, 0, 0.4, EnergyVariance::no); }
void moments_in_fields(benchmark::State& state) { measure(state, 0.1, 0.4, EnergyVariance::no); }
void moments_and_variance(benchmark::State& state) { measure(state, 0, 0.4, EnergyVariance::yes); }
void moments_in_the_cold(benchmark::State& state) { measure(state, 0, 30, EnergyVariance::no); }

// One step of learning with the unlearning regularization: averages at two temperatures, the rule, the slope.
void training_step(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0));
  auto const data = ensemble(exact_moments(spin_glass(N, 0), 0.4));
  LearningRule const rule{.a = 0.3};
  Ising model{data.c, Eigen::VectorXd::Zero(N)};
  model.J.diagonal().setZero();
  for (auto _ : state) {
    auto const here = measured(rule, 0, model);
    benchmark::DoNotOptimize(slope(pairs(here.at_1.c), pairs(data.c)));
    benchmark::DoNotOptimize(rule.stepped(data, here, 1e-9));
  }
}

void matrix_product(benchmark::State& state) {
  auto const n = state.range(0);
  Eigen::MatrixXd const A = Eigen::MatrixXd::Random(n, n), B = Eigen::MatrixXd::Random(n, n);
  Eigen::MatrixXd C(n, n);
  for (auto _ : state) {
    C.noalias() = A * B;
    benchmark::DoNotOptimize(C.data());
  }
  count_multiply_adds(state, std::pow(static_cast<double>(n), 3));
}

// The machine's limit, in registers alone and with the vectors of Eigen's products: 12 independent chains hide the
// latency, even if a multiply-add is two instructions.
void multiply_adds(benchmark::State& state) {
  using Vector = Eigen::internal::packet_traits<double>::type;
  constexpr int chains = 12, rounds = 1000;
  Vector x[chains], half = Eigen::internal::pset1<Vector>(0.5), one = Eigen::internal::pset1<Vector>(1);
  benchmark::DoNotOptimize(half);
  benchmark::DoNotOptimize(one);
  for (Vector& chain : x) chain = one;
  for (auto _ : state) {
    for (int round = 0; round < rounds; ++round)
#pragma GCC unroll 12
      for (int k = 0; k < chains; ++k) x[k] = Eigen::internal::pmadd(x[k], half, one);
  }
  for (Vector& chain : x) benchmark::DoNotOptimize(chain);
  count_multiply_adds(state, double{chains} * rounds * sizeof(Vector) / sizeof(double));
}

void naive(benchmark::State& state) {
  auto const model = spin_glass(static_cast<int>(state.range(0)), 0);
  for (auto _ : state) benchmark::DoNotOptimize(naive_moments(model, 0.4));
}

}  // namespace

BENCHMARK(multiply_adds)->Unit(benchmark::kMillisecond);
BENCHMARK(matrix_product)->Arg(512)->Unit(benchmark::kMillisecond);
BENCHMARK(moments)->Arg(16)->Arg(18)->Arg(20)->Arg(24)->Arg(28)->Arg(30)->Unit(benchmark::kMillisecond);
BENCHMARK(many_spins)->Arg(36)->Arg(40)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(naive)->Arg(18)->Arg(20)->Unit(benchmark::kMillisecond);
BENCHMARK(training_step)->Arg(18)->Unit(benchmark::kMillisecond);
BENCHMARK(moments_in_fields)->Arg(18)->Arg(24)->Unit(benchmark::kMillisecond);
BENCHMARK(moments_and_variance)->Arg(18)->Arg(24)->Arg(30)->Unit(benchmark::kMillisecond);
BENCHMARK(moments_in_the_cold)->Arg(18)->Arg(24)->Arg(30)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();

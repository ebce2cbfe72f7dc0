#include "hypnos/physics/exact_moments.hpp"

#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <cmath>

#include "hypnos/base/random.hpp"
#include "hypnos/physics/boltzmann_learning.hpp"
#include "hypnos/physics/comparison.hpp"
#include "hypnos/physics/sherrington_kirkpatrick.hpp"

// Goals, on one core with AVX-512: training_step/18 below 0.2 ms, moments/30 below 300 ms.
// matrix_product is the limit: three multiply-adds a state, half as many without fields, at the speed of Eigen's own
// product of large matrices. tests/benchmarks/run.sh prints all this beside the same in numpy.

namespace {

using namespace hypnos;

Ising spin_glass(int N, double field) {
  Rng rng(1, 0, Stream::couplings);
  return {sk_couplings(N, 1 / std::sqrt(N), rng), Eigen::VectorXd::Constant(N, field)};
}

void measure(benchmark::State& state, double field, double beta, EnergyVariance variance) {
  auto const N = static_cast<int>(state.range(0));
  auto const model = spin_glass(N, field);
  for (auto _ : state) benchmark::DoNotOptimize(exact_moments(model, beta, variance));
  double const flops = (variance == EnergyVariance::yes ? 12 : 6) * std::exp2(field == 0 ? N - 1 : N);
  state.counters["flops"] = benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate);
}

void moments(benchmark::State& state) { measure(state, 0, 0.4, EnergyVariance::no); }
void moments_in_fields(benchmark::State& state) { measure(state, 0.1, 0.4, EnergyVariance::no); }
void moments_and_variance(benchmark::State& state) { measure(state, 0, 0.4, EnergyVariance::yes); }
void moments_in_the_cold(benchmark::State& state) { measure(state, 0, 30, EnergyVariance::no); }

// One step of learning with the unlearning regularization: averages at two temperatures, the rule, the slope.
void training_step(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0));
  auto const data = ensemble(exact_moments(spin_glass(N, 0), 0.4));
  Law const law{.rule = Rule::unlearning, .a = 0.3};
  Ising model{data.c, Eigen::VectorXd::Zero(N)};
  model.J.diagonal().setZero();
  for (auto _ : state) {
    auto const stage = measured(law, 0, model);
    benchmark::DoNotOptimize(slope(pairs(stage.at_1.c), pairs(data.c)));
    benchmark::DoNotOptimize(stepped(law, data, stage, 1e-9));
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
  double const flops = 2 * std::pow(static_cast<double>(n), 3);
  state.counters["flops"] = benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

BENCHMARK(matrix_product)->Arg(512)->Unit(benchmark::kMillisecond);
BENCHMARK(moments)->Arg(16)->Arg(18)->Arg(20)->Arg(24)->Arg(28)->Arg(30)->Unit(benchmark::kMillisecond);
BENCHMARK(training_step)->Arg(18)->Unit(benchmark::kMillisecond);
BENCHMARK(moments_in_fields)->Arg(18)->Arg(24)->Unit(benchmark::kMillisecond);
BENCHMARK(moments_and_variance)->Arg(18)->Arg(24)->Arg(30)->Unit(benchmark::kMillisecond);
BENCHMARK(moments_in_the_cold)->Arg(18)->Arg(24)->Arg(30)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();

#include "hypnos/physics/memories/unlearning.hpp"

#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"
#include "naive.hpp"

// Dreams at N = 800, alpha = 0.3, epsilon = 0.01 after 0 and 12,000 of them (there every pattern has become stable),
// one core. Goals: 40 times sooner than `naive`, 100 times sooner than numpy. run.sh prints them side by side;
// couplings for numpy go into the folder named by the environment variable COUPLINGS, if there is one.

namespace {

using namespace hypnos;

constexpr int N = 800, P = 240;
constexpr Fraction rate{1, 100};

Unlearning hopfield() {
  Rng rng(1, 0, streams::patterns);
  return {Eigen::MatrixXd::NullaryExpr(P, N, [&] { return rng.below(2) == 0 ? -1. : 1.; }),
          rate,
          {Order::random_site},
          Rng(1, 0, streams::dreams)};
}

// Networks after so many dreams, by their dreams; the last are those of the longest run.
Unlearning network_after(int dreams) {
  static SpinStates all(N);
  auto network = hopfield();
  auto const known = static_cast<int>(all.count());
  network.replay(all, 0, std::min(known, dreams));
  if (known < dreams) all.append(network.dream(dreams - known));
  if (auto const folder = std::getenv("COUPLINGS")) {
    Eigen::MatrixXf const J = network.J().cast<float>();
    std::ofstream(std::string(folder) + "/" + std::to_string(dreams), std::ios::binary)
        .write(reinterpret_cast<char const*>(J.data()), static_cast<std::streamsize>(J.size() * sizeof(float)));
  }
  return network;
}

void dream(benchmark::State& state) {
  constexpr int count = 160;
  auto network = network_after(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(network.dream(count));
  state.counters["dreams"] = benchmark::Counter(count, benchmark::Counter::kIsIterationInvariantRate);
}

template <class Real>
void naive(benchmark::State& state) {
  Eigen::MatrixX<Real> const J = network_after(static_cast<int>(state.range(0))).J().cast<Real>();
  NaiveNetwork<Real> network{N, static_cast<Real>(0.01), {J.data(), J.data() + J.size()}};
  for (auto _ : state) network.dream();
  state.counters["dreams"] = benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
}

// All of a run, with the stabilities after every 300 dreams.
void run(benchmark::State& state) {
  auto const dreams = static_cast<int>(state.range(0));
  for (auto _ : state) {
    auto network = hopfield();
    for (int d = 0; d < dreams; d += 300) {
      network.dream(300);
      benchmark::DoNotOptimize(network.stabilities().minCoeff());
    }
  }
  state.counters["dreams"] = benchmark::Counter(dreams, benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

BENCHMARK(dream)->Arg(0)->Arg(12000)->Unit(benchmark::kMillisecond);
BENCHMARK(naive<double>)->Arg(0)->Arg(12000)->Unit(benchmark::kMillisecond);
BENCHMARK(naive<float>)->Arg(0)->Arg(12000)->Unit(benchmark::kMillisecond);
BENCHMARK(run)->Arg(12000)->Unit(benchmark::kMillisecond)->Iterations(1);

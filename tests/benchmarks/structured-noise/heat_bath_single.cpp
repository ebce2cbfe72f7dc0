#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/heat_bath.hpp"
#include "hypnos/physics/dynamics/heat_bath_chain.hpp"
#include "naive_heat_bath.hpp"

// Time of one heat bath update of a single network in Hebb's couplings at alpha = 0.5, "update". Arguments: N, 100 T.
// Goals on one core: `chain` 25 times faster than `naive` at N = 500, T = 0.3, four times at T = 8. `replicas` are 64
// chains of one network side by side (HeatBath), by their number: an alternative for many samples where most updates
// are flips. Before, a line for every T compares <E> at N = 14 with the sum over all states.

namespace {

using namespace hypnos;
using Eigen::MatrixXd;

MatrixXd hebb(int N) {
  Rng rng(1, 0, streams::patterns);
  MatrixXd const xi = MatrixXd::NullaryExpr(N / 2, N, [&] { return rng.below(2) == 0 ? -1. : 1.; });
  MatrixXd J = xi.transpose() * xi / N;
  J.diagonal().setZero();
  return J;
}

double temperature(benchmark::State const& state) { return 0.01 * static_cast<double>(state.range(1)); }

void count_updates(benchmark::State& state, double updates) {
  using benchmark::Counter;
  state.counters["update"] = Counter(updates, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

void chain(benchmark::State& state) {
  constexpr int updates = 100'000;
  auto const N = static_cast<int>(state.range(0));
  IntegerNetwork const network(hebb(N));
  NetworkState spins(network, SpinStates(N, 1)[0]);
  BufferedRandom random(Rng(1, 0, streams::dreams));
  UpdatePosition position;
  auto const update = [&] { heat_bath(spins, temperature(state), updates, Order::random_site, random, position); };
  for (int k = 0; k < 10; ++k) update();  // towards equilibrium
  for (auto _ : state) update();
  count_updates(state, updates);
}

void naive(benchmark::State& state) {
  constexpr int updates = 20'000;
  auto const N = static_cast<int>(state.range(0));
  auto const J = hebb(N);
  NaiveHeatBath spins(N, temperature(state), {J.data(), J.data() + J.size()});
  for (int k = 0; k < 10; ++k) spins.update(updates);
  for (auto _ : state) spins.update(updates);
  count_updates(state, updates);
}

void replicas(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0));
  constexpr int chains = 64;
  Ising const model{hebb(N), Eigen::VectorXd::Zero(N)};
  HeatBath bath(N, chains, Rng(1, 0, streams::trained_chains));
  for (auto _ : state) bath.run(model, 1 / temperature(state), 1);
  count_updates(state, static_cast<double>(N) * chains);
}

// <E> of 400 chains, after 2000 sweeps, over 500 more, against enumeration.
void compare_energies() {
  constexpr int N = 14, chains = 400, samples = 100;
  auto const J = hebb(N);
  IntegerNetwork const network(J);
  for (double const T : {0.3, 1., 8.}) {
    double Z = 0, exact = 0;
    for (int k = 0; k < 1 << N; ++k) {
      Eigen::VectorXd const s = Eigen::VectorXd::NullaryExpr(N, [&](Eigen::Index i) { return k >> i & 1 ? 1. : -1.; });
      double const E = -0.5 * s.dot(J * s), weight = std::exp(-E / T);
      Z += weight;
      exact += E * weight;
    }
    exact /= Z;
    double sum = 0, squares = 0;
    for (std::uint32_t k = 0; k < chains; ++k) {
      BufferedRandom random(Rng(1, 0, streams::dreams).substream(k));
      NetworkState spins(network, SpinStates(N, 1)[0]);
      UpdatePosition position;
      heat_bath(spins, T, 2000 * N, Order::random_site, random, position);
      double mean = 0;
      for (int n = 0; n < samples; ++n) {
        heat_bath(spins, T, 5 * N, Order::random_site, random, position);
        mean += spins.energy() / samples;
      }
      sum += mean;
      squares += mean * mean;
    }
    double const mean = sum / chains, error = std::sqrt((squares / chains - mean * mean) / (chains - 1));
    std::printf("N = 14, T = %-3g  <E> = %.5f +- %.5f, all states: %.5f, difference %+.1f errors\n", T, mean, error,
                exact, (mean - exact) / error);
  }
}

}  // namespace

BENCHMARK(naive)->ArgsProduct({{100, 500, 1000}, {30, 100, 800}});
BENCHMARK(chain)->ArgsProduct({{100, 500, 1000}, {30, 100, 800}});
BENCHMARK(replicas)->ArgsProduct({{100, 500, 1000}, {30, 800}});

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  compare_energies();
  benchmark::RunSpecifiedBenchmarks();
}

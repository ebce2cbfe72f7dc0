#include "hypnos/physics/dynamics/local_minima.hpp"

#include <benchmark/benchmark.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"

// Time to find all local minima of one network on one core; argument: N. Goals: less than a minute for `sk` at N = 45 and
// for `hopfield` (alpha = 0.3, ties included) at N = 55. `all_states` is the usual way: all 2^N states in the order of a
// Gray code, with fields that follow the flips.

namespace {

using namespace hypnos;
using Eigen::MatrixXd;

MatrixXd sk(int N) {
  Rng rng(1, 0, streams::couplings);
  return sk_couplings(N, 1. / N, rng);
}

MatrixXd hopfield(int N) {
  Rng rng(1, 0, streams::patterns);
  return hebbian_sums(random_patterns(static_cast<int>(0.3 * N + 0.5), N, rng));
}

void search(benchmark::State& state, MatrixXd const& J, bool strict) {
  double minima = 0, examined = 0;
  for (auto _ : state) {
    auto const found = completed(LocalMinima(J, strict, std::numeric_limits<std::int64_t>::max()));
    minima = static_cast<double>(found.minima().count());
    examined = static_cast<double>(found.examined());
  }
  state.counters["minima"] = minima;
  state.counters["examined"] = examined;
}

void sk_search(benchmark::State& state) { search(state, sk(static_cast<int>(state.range(0))), true); }
void hopfield_search(benchmark::State& state) { search(state, hopfield(static_cast<int>(state.range(0))), false); }

// Half of all states, since s and -s are alike.
void all_states(benchmark::State& state) {
  auto const N = static_cast<int>(state.range(0));
  MatrixXd const J = sk(N);
  std::int64_t minima = 0;
  for (auto _ : state) {
    minima = 0;
    Eigen::ArrayXd s = Eigen::ArrayXd::Ones(N), h = J.rowwise().sum();
    for (std::uint64_t k = 1;; ++k) {
      minima += (s * h).minCoeff() > 0 ? 2 : 0;
      if (k == std::uint64_t{1} << (N - 1)) break;
      int const i = std::countr_zero(k);
      h -= 2 * s(i) * J.col(i).array();
      s(i) = -s(i);
    }
  }
  state.counters["minima"] = static_cast<double>(minima);
}

}  // namespace

BENCHMARK(all_states)->Arg(20)->Arg(24)->Unit(benchmark::kSecond);
BENCHMARK(sk_search)->Arg(20)->Arg(24)->Arg(30)->Arg(35)->Arg(40)->Arg(45)->Unit(benchmark::kSecond);
BENCHMARK(hopfield_search)->Arg(30)->Arg(40)->Arg(45)->Arg(50)->Arg(55)->Unit(benchmark::kSecond);

BENCHMARK_MAIN();

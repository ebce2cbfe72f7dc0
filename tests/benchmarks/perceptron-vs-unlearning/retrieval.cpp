// Retrieval from corrupted patterns beside the same trajectories one by one: the field of the start by a product of
// matrix and vector, then updates of random sites, with fields kept up to date. Goal: 5 times as fast.
#include "hypnos/physics/dynamics/retrieval.hpp"

#include <benchmark/benchmark.h>

#include <numeric>
#include <span>
#include <vector>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/symmetric_perceptron.hpp"
#include "hypnos/physics/states/patterns.hpp"

using namespace hypnos;

namespace {

constexpr int N = 800, P = 240, step = 5;

struct Network {
  Eigen::MatrixXd xi, J;
};

Network const& network() {
  static Network const trained = [] {
    Rng rng(1, 0, streams::patterns);
    auto const xi = random_patterns(P, N, rng);
    SymmetricPerceptron perceptron(xi, hebbian_sums(xi), 1.2, N);
    while (!perceptron.converged()) perceptron.step();
    return Network{xi, perceptron.J()};
  }();
  return trained;
}

void show_time_of_one(benchmark::State& state) {
  auto const trajectories = P * static_cast<double>(state.range(1) - state.range(0)) / step + P;
  state.counters["of one"] =
      benchmark::Counter(trajectories, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// One trajectory from every pattern at every m_0 of the range, in hundredths, and all that comes before.
void together(benchmark::State& state) {
  auto const& [xi, J] = network();
  Rng const stream(1, 0, streams::retrieval);
  std::vector<double> overlaps;
  for (auto m_0 = state.range(0); m_0 <= state.range(1); m_0 += step)
    overlaps.push_back(static_cast<double>(m_0) / 100);
  double m_f = 0;
  for (auto _ : state) {
    m_f = 0;
    auto const retrieval = completed(Retrieval(J, SpinStates(xi), {overlaps, 1, 100 * N}, stream));
    for (std::size_t k = 0; k < overlaps.size(); ++k) m_f += retrieval.m_f(k).mean();
  }
  state.counters["sum of m_f"] = m_f;
  show_time_of_one(state);
}

double one_trajectory(Network const& of, int mu, double m_0, Rng& rng) {
  Eigen::VectorXd s = of.xi.row(mu);
  std::vector<int> order(N);
  std::iota(order.begin(), order.end(), 0);
  rng.shuffle(std::span(order));
  for (int n = 0; n < flipped_neurons(N, m_0); ++n) s(order[static_cast<std::size_t>(n)]) *= -1;
  Eigen::VectorXd h = of.J * s;
  while ((s.array() * h.array() < 0).any())
    for (int update = 0; update < N; ++update) {
      auto const i = static_cast<int>(rng.below(N));
      if (s(i) * h(i) >= 0) continue;
      s(i) *= -1;
      h += 2 * s(i) * of.J.col(i);
    }
  return of.xi.row(mu).dot(s) / N;
}

void one_by_one(benchmark::State& state) {
  auto const& of = network();
  Rng rng(1, 0, streams::retrieval);
  double m_f = 0;
  for (auto _ : state) {
    m_f = 0;
    for (auto m_0 = state.range(0); m_0 <= state.range(1); m_0 += step)
      for (int mu = 0; mu < P; ++mu) m_f += one_trajectory(of, mu, static_cast<double>(m_0) / 100, rng) / P;
  }
  state.counters["sum of m_f"] = m_f;
  show_time_of_one(state);
}

}  // namespace

BENCHMARK(together)->Args({0, 100})->Args({0, 40})->Args({50, 100})->Unit(benchmark::kMillisecond);
BENCHMARK(one_by_one)->Args({0, 100})->Args({0, 40})->Args({50, 100})->Unit(benchmark::kMillisecond);

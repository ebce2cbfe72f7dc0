// One iteration of the symmetric perceptron, compared with the product and the passes over memory that it needs.
// Goal: no more than 1.5 products and a pass.
#include "hypnos/physics/memories/symmetric_perceptron.hpp"

#include <benchmark/benchmark.h>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"

using namespace hypnos;

namespace {

constexpr int N = 800, P = 240;

Eigen::MatrixXd patterns() {
  Rng rng(1, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

void product(benchmark::State& state) {
  Eigen::MatrixXf const xi = patterns().cast<float>(), C = Eigen::MatrixXf::Random(N, N);
  Eigen::MatrixXf fields(P, N);
  for (auto _ : state) {
    fields.noalias() = xi * C;
    benchmark::DoNotOptimize(fields.data());
  }
}

// Adds small numbers to C, and reads J_0.
void memory_pass(benchmark::State& state) {
  Eigen::MatrixXf C = Eigen::MatrixXf::Random(N, N);
  Eigen::MatrixXd const J_0 = Eigen::MatrixXd::Random(N, N);
  for (auto _ : state) {
    C.array() += 1e-3F;
    benchmark::DoNotOptimize(C.data());
    benchmark::DoNotOptimize(J_0.sum());
  }
}

// k cannot be reached, so every iteration has many violated constraints.
void iteration(benchmark::State& state) {
  auto const xi = patterns();
  SymmetricPerceptron perceptron(xi, hebbian_sums(xi), 1.4, N);
  for (auto _ : state) perceptron.step();
  if (perceptron.converged()) state.SkipWithError("converged");
}

}  // namespace

BENCHMARK(product)->Unit(benchmark::kMillisecond);
BENCHMARK(memory_pass)->Unit(benchmark::kMillisecond);
BENCHMARK(iteration)->Unit(benchmark::kMillisecond);

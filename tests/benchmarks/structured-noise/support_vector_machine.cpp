#include <linear.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/states/patterns.hpp"

// The support vector machines of all N neurons, to the same accuracy, beside LIBLINEAR (Fan, Chang, Hsieh, Wang and
// Lin, J. Mach. Learn. Res. 9, 1871 (2008)), one neuron after the other: hinge loss with C = 1e6, dual coordinate
// descent. The shortfall is the largest relative distance of a margin from the bound proved here.
//
// usage: benchmark_support_vector_machine [N ALPHA]      default 800 0.5

namespace {

using namespace hypnos;
using Eigen::MatrixXd;

double seconds_of(auto const& work) {
  auto const start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The couplings of all neurons.
MatrixXd liblinear(MatrixXd const& xi, double tolerance) {
  auto const P = static_cast<int>(xi.rows()), N = static_cast<int>(xi.cols());
  MatrixXd J = MatrixXd::Zero(N, N);
  for (int i = 0; i < N; ++i) {
    std::vector<feature_node> nodes;
    nodes.reserve(static_cast<std::size_t>(P) * static_cast<std::size_t>(N));  // N - 1 inputs and an end
    std::vector<feature_node*> inputs;
    std::vector<double> outputs;
    for (int mu = 0; mu < P; ++mu) {
      inputs.push_back(nodes.data() + nodes.size());
      outputs.push_back(xi(mu, i));
      for (int j = 0; j < N; ++j)
        if (j != i) nodes.push_back({j + 1, xi(mu, j)});
      nodes.push_back({-1, 0});
    }
    problem task{};
    task.l = P;
    task.n = N;
    task.y = outputs.data();
    task.x = inputs.data();
    task.bias = -1;
    parameter settings{};
    settings.solver_type = L2R_L1LOSS_SVC_DUAL;
    settings.C = 1e6;
    settings.eps = tolerance;
    model* learnt = train(&task, &settings);
    for (int j = 0; j < N; ++j) J(i, j) = learnt->label[0] * learnt->w[j];
    free_and_destroy_model(&learnt);
  }
  return J;
}

double shortfall(MatrixXd const& xi, MatrixXd const& J, Eigen::ArrayXd const& bound) {
  Eigen::ArrayXd const margin = stabilities(xi, J).colwise().minCoeff().transpose();
  return (1 - margin / bound).maxCoeff();
}

}  // namespace

int main(int argc, char** argv) {
  int const N = argc > 1 ? std::atoi(argv[1]) : 800;
  double const alpha = argc > 2 ? std::atof(argv[2]) : 0.5;
  Rng rng(1, 0, streams::patterns);
  auto const xi = random_patterns(static_cast<int>(alpha * N), N, rng);
  set_print_string_function([](char const*) {});
  SupportVectorMachine machine;
  double here = 1e9;
  for (int k = 0; k < 3; ++k)
    here = std::min(here, seconds_of([&] { machine = support_vector_machine(xi, 1e-6, 100'000); }));
  std::printf("support vector machine, N = %d, alpha = %g, all rows\n", N, alpha);
  std::printf("here          %8.2f s, shortfall %.1e\n", here, shortfall(xi, machine.J, machine.bound));
  MatrixXd J;
  double const there = seconds_of([&] { J = liblinear(xi, 1e-6); });
  std::printf("LIBLINEAR     %8.2f s, shortfall %.1e, ratio %.1f\n", there, shortfall(xi, J, machine.bound),
              there / here);
  return 0;
}

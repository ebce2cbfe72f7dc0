#include "naive_moments.hpp"

#include <cmath>
#include <vector>

namespace hypnos {

Moments naive_moments(Ising const& model, double beta) {
  int const N = model.size();
  std::vector<double> J(model.J.data(), model.J.data() + N * N), h(model.h.data(), model.h.data() + N);
  std::vector<double> s(N), m(N), c(N * N);
  double Z = 0, energy = 0;
  for (unsigned state = 0; state < 1u << N; ++state) {
    for (int i = 0; i < N; ++i) s[i] = state >> i & 1 ? -1 : 1;
    double E = 0;
    for (int i = 0; i < N; ++i) {
      double field = 0;
      for (int j = 0; j < i; ++j) field += J[i * N + j] * s[j];
      E -= s[i] * (field + h[i]);
    }
    double const weight = std::exp(-beta * E);
    Z += weight;
    energy += weight * E;
    for (int i = 0; i < N; ++i) {
      m[i] += weight * s[i];
      for (int j = 0; j < i; ++j) c[i * N + j] += weight * s[i] * s[j];
    }
  }
  Moments moments{.log_Z = std::log(Z), .energy = energy / Z, .m = Eigen::VectorXd(N), .c = Eigen::MatrixXd(N, N)};
  for (int i = 0; i < N; ++i) {
    moments.m(i) = m[i] / Z;
    moments.c(i, i) = 1;
    for (int j = 0; j < i; ++j) moments.c(i, j) = moments.c(j, i) = c[i * N + j] / Z;
  }
  return moments;
}

}  // namespace hypnos

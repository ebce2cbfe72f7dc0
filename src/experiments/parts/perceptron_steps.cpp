#include "parts/perceptron_steps.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hypnos/physics/theory/gardner.hpp"

namespace hypnos {

double expected_perceptron_steps(int N, double alpha, double k, int max_steps) {
  // points of a sweep mostly have the load of the one before
  static thread_local std::pair<double, double> last{-1, 0};
  if (last.first != alpha) last = {alpha, alpha > 0 ? symmetric_gardner_k(alpha) : 0};
  double const most = max_steps, scale = std::pow(N / 150.0, 0.3);
  double const k_max = (1.07 + 0.04 * std::max(0.0, std::log2(N / 200.0))) * last.second;
  if (k > 0 && !(k < k_max)) return most;  // also where k_max is unknown
  double const left = k > 0 ? 1 - k / k_max : 1;
  return std::min(most, scale * (5 / left + 1.5 / (left * left)));
}

}  // namespace hypnos

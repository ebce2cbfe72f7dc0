#pragma once

namespace hypnos {

/// Steps of the symmetric perceptron, from Hebb's couplings, until all stabilities are at least k: with x = k / k_max,
///   (N / 150)^0.3 [5 / (1 - x) + 1.5 / (1 - x)^2],  k_max = [1.07 + 0.04 max(0, log2(N / 200))] k_s(alpha),
/// and k_s Gardner's k of symmetric couplings. A fit to runs at N = 100, 200, 800 and alpha = 0.3, 0.4, 0.5, mostly within
/// a factor of two. At most `max_steps`, which end learning. For estimates of cost.
double expected_perceptron_steps(int N, double alpha, double k, int max_steps);

}  // namespace hypnos

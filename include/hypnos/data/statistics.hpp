#pragma once

#include <vector>

#include "hypnos/data/raster.hpp"

namespace hypnos {

/// The `count` neurons with most spikes, in ascending order; of equally active ones those of lower index.
/// Throws BadInput unless 1 <= count <= N.
std::vector<int> most_active(Raster const& raster, int count);

/// First and second moments over the T samples of a raster. Each is one quotient of integers, rounded once.
struct EmpiricalMoments {
  std::vector<double> m;  ///< (1/T) sum_t s_i(t), (N)
  std::vector<double> c;  ///< (1/T) sum_t s_i(t) s_j(t), (N x N) row by row, symmetric, unit diagonal
};

/// O(N^2 T / 64): 50 neurons x 283,041 samples take some milliseconds.
EmpiricalMoments empirical_moments(Raster const& raster);

/// Entropy of the empirical distribution of patterns, -sum_s p(s) ln p(s) with p(s) = count(s) / T, in nats.
/// This plug-in estimate is at most ln T and on average too low, by about (patterns - 1) / (2 T)
/// (Miller, Information Theory in Psychology (1955)). Throws BadInput beyond 64 neurons. O(T ln T).
double empirical_entropy(Raster const& raster);

}  // namespace hypnos

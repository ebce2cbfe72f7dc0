#pragma once

#include <vector>

#include "hypnos/data/raster.hpp"

namespace hypnos {

/// The `count` neurons with most spikes, in ascending order; of equally active ones those of lower index.
/// Throws BadInput unless 1 <= count <= N.
std::vector<int> most_active(Raster const& raster, int count);

/// First and second moments over the T samples of a raster and, with a pseudocount, over as many further samples, which
/// are spread evenly over all 2^N states (Laplace's rule; in inverse Ising problems: Morcos et al., PNAS 108, E1293
/// (2011)).
/// Then no state is impossible, so that |m_i|, |c_ij| < 1 and the Ising model of these moments has finite parameters.
struct EmpiricalMoments {
  std::vector<double> m;  ///< sum_t s_i(t) / (T + pseudocount), (N)
  std::vector<double> c;  ///< sum_t s_i(t) s_j(t) / (T + pseudocount), (N x N) row by row, symmetric, unit diagonal
};

/// Without a pseudocount each is one quotient of integers, rounded once.
/// O(N^2 T / 64): 50 neurons x 283,041 samples take some milliseconds.
EmpiricalMoments empirical_moments(Raster const& raster, double pseudocount = 0);

/// Entropy of the empirical distribution of patterns, -sum_s p(s) ln p(s), in nats, with p(s) = count(s) / T, or with a
/// pseudocount p(s) = (count(s) + pseudocount / 2^N) / (T + pseudocount) over all 2^N patterns.
/// Without a pseudocount this plug-in estimate is at most ln T and on average too low, by about (patterns - 1) / (2 T)
/// (Miller, Information Theory in Psychology (1955)). Throws BadInput beyond 64 neurons. O(T ln T).
double empirical_entropy(Raster const& raster, double pseudocount = 0);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// P patterns of N neurons, (P x N), independent entries, +1 or -1 with equal probability. The first patterns of a
/// stream are the same whatever their number: every pattern begins with a new word, of which each bit is a neuron.
Eigen::MatrixXd random_patterns(int P, int N, Rng& rng);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "hypnos/base/random.hpp"
#include "hypnos/physics/memories/noise_training.hpp"

namespace hypnos {

// The definition of training with noise as plain loops. `NoiseTraining` gives the same couplings many times faster.

/// A pattern and its noisy copy (Eqs. 10-12).
struct NoisyPattern {
  Eigen::VectorXi xi, S;
};

NoisyPattern noisy_pattern(Eigen::MatrixXd const& xi, double m_t, Rng& numbers);

/// One step (Eq. 9 or 17). O(N^2).
void plain_noise_step(IntegerCouplings& couplings, NoisyPattern const& pattern, NoiseRule const& rule);

/// Steps number first, first + 1, ...
void plain_noise_training(IntegerCouplings& couplings, Eigen::MatrixXd const& xi, NoiseRule const& rule, Rng& numbers,
                          std::int64_t first, std::int64_t steps);

}  // namespace hypnos

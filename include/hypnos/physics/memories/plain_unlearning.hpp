#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "hypnos/base/random.hpp"
#include "hypnos/physics/memories/unlearning.hpp"

namespace hypnos {

// The definition of Hebbian unlearning as plain loops. `Unlearning` gives the same dreams a hundred times faster.

/// A stream that stands at the numbers of dream d, 2^24 d words behind where the given one stands.
Rng numbers_of_dream(Rng const& stream, std::int64_t d);

/// N signs: bit j % 32 of word j / 32 says whether s_j = +1.
Eigen::VectorXi random_state(int N, Rng& numbers);

/// N `sweeps` updates by the heat bath from s, T in units of C. C (N x N) symmetric, zero diagonal.
Eigen::VectorXi thermal_state(Eigen::MatrixXi const& C, Eigen::VectorXi s, double T, int sweeps, Order order,
                              Rng& numbers);

/// Dream d of the network with couplings C; T in units of C. O(N^2) a flip.
Eigen::VectorXi plain_dream(Eigen::MatrixXi const& C, Dynamics dynamics, Rng const& stream, std::int64_t d);

/// C - r S S^T with zero diagonal.
Eigen::MatrixXi unlearnt(Eigen::MatrixXi C, int r, Eigen::VectorXi const& S);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// P patterns of N neurons, (P x N), entries +1 or -1 alike and independent. The first patterns of a stream are the
/// same whatever their number: every pattern begins with a new word, of which each bit is a neuron.
Eigen::MatrixXd random_patterns(int P, int N, Rng& rng);

/// N times Hebb's couplings, sum_mu xi_i^mu xi_j^mu with a zero diagonal, (N x N) (Benedetti et al., J. Chem. Phys.
/// 156, 104107 (2022), Eq. 3). Whole numbers, so that fields that vanish are exactly zero.
Eigen::MatrixXd hebbian_sums(Eigen::MatrixXd const& xi);

}  // namespace hypnos

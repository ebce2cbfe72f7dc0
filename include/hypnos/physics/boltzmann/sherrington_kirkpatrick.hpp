#pragma once

#include <Eigen/Core>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// Couplings of the Sherrington-Kirkpatrick spin glass: J_ij = J_ji, i < j, independent Gaussians of zero mean
/// (Sherrington and Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975)); (N x N), zero diagonal.
/// Drawn row by row, so the same stream gives the same matrix up to the scale for any variance.
Eigen::MatrixXd sk_couplings(int N, double variance, Rng& rng);

}  // namespace hypnos

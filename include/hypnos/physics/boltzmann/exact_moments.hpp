#pragma once

#include <Eigen/Core>

#include "hypnos/base/blocks.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"

namespace hypnos {

/// Averages over the Gibbs-Boltzmann distribution P(s) = exp(-beta E(s)) / Z.
struct Moments {
  double log_Z = 0;            ///< natural logarithm of Z = sum_s exp(-beta E(s))
  double energy = 0;           ///< <E>
  double energy_variance = 0;  ///< <E^2> - <E>^2; NaN where it was not asked for
  Eigen::VectorXd m;           ///< <s_i>, (N)
  Eigen::MatrixXd c;           ///< <s_i s_j>, (N x N), symmetric, unit diagonal

  template <class Archive>
  void archive(Archive& members) {
    members(log_Z, energy, energy_variance, m, c);
  }
};

enum class EnergyVariance { no, yes };

/// The largest N that exact_moments accepts.
constexpr int largest_exact_N = 40;

/// Averages over all 2^N states, exact up to rounding.
///   <x> = sum_s x(s) exp(-beta E(s)) / Z      (Ventura, Cocco, Monasson and Zamponi, Unlearning regularization
///                                              for Boltzmann machines, Eqs. 2-4)
/// beta >= 0, any couplings and fields: no weight overflows, and none that contributes to a digit of a result is lost.
/// Errors, against enumerated_moments up to beta = 80: m and c below 1e-13, log_Z and energy below 1e-14 of
/// themselves, beta^2 energy_variance below 1e-11.
/// With no field at all, E(s) = E(-s): m is exactly 0 and the cost is half.
/// The sum is cut into blocks by N alone, and `blocks` distributes them: the bits of the result are the same for any
/// number of processes. From N = 22 (with fields; 23 without) there is more than one block, from N = 27 (28) 64.
/// Blocks poll every 0.2 ms or so.
/// Cost: three multiply-adds a state in matrix products, half of that without fields; twice as many with
/// energy_variance. On one core with AVX-512 and without fields, 25 us for N = 18, 50 ms for N = 30. Near zero
/// temperature up to three times that, and far more only where almost all pairs are frustrated alike (all J equal and
/// negative, beta |J| N > 50), since then no bound on the largest weight is close.
/// Tables of up to 1.5 MB (4 MB with energy_variance) are kept for the next call in the same thread.
/// N outside [1, largest_exact_N], numbers that are not finite, or beta < 0 are a std::domain_error.
Moments exact_moments(Ising const& model, double beta, EnergyVariance variance = EnergyVariance::no,
                      BlockMap const& blocks = serial_blocks);

/// The definition of exact_moments: a loop over all 2^N states in extended precision, energy_variance included.
/// 1 <= N <= 24, else std::domain_error. O(N^2) operations a state: a fraction of a second for N = 16.
Moments enumerated_moments(Ising const& model, double beta);

}  // namespace hypnos

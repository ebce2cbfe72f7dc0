#pragma once

#include <Eigen/Core>

#include "hypnos/base/blocks.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/physics/restricted/restricted_machine.hpp"

/// Restricted machines whose smaller layer has at most 25 units, exact up to rounding: the other layer is summed in
/// closed form, and all 2^n states of the smaller one, n units, are enumerated; without biases half of them, since E(v,
/// h) = E(-v, -h). The states are cut into blocks by the size of the machine alone, and `blocks` distributes them: the
/// bits of the results do not depend on the number of processes. Blocks poll every 64 states. m is the size of the
/// larger layer. A smaller layer of more than 25 units is a std::domain_error.
namespace hypnos {

inline constexpr int largest_enumerated_layer = 25;

/// log Z, Z = sum_{v,h} exp(-E(v, h)), in nats. An exponential for each of the 2^n m fields: 1.5 s for 20 and 1000
/// units without biases on one core with AVX2.
double restricted_log_Z(RestrictedMachine<double> const& machine, BlockMap const& blocks = serial_blocks);

/// Averages over P(v, h). log Z has the derivatives d/dW = vh, d/da = v, d/db = h, which are the negative phase of the
/// gradient of the likelihood (Pozas-Kerstjens et al., Mach. Learn.: Sci. Technol. 2, 025026 (2021), Eqs. 4, A5).
struct RestrictedMoments {
  double log_Z = 0;
  Eigen::VectorXd v;   ///< <v_i>, (V); exactly 0 without biases
  Eigen::VectorXd h;   ///< <h_alpha> = <tanh(b + W^T v)_alpha>, (H); exactly 0 without biases
  Eigen::MatrixXd vh;  ///< <v_i h_alpha> = <v_i tanh(b + W^T v)_alpha>, (V x H)
};

/// On top of restricted_log_Z n multiplications, in products, and a division for each field: about four times its time.
/// Memory: 64 times that of vh at most.
RestrictedMoments restricted_moments(RestrictedMachine<double> const& machine, BlockMap const& blocks = serial_blocks);

/// The state of the lowest energy, min_{v,h} E(v, h) = min_v (-a^T v - sum_alpha |b + W^T v|_alpha).
struct RestrictedGroundState {
  double energy = 0;
  Eigen::VectorXd v, h;  ///< one of the states that have it (without biases -v, -h is another)
};

/// 2^n m additions: 0.4 s for 20 and 1000 units without biases on one core with AVX2.
RestrictedGroundState restricted_ground_state(RestrictedMachine<double> const& machine,
                                              BlockMap const& blocks = serial_blocks);

/// `count` independent visible states from the exact P(v), (V x count), entries +-1, in random order. Every process
/// computes all of them, in twice the time of restricted_log_Z.
Eigen::MatrixXd restricted_samples(RestrictedMachine<double> const& machine, int count, Rng& rng,
                                   BlockMap const& blocks = serial_blocks);

}  // namespace hypnos

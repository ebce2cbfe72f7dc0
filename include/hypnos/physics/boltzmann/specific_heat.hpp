#pragma once

#include "hypnos/physics/boltzmann/exact_moments.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"

namespace hypnos {

/// C_v(beta) = beta^2 (<E^2> - <E>^2) of the whole system, not per spin, in units of k_B
/// (Ventura et al., Unlearning regularization for Boltzmann machines, Eq. 21). Costs one enumeration of the states.
double specific_heat(Ising const& model, double beta, BlockMap const& blocks = serial_blocks);

}  // namespace hypnos

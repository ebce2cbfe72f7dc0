#pragma once

#include "hypnos/physics/boltzmann/exact_moments.hpp"

namespace hypnos {

/// The obvious loop over all 2^N states, in double precision.
Moments naive_moments(Ising const& model, double beta);

}  // namespace hypnos

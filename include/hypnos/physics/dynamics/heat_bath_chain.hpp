#pragma once

#include <cstdint>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/physics/dynamics/network_state.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"

namespace hypnos {

/// `updates` heat bath updates, one after the other, of neurons in the given order (Glauber, J. Math. Phys. 4, 294
/// (1963)): s_i is drawn from its distribution given all others at temperature T,
///   P(s_i = +1) = 1 / (1 + exp(-2 h_i / T)).
/// With symmetric couplings the states become a sample of exp(-E / T) / Z. For every update are drawn, in this order,
/// below(N) for the neuron if it is chosen at random (before every sweep in random order a shuffle), and a word, which
/// decides by its threshold (logistic_thresholds.hpp). Only that threshold is rounded: the odds of an update are off by
/// a factor of 1 +- 5e-6 at most, and odds beyond 2^32 are infinite. Repeated calls go on at `position`. O(1) an
/// update, O(N) if it changes the spin: cheap where few do. Where half of them do, 64 chains of one network side by
/// side (HeatBath) take as long per update at N = 500 and half as long at N = 100. T > 0 and finite, updates >= 0, else
/// std::domain_error.
void heat_bath(NetworkState& state, double T, std::int64_t updates, Order order, BufferedRandom& random,
               UpdatePosition& position);

}  // namespace hypnos

#pragma once

#include <utility>
#include <vector>

#include "hypnos/physics/boltzmann/divergence.hpp"

namespace hypnos {

/// The pairs i < j of neurons of which one of the four joint states (s_i, s_j) has probability zero,
/// P(s_i = a, s_j = b) = (1 + a m_i + b m_j + a b c_ij) / 4. The maximum likelihood of a Boltzmann machine is then at
/// infinite couplings; so it is where a larger group lacks a joint state, which is not examined.
std::vector<std::pair<int, int>> unseen_pairs(Ensemble const& data);

}  // namespace hypnos

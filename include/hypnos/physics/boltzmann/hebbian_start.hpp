#pragma once

#include "hypnos/physics/boltzmann/divergence.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"

namespace hypnos {

/// The Hebbian model of the data, J_ij = c_ij - m_i m_j and h_i = atanh m_i (Ventura, Cocco, Monasson and Zamponi,
/// Unlearning regularization for Boltzmann machines, Eqs. 10 and 11): the usual start of Boltzmann learning. Without
/// correlations it is the model of the data. h_i is infinite where |m_i| = 1.
Ising hebbian_start(Ensemble const& data);

}  // namespace hypnos

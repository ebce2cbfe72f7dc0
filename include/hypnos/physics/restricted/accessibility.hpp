#pragma once

#include "hypnos/base/blocks.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/physics/restricted/restricted_machine.hpp"

namespace hypnos {

/// Gibbs accessibility: the energy E(v, h) of states that Gibbs sampling finds from random visible states, in units of
/// the energy of the ground state (Pozas-Kerstjens et al., Mach. Learn.: Sci. Technol. 2, 025026 (2021), Sec. 5.1.1). 1
/// is the ground state, 0 the mean of random states of a machine without biases. "Not lower than three times the energy
/// of the ground state" in that section means a ratio of at most about 1/3.
struct GibbsAccessibility {
  double mean;  ///< over chains
  double best;  ///< of the chain with the lowest energy, which depends on the number of chains
};

/// After `steps` >= 1 Gibbs steps of `chains` chains (layer_sampling.hpp, in single precision), from the last hidden
/// states and the visible states drawn from them. ground_energy < 0 (restricted_ground_state); else std::domain_error.
GibbsAccessibility gibbs_accessibility(RestrictedMachine<double> const& machine, double ground_energy, int chains,
                                       int steps, Rng const& stream, BlockMap const& blocks = serial_blocks);

}  // namespace hypnos

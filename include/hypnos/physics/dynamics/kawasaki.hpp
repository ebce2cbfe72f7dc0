#pragma once

#include <cstdint>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/physics/dynamics/fixed_overlap.hpp"

namespace hypnos {

/// Kawasaki dynamics (Kawasaki, Phys. Rev. 145, 224 (1966)) at a fixed overlap with a reference: `moves` times a neuron
/// a of those aligned with it and a neuron b of those opposite to it are chosen with equal probability, and flipped
/// both with the probability of the heat bath,
///   1 / (1 + exp(dE / T)),   dE = 2 s_a h_a + 2 s_b h_b - 4 J_ab s_a s_b.
/// The number of pairs is constant, so pairs are proposed symmetrically, and states become a sample of exp(-E / T)
/// among those of this overlap. The heat bath shares its thresholds, and so its rounding and its independence of the
/// machine, with heat_bath_chain.hpp; Metropolis' rule would accept up to twice as often where T is high. For every
/// move are drawn below(aligned), below(opposite), their places in the lists, and a word for the threshold. Without any
/// pair nothing happens. O(1) a move, O(N) if it is accepted. std::domain_error for couplings that are not symmetric, a
/// T that is not finite and above 0, and moves < 0.
void kawasaki(FixedOverlapState& state, double T, std::int64_t moves, BufferedRandom& random);

/// The same at T = 0: pairs that lower the energy, each with equal probability, are exchanged until there is none
/// (pairs with dE = 0 are not exchanged). Every exchange lowers the energy, so this ends. The final state need not be a
/// fixed point of flips of single neurons.
/// First a pair is proposed as above, below(aligned) and below(opposite); after 4 N proposals in a row that lower
/// nothing, and from then on, all pairs are tested and one of the u that lower the energy is chosen: number below(u) in
/// the order of (a, b). Each way, all of them are equally probable. O(N^2) a test of all pairs.
/// Returns the number of exchanges. std::domain_error for couplings that are not symmetric.
std::int64_t kawasaki_descent(FixedOverlapState& state, BufferedRandom& random);

}  // namespace hypnos

#pragma once

#include <cstdint>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/physics/dynamics/fixed_overlap.hpp"

namespace hypnos {

/// Where a search for a saddle ended.
struct Saddle {
  int unstable;            ///< neurons with s_i h_i < 0; a field of zero is stable, Theta(0) = 0
  bool reached;            ///< whether |unstable / N - f| <= 1 / (2 N): no state is nearer to f, whatever its overlap
  std::int64_t proposals;  ///< pairs that were proposed
};

/// A state of which a fraction f of neurons is unstable, at a fixed overlap with a reference (Benedetti and Ventura,
/// arXiv:2302.13417, App. D): dynamics at zero temperature by exchanges of pairs (fixed_overlap.hpp) in the energy
///   E(s | f, J) = 1/2 ((1/N) sum_i Theta(-s_i h_i) - f)^2                                              (Eq. D1)
/// until the number of unstable neurons is the whole number nearest to N f, or one of two, or `most_proposals` pairs
/// have been proposed, in vain if `reached` is false. Moves that leave E as it is are accepted, as by a Monte Carlo at
/// T = 0: E depends on a whole number only, and most moves leave it. A descent by lowering moves alone ends further
/// from small f (Hebb, alpha = 0.35, N = 100: 6 % unstable after 1000 N proposals from f = 0, against 3 %), and at f >
/// 0.1 it needs about twice as many proposals. Moves that leave E make a cap necessary. At f = 0.1 some 10 N proposals
/// are needed at N = 100, 130 N at N = 500. For every proposal are drawn below(aligned), below(opposite). Without any
/// pair no proposal is made. J need not be symmetric. O(N) a proposal. Repeated calls go on. f outside [0, 1] and
/// most_proposals < 0 are a std::domain_error.
Saddle descend_to_saddle(FixedOverlapState& state, double f, std::int64_t most_proposals, BufferedRandom& random);

}  // namespace hypnos

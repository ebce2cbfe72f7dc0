#pragma once

#include <cstdint>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/physics/dynamics/fixed_overlap.hpp"
#include "hypnos/physics/dynamics/network_state.hpp"

namespace hypnos {

/// Configurations of a network itself whose overlap with a reference is 0+ (fixed_overlap.hpp), for training with
/// structured noise (Benedetti and Ventura, arXiv:2302.13417, Secs. IV and V, App. D). All begin at a random state of
/// this overlap.
enum class Configurations {
  fixed_points,  ///< the end of the dynamics at zero temperature, which may move the overlap (footnote 3)
  kawasaki,      ///< Kawasaki dynamics at temperature T and this overlap; at T = 0 minima under exchanges of pairs
  saddles,       ///< states of which a fraction f of neurons is unstable, at this overlap
};

/// A law of configurations.
struct ConfigurationLaw {
  Configurations kind = Configurations::fixed_points;
  double T = 0;            ///< of Kawasaki dynamics, >= 0, in units of the network's couplings
  std::int64_t moves = 0;  ///< proposed exchanges, at T > 0
  double f = 0;            ///< of saddles
  std::int64_t most_proposals = 0;
};

/// One configuration. `reached`: of saddles, whether the fraction f was reached.
struct Configuration {
  NetworkState state;
  bool reached = true;
};

/// O(N^2), and as in kawasaki.hpp, saddles.hpp; a fixed point is reached by flips of unstable neurons, each with equal
/// probability, O(N) each. Couplings must be symmetric. The network must outlive the result.
Configuration sample_configuration(IntegerNetwork const& network, SpinState reference, ConfigurationLaw const& law,
                                   BufferedRandom& random);

}  // namespace hypnos

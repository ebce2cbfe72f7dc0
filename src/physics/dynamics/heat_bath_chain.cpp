#include "hypnos/physics/dynamics/heat_bath_chain.hpp"

#include <cmath>
#include <stdexcept>

#include "heat_bath_loop.hpp"

namespace hypnos {

void heat_bath(NetworkState& state, double T, std::int64_t updates, Order order, BufferedRandom& random,
               UpdatePosition& position) {
  if (!(T > 0) || !std::isfinite(T)) throw std::domain_error("heat bath: a temperature is finite and above 0");
  if (updates < 0) throw std::domain_error("heat bath: a negative number of updates");
  heat_bath<NetworkState>(state, state.network().in_units(T / 2), updates, order, random, position);
}

}  // namespace hypnos

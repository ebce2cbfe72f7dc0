#include "hypnos/physics/dynamics/heat_bath_chain.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include "heat_bath_loop.hpp"

namespace hypnos {

void heat_bath(NetworkState& state, double T, std::int64_t updates, Order order, BufferedRandom& random,
               UpdatePosition& position) {
  if (!(T > 0) || !std::isfinite(T)) throw std::domain_error("heat bath: a temperature is finite and above 0");
  if (updates < 0) throw std::domain_error("heat bath: a negative number of updates");
  auto const make = [&](std::span<int const> neurons, std::span<std::int32_t const> thresholds) {
    for (std::size_t k = 0; k < neurons.size(); k += HeatBathProposals::count)
      heat_bath_block(state, &neurons[k], &thresholds[k],
                      static_cast<int>(std::min<std::size_t>(HeatBathProposals::count, neurons.size() - k)));
  };
  heat_bath_updates(state.size(), state.network().in_units(T / 2), updates, order, random, position, make);
}

}  // namespace hypnos

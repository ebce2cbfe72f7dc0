#pragma once

#include <utility>
#include <vector>

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"

namespace hypnos {

/// The choices of a parameter that is an order of updates.
inline std::vector<std::pair<Order, Choice>> update_orders() {
  return {{Order::random_site, {"random-site", "any unstable neuron with equal probability"}},
          {Order::sweep, {"sweep", "neurons 0, 1, ..., N-1 in order, repeatedly"}},
          {Order::random_sweep, {"random-sweep", "all neurons in a random order, a new one for every sweep"}}};
}

}  // namespace hypnos

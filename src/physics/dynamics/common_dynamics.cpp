#include "hypnos/physics/dynamics/common_dynamics.hpp"

#include <algorithm>

#include "hypnos/base/buffered_random.hpp"

namespace hypnos {

using Eigen::Index;

void CommonDynamics::advance(double operations) {
  double const N = network_->size();
  // fields of a start, and about N flips
  auto const room = static_cast<Index>(std::min(operations / (4 * N * N), 256.));
  auto const count = std::min(states_.count() - settled_, std::max<Index>(1, room));
  for (auto& trajectory : network_->start(states_.part(settled_, count))) {
    BufferedRandom random(stream_);
    if (!trajectory.relax(order_, random, most_flips_)) ++unsettled_;
    states_[settled_++].assign(trajectory.state());
  }
}

Eigen::ArrayXi memories_reached(SpinStates const& states, SpinStates const& memories, double most_wrong) {
  Eigen::ArrayXi reached(states.count());
  for (Index k = 0; k < states.count(); ++k) {
    int nearest = 0, least = states.size() + 1;
    for (Index mu = 0; mu < memories.count(); ++mu)
      if (int const differing = differing_spins(states[k], memories[mu]); differing < least) {
        nearest = static_cast<int>(mu);
        least = differing;
      }
    reached(k) = least <= most_wrong ? nearest : -1;
  }
  return reached;
}

}  // namespace hypnos

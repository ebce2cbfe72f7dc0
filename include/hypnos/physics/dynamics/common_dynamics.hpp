#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <utility>

#include "hypnos/base/random.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// Where many states settle if the updates of all have the same random numbers: the map from states to final states is
/// that of one dynamics, so neighbours that end differently lie in different basins of attraction. (Relaxation::relax
/// gives every state numbers of its own.) A stage (stage.hpp).
class CommonDynamics {
 public:
  /// The network must outlive the object. Every trajectory draws from where the stream stands.
  CommonDynamics(Relaxation const& network, SpinStates starts, Order order, Rng const& stream,
                 std::int64_t most_flips = Relaxation::no_limit)
      : network_(&network), states_(std::move(starts)), order_(order), stream_(stream), most_flips_(most_flips) {}

  bool done() const { return settled_ == states_.count(); }
  void advance(double operations = operations_of_a_piece);
  double fraction() const { return done() ? 1 : static_cast<double>(settled_) / static_cast<double>(states_.count()); }

  template <class Archive>
  void archive(Archive& members) {
    members(states_, settled_, unsettled_);
  }

  // Of a stage that is done.
  SpinStates const& states() const { return states_; }  ///< final states
  int unsettled() const { return unsettled_; }          ///< states that were still unstable after most_flips flips

 private:
  Relaxation const* network_;
  SpinStates states_;
  Order order_;
  Rng stream_;
  std::int64_t most_flips_;

  Eigen::Index settled_ = 0;
  int unsettled_ = 0;
};

/// For every state the memory from which it differs in the fewest neurons, of several the first, if these are at most
/// `most_wrong`; else -1. (states), memories.count() >= 1.
Eigen::ArrayXi memories_reached(SpinStates const& states, SpinStates const& memories, double most_wrong);

}  // namespace hypnos

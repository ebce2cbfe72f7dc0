#include "hypnos/physics/dynamics/training_configurations.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include "hypnos/physics/dynamics/kawasaki.hpp"
#include "hypnos/physics/dynamics/saddles.hpp"

namespace hypnos {

namespace {

// Flips unstable neurons until there is none: symmetric couplings, so every flip lowers the energy.
void relax(NetworkState& state, BufferedRandom& random) {
  while (int const unstable = state.unstable()) {
    int left = random.below(static_cast<std::uint32_t>(unstable));
    for (int i = 0;; ++i)
      if (state.spin(i) * state.field(i) < 0 && left-- == 0) {
        state.flip(std::array{i});
        break;
      }
  }
}

}  // namespace

Configuration sample_configuration(IntegerNetwork const& network, SpinState reference, ConfigurationLaw const& law,
                                   BufferedRandom& random) {
  if (!network.symmetric()) throw std::domain_error("training configurations need symmetric couplings");
  auto const start = state_at_overlap(reference, opposite_at_least_overlap(network.size()), random);
  NetworkState state(network, start[0]);
  if (law.kind == Configurations::fixed_points) {
    relax(state, random);
    return {std::move(state)};
  }
  FixedOverlapState fixed(std::move(state), reference);
  bool reached = true;
  if (law.kind == Configurations::saddles)
    reached = descend_to_saddle(fixed, law.f, law.most_proposals, random).reached;
  else if (law.T > 0) kawasaki(fixed, law.T, law.moves, random);
  else kawasaki_descent(fixed, random);
  return {fixed.state(), reached};
}

}  // namespace hypnos

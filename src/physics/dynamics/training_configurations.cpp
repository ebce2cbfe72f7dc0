#include "hypnos/physics/dynamics/training_configurations.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <utility>

#include "hypnos/physics/dynamics/kawasaki.hpp"
#include "hypnos/physics/dynamics/saddles.hpp"
#include "relaxation_loop.hpp"

namespace hypnos {

namespace {

// The fields of a state for the loop of the dynamics at zero temperature.
struct NetworkFields {
  NetworkState& state;

  int compare(Marks const& marks) const {
    int unstable = 0;
    for (int first = 0, word = 0; first < state.size(); first += 64, ++word) {
      std::uint64_t bits = 0;
      for (int k = 0; k < std::min(64, state.size() - first); ++k)
        bits |= std::uint64_t{state.spin(first + k) * state.field(first + k) < 0} << k;
      marks.differing[word] = bits & marks.used[word];
      marks.up_to[word] = unstable += std::popcount(marks.differing[word]);
    }
    return unstable;
  }

  int flip(int i, int, Marks const& marks) const {
    state.flip(std::array{i});
    return compare(marks);
  }
};

// Symmetric couplings, so every flip lowers the energy, and the dynamics ends.
void relax(NetworkState& state, BufferedRandom& random) {
  auto spins = state.state();
  NetworkFields fields{state};
  UpdatePosition position;
  hypnos::relax(spins[0], fields, Order::random_site, random, Relaxation::no_limit, position);
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

#pragma once

#include <cstdint>

#include "hypnos/base/random.hpp"
#include "hypnos/experiment/team.hpp"

namespace hypnos {

/// One realization of the disorder: all the world an experiment sees besides its parameters.
class Realization {
 public:
  Realization(std::uint64_t seed, std::uint32_t index, Team& team) : seed_(seed), index_(index), team_(team) {}

  /// The numbers of a named stream. They depend on the job's seed, on this realization and on the name, not on the
  /// parameters: all points of a sweep see the same disorder wherever shapes agree (paired comparisons).
  Rng stream(Stream name) const { return {seed_, index_, name}; }

  std::uint32_t index() const { return index_; }

  /// The sharing of sums within the team that works on this realization.
  BlockMap blocks() const {
    return [&team = team_](int count, int size, FillBlock const& fill) { return team.blocks(count, size, fill); };
  }

 private:
  std::uint64_t seed_;
  std::uint32_t index_;
  Team& team_;
};

}  // namespace hypnos

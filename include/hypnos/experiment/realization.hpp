#pragma once

#include <cstdint>

#include "hypnos/base/random.hpp"
#include "hypnos/experiment/keeper.hpp"
#include "hypnos/experiment/team.hpp"

namespace hypnos {

/// One realization of the disorder: all the world an experiment sees besides its parameters.
class Realization {
 public:
  Realization(std::uint64_t seed, std::uint32_t index, Team& team, Keeper& keeper)
      : seed_(seed), index_(index), team_(team), keeper_(keeper) {}

  /// The numbers of a named stream. They depend on the job's seed, on this realization and on the name, not on the
  /// parameters: all points of a sweep see the same disorder wherever shapes agree (paired comparisons).
  Rng stream(Stream name) const { return {seed_, index_, name}; }

  std::uint32_t index() const { return index_; }

  /// The sharing of sums within the team that works on this realization.
  BlockMap blocks() const {
    return [&team = team_](int count, int size, FillBlock const& fill) { return team.blocks(count, size, fill); };
  }

  /// For tasks that take longer than minutes. A task begins with restored() (empty: from the start), and calls
  /// checkpoint(fraction done, state) wherever it could go on from state(): between two steps, say. Most calls cost a
  /// look at the clock (in teams a message, so some hundred calls a second are enough); now and then state() is
  /// called and kept in a file, and when the job has to stop, checkpoint throws something that must be let through.
  /// A task that was interrupted and goes on must give the same bits as one that was not.
  std::vector<double> restored() const { return keeper_.restored(); }
  void checkpoint(double fraction, State const& state) const { keeper_.checkpoint(fraction, state); }

 private:
  std::uint64_t seed_;
  std::uint32_t index_;
  Team& team_;
  Keeper& keeper_;
};

}  // namespace hypnos

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "hypnos/base/archive.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/experiment/checkpoints.hpp"
#include "hypnos/experiment/team.hpp"

namespace hypnos {

/// A stage of a task: it can be interrupted between two pieces of work and continued with the same bits.
template <class S>
concept Resumable = requires(S& stage, S const& constant, StateWriter& writer, StateReader& reader) {
  { constant.done() } -> std::convertible_to<bool>;
  stage.advance();  ///< one piece, about a second at most; if an exception leaves it, the stage is as before
  { constant.fraction() } -> std::convertible_to<double>;  ///< the part that is done
  stage.archive(writer);                                   ///< all that advance() changes
  stage.archive(reader);
};

/// One realization of the disorder: everything that an experiment gets besides its parameters.
class Realization {
 public:
  /// For tests: `drawn` receives every stream that is used, and stages are completed in pieces of so many operations.
  Realization(std::uint64_t seed, std::uint32_t index, Team& team, Checkpoints& checkpoints,
              std::vector<Stream>* drawn = nullptr, double operations = operations_of_a_piece)
      : seed_(seed), index_(index), team_(team), checkpoints_(checkpoints), drawn_(drawn), operations_(operations) {}
  Realization(Realization const&) = delete;

  /// The numbers of a named stream. They depend on the job's seed, on this realization and on the name, not on the
  /// parameters: all points of a sweep have the same disorder wherever shapes agree (paired comparisons). The
  /// experiment declares its streams.
  Rng stream(Stream const& name) const {
    if (drawn_ != nullptr) drawn_->push_back(name);
    return {seed_, index_, name};
  }

  std::uint32_t index() const { return index_; }

  /// The sharing of sums within the team that works on this realization.
  BlockMap blocks() const {
    return BlockMap([this](int count, int size, FillBlock const& fill) { return team_.blocks(count, size, fill); },
                    [this] { checkpoints_.poll(); }, team_.size());
  }
  /// The sharing of items of unequal lengths within the team (Team::gather).
  ItemMap items() const {
    return [this](int count, MakeItem const& make) { return team_.gather(count, make); };
  }

  /// Throws if the job has to stop: for work without stages that lasts longer than a second.
  void poll() const { checkpoints_.poll(); }

  /// Advances the stage until it is done. Everything that may take longer than a minute is a stage. The stages of a
  /// task are completed in the same order in every attempt. Those that an interrupted attempt had completed are
  /// restored, and the one in which it was interrupted continues. Between two pieces the state may be written to a
  /// file, and a stop of the job throws Interrupted, which the experiment must let through. `until`: the part of the
  /// task that is done when the stage is, for the display of progress.
  template <Resumable S>
  void complete(S& stage, double until = 1) {
    restore(stage);
    double const since = std::exchange(fraction_, until);
    while (!stage.done()) {
      try {
        if constexpr (requires { stage.advance(operations_); }) stage.advance(operations_);
        else stage.advance();
      } catch (Interrupted const&) {
        keep(stage);
        throw;
      }
      auto const wish = checkpoints_.wish(since + (until - since) * stage.fraction());
      if (wish == Checkpoints::Wish::go_on) continue;
      keep(stage);
      if (wish == Checkpoints::Wish::stop) throw Interrupted{};
    }
    states_.push_back(state_of(stage));
    ++current_;
  }

 private:
  // Reads the state of the stage that is next, if an interrupted attempt came that far.
  template <class S>
  void restore(S& stage) {
    if (current_ == 0) {
      auto const kept = checkpoints_.restored();
      if (!kept.empty()) read_whole(kept, kept_);
    }
    if (current_ < kept_.size()) read_whole(kept_[current_], stage);
  }

  static void read_whole(std::vector<std::byte> const& bytes, auto& into) {
    StateReader reader(bytes);
    reader(into);
    if (!reader.empty()) throw std::length_error("a state is longer than its stage");
  }

  template <class S>
  static std::vector<std::byte> state_of(S& stage) {
    StateWriter writer;
    writer(stage);
    return writer.take();
  }

  template <class S>
  void keep(S& stage) {
    states_.push_back(state_of(stage));
    checkpoints_.keep(state_of(states_));
    states_.pop_back();
  }

  std::uint64_t seed_;
  std::uint32_t index_;
  Team& team_;
  Checkpoints& checkpoints_;
  std::vector<Stream>* drawn_;
  double operations_;
  std::size_t current_ = 0;                     // number of the stage
  double fraction_ = 0;                         // of the task, done when it is complete
  std::vector<std::vector<std::byte>> states_;  // of the completed stages
  std::vector<std::vector<std::byte>> kept_;    // of the stages of an interrupted attempt
};

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hypnos/runtime/job.hpp"

namespace hypnos {

using Coordinates = std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>>;

/// A named, labelled direction of the arrays in a store.
struct Dimension {
  std::string name, unit, description;
  Coordinates coordinates;

  std::uint64_t size() const;
  std::string label(std::uint64_t k) const;  ///< coordinate number k as a text
};

/// An axis of the sweep: one parameter, or several that are walked side by side (`together`).
struct SweepAxis {
  std::string name;                ///< of the dimension: "a", or "alpha_k" of alpha and k together
  std::vector<Dimension> members;  ///< of equal length, one a parameter

  std::uint64_t size() const { return members.front().size(); }
  bool joint() const { return members.size() > 1; }
};

enum class Checks { all, shapes };

/// What a job will do, worked out before anything is created: its sweep, its tasks and the shapes of its arrays.
/// A task is one (sweep point, realization); tasks are numbered row by row, the realization running fastest.
class Plan {
 public:
  /// Throws BadInput if shapes differ between points or, with Checks::all, if some point cannot be run (this is
  /// where an experiment looks at the user's data files).
  explicit Plan(Job job, Checks checks = Checks::all);

  Job const& job() const { return job_; }
  Experiment const& experiment() const { return *job_.experiment; }

  std::vector<SweepAxis> const& sweep() const { return sweep_; }
  /// The parameters of the sweep, axis by axis.
  std::vector<Dimension> swept() const;
  Dimension const& realization() const { return realization_; }
  /// The experiment's axes that have coordinates, in the order of declaration.
  std::vector<Dimension> const& axes() const { return axes_; }

  std::uint64_t points() const { return points_; }
  std::uint64_t realizations() const { return job_.realizations.size(); }
  std::uint64_t tasks() const { return points_ * realizations(); }
  Point point(std::uint64_t task) const;
  /// The number of the sweep point with these values; nothing if it is not in this sweep.
  std::optional<std::uint64_t> find_point(Point const& point) const;
  std::uint32_t realization(std::uint64_t task) const;
  /// Where the task stands in the arrays: one index an axis of the sweep, then the realization.
  std::vector<std::uint64_t> position(std::uint64_t task) const;
  /// What the tasks of a sweep point cost, by the experiment's own estimate (1 without one).
  double cost(std::uint64_t point) const;
  /// "a = 0.3, rule = l1, realization 7"
  std::string describe(std::uint64_t task) const;
  /// "a = 0.3, rule = l1"; "its only point" without a sweep.
  std::string describe_point(std::uint64_t point) const;

  /// An observable and the number of its place among the blocks that Experiment::run returns.
  struct StoredObservable {
    std::size_t block;
    ObservableInfo info;
    std::vector<std::uint64_t> extents;  ///< within one task
    std::uint64_t size;                  ///< their product
  };
  /// The observables that have a place in the store: those without an axis of length zero.
  std::vector<StoredObservable> const& observables() const { return observables_; }
  /// Bytes of the observables of one task.
  std::uint64_t row_bytes() const;
  /// Bytes of the arrays in the store: realizations and summary.
  std::uint64_t bytes() const;

 private:
  Job job_;
  std::vector<std::vector<std::size_t>> swept_;  // the parameters of each axis
  std::vector<SweepAxis> sweep_;
  Dimension realization_;
  std::vector<Dimension> axes_;
  std::vector<StoredObservable> observables_;
  std::uint64_t points_ = 1;
};

}  // namespace hypnos

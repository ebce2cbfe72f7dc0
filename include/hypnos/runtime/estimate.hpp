#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/runtime/plan.hpp"

namespace hypnos {

/// The computation of a task, or of its first part.
struct Probe {
  std::uint64_t point = 0;
  double seconds = 0;   ///< of processor time
  double fraction = 0;  ///< of the task that was done; 1 if whole, 0 if the first piece did not end
  bool whole = false;
  /// Processor time and fraction between the pieces of work.
  struct Moment {
    double seconds, fraction;
  };
  std::vector<Moment> course = {};
  std::string error = {};  ///< of a task that failed

  /// The time of the whole task if it went on as up to the fraction `until`, or up to the first moment of its course;
  /// 0 without a course.
  double extrapolated(double until = 1) const;
};

/// Computes the task for about `seconds` of processor time, with one rank, and leaves it then.
Probe probe(Plan const& plan, std::uint64_t task, double seconds);

/// How long the tasks of a job take on this processor.
struct Estimate {
  std::vector<double> seconds;  ///< of a task, by sweep point; NaN if no part of any task could be measured
  std::vector<Probe> probes;
  std::uint64_t realizations = 1;

  std::uint64_t cheapest() const;  ///< sweep points
  std::uint64_t dearest() const;
  double total_seconds() const;
  /// Until the job ends on so many ranks: its tasks are begun in the order of their costs, the costliest first.
  double wall_seconds(std::uint64_t ranks) const;
};

/// Computes some tasks, whole or in part, for about `seconds` of processor time altogether. By the clock it takes at most
/// three times as long, and a second more for each class.
///
/// Sweep points of about equal declared cost c form a class. In every class, from the cheapest on, tasks of different
/// points are computed until the share of the class is spent. Their time over c is averaged in the class. The time of a
/// task that had to be left is t / f after the fraction f. This may be far from the truth, where learning converges long
/// before the largest number of steps. It is therefore multiplied by (time of whole tasks) / (t / f at the same f) of the
/// nearest class in which tasks were computed whole.
Estimate estimate(Plan const& plan, double seconds);

/// The same from probes that were made already. `costs`: by sweep point.
std::vector<double> seconds_of_points(std::vector<double> const& costs, std::vector<Probe> const& probes);

}  // namespace hypnos

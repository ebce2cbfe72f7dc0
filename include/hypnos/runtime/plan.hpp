#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/runtime/job.hpp"
#include "hypnos/runtime/store_description.hpp"

namespace hypnos {

enum class Checks { all, shapes };

/// What a job will do, worked out before anything is created: the description of its store, derived from the job and
/// the declaration of its experiment.
class Plan : public StoreDescription {
 public:
  /// Throws BadInput if shapes differ between points or, with Checks::all, if some point cannot be run (this is
  /// where an experiment reads the user's data files).
  explicit Plan(Job job, Checks checks = Checks::all);

  Job const& job() const { return job_; }
  Experiment const& experiment() const { return *job_.experiment; }

  Point point(std::uint64_t task) const;
  /// The number of the sweep point with these values; nothing if it is not in this sweep.
  std::optional<std::uint64_t> find_point(Point const& point) const;
  /// What the tasks of a sweep point cost, by the experiment's own estimate (1 without one).
  double cost(std::uint64_t point) const;
  /// What the user may have meant otherwise, a line each: settings without effect, lists that are no sweep, decimal commas.
  std::vector<std::string> notes() const;

 private:
  Job job_;
  std::vector<std::vector<std::size_t>> swept_;  // the parameters of each axis
  std::vector<std::string> unused_;              // parameters without effect at any point; with Checks::all
};

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/memories/perceptron_overlaps.hpp"
#include "hypnos/physics/memories/stable_dreams.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// What is measured along a run of unlearning.
struct UnlearningRecords {
  std::vector<std::int64_t> dreams{};  ///< when: numbers of dreams, not decreasing
  int glassy_states = 0;               ///< states sampled at every record for the perceptron overlaps, not unlearnt
  bool until_stable = false;           ///< the run ends at the first record by which no constraint was violated once
};

/// Hebbian unlearning with measurements at given numbers of dreams. A stage (stage.hpp).
class UnlearningRun {
 public:
  /// Glassy states of record k draw from substream k of `glassy_stream`.
  UnlearningRun(Unlearning network, UnlearningRecords records, std::optional<Rng> glassy_stream = {});

  bool done() const;
  void advance(double operations = operations_of_a_piece);
  double fraction() const;

  /// The state: couplings, all dreams, measurements.
  template <class Archive>
  void archive(Archive& members) {
    members(network_, dreams_, record_, delta_min_, delta_av_, delta_max_, sigma_J_, omega_sat_, omega_unsat_,
            omega_min_, omega_min_neuron_, dreams_in_, last_stable_, energy_drift_, phase_, aligned_, patterns_done_,
            search_, overlaps_);
  }

  Unlearning const& network() const { return network_; }
  SpinStates const& dreams() const { return dreams_; }  ///< all dreams of the run, in order

  /// D_in: the smallest number of dreams after which no constraint is violated, all stabilities >= 0, whether a record
  /// was taken then or not (StableDreamSearch). None if there was no such dream up to the last record.
  std::optional<std::int64_t> dreams_in() const { return dreams_in_; }

  /// D_fin: the largest such number. None if there was none, or if no constraint is violated after the last record, since
  /// a larger one may follow. Of a run that is done, and not until_stable.
  std::optional<std::int64_t> dreams_fin() const;

  // By record; those after the end of a run until_stable are 0.
  Eigen::ArrayXd const& delta_min() const { return delta_min_; }  ///< smallest stability
  Eigen::ArrayXd const& delta_av() const { return delta_av_; }    ///< their mean
  Eigen::ArrayXd const& delta_max() const { return delta_max_; }
  Eigen::ArrayXd const& sigma_J() const { return sigma_J_; }
  /// Mean over the dreams since the record before of how much energy per neuron a thermal dream loses in the second half
  /// of its sweeps, as a negative number; NaN without dreams, and at T = 0.
  Eigen::ArrayXd const& energy_drift() const { return energy_drift_; }
  // Means of perceptron overlaps (perceptron_overlaps.hpp); empty without glassy states.
  Eigen::ArrayXd const& omega_sat() const { return omega_sat_; }
  Eigen::ArrayXd const& omega_unsat() const { return omega_unsat_; }
  Eigen::ArrayXd const& omega_min() const { return omega_min_; }
  Eigen::ArrayXd const& omega_min_neuron() const { return omega_min_neuron_; }

 private:
  enum class Phase { dreams, fields, search, glassy_states };

  std::int64_t due() const { return plan_.dreams[static_cast<std::size_t>(record_)]; }
  void dream(double operations);
  void add_fields(double operations);
  void search(double operations);
  void sample(double operations);
  void end_record();

  UnlearningRecords plan_;
  std::optional<Rng> glassy_stream_;
  Eigen::MatrixXd xi_;  // for perceptron overlaps

  Unlearning network_;
  SpinStates dreams_;
  Eigen::Index record_ = 0;
  Eigen::ArrayXd delta_min_, delta_av_, delta_max_, sigma_J_, omega_sat_, omega_unsat_, omega_min_, omega_min_neuron_,
      energy_drift_;
  std::optional<std::int64_t> dreams_in_, last_stable_;
  // the measurement under way
  Phase phase_ = Phase::dreams;
  Eigen::MatrixXi aligned_;  // (N x P)
  Eigen::Index patterns_done_ = 0;
  StableDreamSearch search_;
  PerceptronOverlapSum overlaps_;
};

/// A network brought to an earlier number of dreams of its run. A stage (stage.hpp).
class UnlearningReplay {
 public:
  /// `network` before dream number network.dreams(); all `dreams` of the run are kept by the caller; until <= their
  /// count.
  UnlearningReplay(Unlearning network, SpinStates const& dreams, std::int64_t until)
      : network_(std::move(network)), dreams_(&dreams), first_(network_.dreams()), until_(until) {}

  bool done() const { return network_.dreams() >= until_; }
  void advance(double operations = operations_of_a_piece);
  double fraction() const {
    return done() ? 1 : static_cast<double>(network_.dreams() - first_) / static_cast<double>(until_ - first_);
  }

  template <class Archive>
  void archive(Archive& members) {
    members(network_);
  }

  Unlearning const& network() const { return network_; }

 private:
  Unlearning network_;
  SpinStates const* dreams_;
  std::int64_t first_, until_;
};

}  // namespace hypnos

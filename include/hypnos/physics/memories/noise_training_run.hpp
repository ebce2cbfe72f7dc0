#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "hypnos/base/stage.hpp"
#include "hypnos/physics/memories/noise_training.hpp"

namespace hypnos {

/// Training with noise, measured after given numbers of steps. A stage (stage.hpp).
class NoiseTrainingRun {
 public:
  /// Numbers of steps `records`, not decreasing; the last one ends the run. `m`: of the losses, in [0, 1).
  NoiseTrainingRun(NoiseTraining training, std::vector<std::int64_t> records, std::vector<double> m);

  bool done() const { return record_ == records_.size(); }
  void advance(double operations = operations_of_a_piece);
  double fraction() const;

  template <class Archive>
  void archive(Archive& members) {
    members(training_, record_, loss_, sigma_, delta_min_);
  }

  NoiseTraining const& training() const { return training_; }
  Eigen::ArrayXXd const& loss() const { return loss_; }           ///< one_step_loss at every m, (m x records)
  Eigen::ArrayXd const& sigma() const { return sigma_; }          ///< N^-1 sum_i sigma_i, (records)
  Eigen::ArrayXd const& delta_min() const { return delta_min_; }  ///< smallest stability, (records)

 private:
  NoiseTraining training_;
  std::vector<std::int64_t> records_;
  std::vector<double> m_;
  std::size_t record_ = 0;
  Eigen::ArrayXXd loss_;
  Eigen::ArrayXd sigma_, delta_min_;
};

}  // namespace hypnos

#include "hypnos/physics/memories/noise_training_run.hpp"

#include <algorithm>
#include <utility>

namespace hypnos {

NoiseTrainingRun::NoiseTrainingRun(NoiseTraining training, std::vector<std::int64_t> records, std::vector<double> m)
    : training_(std::move(training)), records_(std::move(records)), m_(std::move(m)) {
  auto const count = static_cast<Eigen::Index>(records_.size());
  loss_.setZero(static_cast<Eigen::Index>(m_.size()), count);
  sigma_.setZero(count);
  delta_min_.setZero(count);
}

void NoiseTrainingRun::advance(double operations) {
  auto const due = records_[record_];
  if (auto const left = due - training_.steps(); left > 0)
    return training_.train(std::min(left, training_.steps_of_a_piece(operations)));
  auto const delta = training_.stabilities();
  auto const column = static_cast<Eigen::Index>(record_);
  for (std::size_t k = 0; k < m_.size(); ++k) loss_(static_cast<Eigen::Index>(k), column) = one_step_loss(delta, m_[k]);
  sigma_(column) = training_.sigma();
  delta_min_(column) = delta.minCoeff();
  ++record_;
}

double NoiseTrainingRun::fraction() const {
  if (done()) return 1;
  double const all = static_cast<double>(records_.back()) + static_cast<double>(records_.size());
  return (static_cast<double>(training_.steps()) + static_cast<double>(record_)) / all;
}

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <utility>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// Basins of fixed points by sampling: random states, each neuron +-1 with equal probability, relax in a random order of
/// sites (relaxation.hpp). A fixed point f has the part of them that ends in f or -f, halved, since both are reached
/// equally often. A stage (stage.hpp).
class SampledBasins {
 public:
  /// J (N x N) symmetric. Sample k draws its state and its dynamics from substream k; 0 < samples <= Rng::substreams.
  SampledBasins(Eigen::MatrixXd const& J, SpinStates fixed_points, int samples, Rng const& stream);

  bool done() const { return taken_ == samples_; }
  void advance(double operations = operations_of_a_piece);
  double fraction() const { return static_cast<double>(taken_) / samples_; }

  template <class Archive>
  void archive(Archive& members) {
    members(taken_, counts_);
  }

  Eigen::ArrayXd volumes() const;  ///< of each fixed point; samples that end elsewhere are in none
  Eigen::ArrayXd errors() const;   ///< standard errors of volumes(), binomial

 private:
  Relaxation network_;
  SpinStates fixed_points_;
  int samples_;
  Rng stream_;
  std::vector<Eigen::Index> order_;  // of the fixed points, by their bits
  int taken_ = 0;
  Eigen::ArrayXi counts_;  // samples that ended in each fixed point
};

}  // namespace hypnos

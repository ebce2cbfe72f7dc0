#pragma once

#include <functional>
#include <vector>

#include "hypnos/physics/boltzmann/exact_moments.hpp"
#include "hypnos/physics/boltzmann/learning_rule.hpp"

namespace hypnos {

/// The source of a model's averages during learning.
struct Averages {
  /// Those at each of some inverse temperatures. If it throws, the next call returns what this one would have.
  std::function<std::vector<Moments>(Ising const&, std::vector<double> const& betas)> of;
  /// Whether they depend on the model alone. If not, each call draws a sample: log_Z may be NaN, a tolerance means
  /// nothing, and learning asks only for what its steps need.
  bool exact = true;
};

/// exact_moments.
Averages exact_averages(BlockMap blocks = serial_blocks);

/// The model with the averages that the rule needs.
LearningState measured(LearningRule const& rule, double steps, Ising model,
                       Averages const& averages = exact_averages());

}  // namespace hypnos

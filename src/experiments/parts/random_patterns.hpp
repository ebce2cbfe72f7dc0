#pragma once

#include "hypnos/experiment/definition.hpp"

namespace hypnos {

/// P = round(alpha N) random patterns of N neurons, the same in all experiments at the same N.
struct RandomPatterns {
  int N = 100;
  double alpha = 0.3;
  int P = 0;  ///< if above 0, their number instead of round(alpha N)

  int count() const;                                            ///< P
  Eigen::MatrixXd drawn(Realization const& realization) const;  ///< (P x N), entries +1 or -1

  static Part<RandomPatterns> declaration();
};

/// The same patterns, of which the user may give the number P instead of the load.
struct NumberedPatterns : RandomPatterns {
  NumberedPatterns() : RandomPatterns{.N = 20} {}

  static Part<NumberedPatterns> declaration();
};

}  // namespace hypnos

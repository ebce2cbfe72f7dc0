#pragma once

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

/// How a network of stored patterns is unlearnt.
struct Dreaming {
  double epsilon = 0.01;
  Order order = Order::random_site;

  /// Dreams in the time dreams x epsilon / N.
  double dreams(double time, RandomPatterns const& patterns) const { return time * patterns.N / epsilon; }

  /// BadInput if epsilon is no simple fraction.
  Fraction rate() const;

  static Part<Dreaming, RandomPatterns> declaration();
};

}  // namespace hypnos

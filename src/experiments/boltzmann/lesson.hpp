#pragma once

#include <optional>
#include <vector>

#include "hypnos/experiment/realization.hpp"
#include "hypnos/physics/boltzmann/divergence.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"
#include "parameters.hpp"

namespace hypnos::boltzmann_machine {

/// Where a machine learns from.
struct Lesson {
  Ensemble data;                    ///< what is learnt; with the pseudocount, if there is one
  std::optional<Ensemble> samples;  ///< of a recording: those of the data as they are
  std::optional<Ensemble> test;     ///< what was held out
  std::optional<Ising> model;       ///< what generated it; nothing is known of a recording's
  std::vector<int> columns;         ///< of the recording
};

/// The lesson of this realization. Throws std::runtime_error if a neuron never changes in the samples to learn from.
Lesson lesson(Parameters const& p, Realization& realization);

/// Number of neurons.
int neurons(Parameters const& p);

/// Variance of the SK couplings.
double sk_variance(Parameters const& p);

/// The largest number of neurons of a recording whose averages are sampled: a step costs N^2 a chain and sweep.
constexpr int largest_sampled_N = 1000;

/// Pairs of neurons of which one of the four joint states has probability zero. The maximum likelihood of plain
/// learning is then at infinite couplings; so it is in larger groups, which are not looked for.
std::vector<std::pair<int, int>> unseen_pairs(Ensemble const& data);

/// Mistakes of the user about data, recordings and their parts: BadInput.
void check_lesson(Parameters const& p);

}  // namespace hypnos::boltzmann_machine

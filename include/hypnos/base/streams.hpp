#pragma once

#include <cstdint>

namespace hypnos {

/// Every random stream of the program. A number, once given, is never given again: it is part of the
/// address of published results.
enum class Stream : std::uint32_t {
  couplings = 1,             ///< quenched couplings of the model that generates the data
  initial_couplings = 2,     ///< couplings at which learning starts
  data_split = 3,            ///< which part of a recording is held out
  learning_chains = 4,       ///< Markov chains that sample a model while it learns
  trained_chains = 5,        ///< Markov chains of a trained model
  data_chains = 6,           ///< Markov chains of the model that generates the data
  annealed_chains = 7,       ///< Markov chains that are annealed
  learning_chains_at_a = 8,  ///< those of the second inverse temperature of unlearning
  cooled_chains = 9,         ///< Markov chains that go through a list of temperatures
  patterns = 10,             ///< the patterns of an associative memory
  retrieval = 11,            ///< starts and flips of retrieval from corrupted patterns
  dreams = 12,               ///< random states from which dreams begin, and the way to where they end
  glassy_states = 13,        ///< the same for states that are looked at but not unlearnt
  directions = 14,           ///< random directions in the space of couplings
};

}  // namespace hypnos

#pragma once

#include "hypnos/base/stream.hpp"

/// Random streams that several experiments share, so that a realization has the same disorder in all of them, and
/// streams whose numbers are older than the rule that a number follows from the name.
namespace hypnos::streams {

inline constexpr Stream couplings{"couplings", 1};                  ///< of the model that generates the data
inline constexpr Stream initial_couplings{"initial_couplings", 2};  ///< at which learning starts
inline constexpr Stream data_split{"data_split", 3};                ///< which samples of a recording are test data
inline constexpr Stream learning_chains{"learning_chains", 4};      ///< Markov chains of a model during learning
inline constexpr Stream trained_chains{"trained_chains", 5};        ///< Markov chains of a trained model
inline constexpr Stream data_chains{"data_chains", 6};          ///< Markov chains of the model that generates the data
inline constexpr Stream annealed_chains{"annealed_chains", 7};  ///< Markov chains of annealed importance sampling
inline constexpr Stream learning_chains_at_a{"learning_chains_at_a", 8};  ///< at the second inverse temperature
inline constexpr Stream cooled_chains{"cooled_chains", 9};   ///< Markov chains at a sequence of temperatures
inline constexpr Stream patterns{"patterns", 10};            ///< of an associative memory
inline constexpr Stream retrieval{"retrieval", 11};          ///< initial states and updates of retrieval
inline constexpr Stream dreams{"dreams", 12};                ///< initial states and updates of dreams
inline constexpr Stream glassy_states{"glassy_states", 13};  ///< of sampled states that are not unlearnt
inline constexpr Stream directions{"directions", 14};        ///< random directions in the space of couplings

}  // namespace hypnos::streams

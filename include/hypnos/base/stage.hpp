#pragma once

/// A stage is a computation in pieces. Between any two of them it may be stopped, and its state archived (archive.hpp).
///   done()       whether it is complete
///   advance()    computes one further piece, at most about a second of work, of a size that may be given in operations;
///                if an exception leaves it, the object is as it was before
///   fraction()   the part that is done, 0 to 1
///   archive()    everything that advance() changes, for an object made of the same arguments
namespace hypnos {

/// Elementary operations on numbers, of which a processor does 10^9 to 10^10 a second.
inline constexpr double operations_of_a_piece = 0x1p32;

/// Computes all pieces of a stage without a stop.
template <class Stage>
Stage completed(Stage stage) {
  while (!stage.done()) stage.advance();
  return stage;
}

}  // namespace hypnos

#pragma once

#include "hypnos/experiment/realization.hpp"

namespace hypnos::boltzmann_machine {

template <class Stage>
void complete(Realization&, Stage& stage) {
  while (!stage.done()) stage.advance();
}

}  // namespace hypnos::boltzmann_machine

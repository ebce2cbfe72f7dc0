#pragma once

#include <vector>

#include "hypnos/experiment/experiment.hpp"

namespace hypnos {

/// All experiments of the program, in the order in which `hypnos list` shows them.
std::vector<Experiment> const& catalogue();

}  // namespace hypnos

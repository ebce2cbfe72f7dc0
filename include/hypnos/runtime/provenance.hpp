#pragma once

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Program, compiler, libraries, time and number of ranks, for the root attributes of a store.
Provenance provenance(int ranks);

/// "0.1.0 (a1b2c3d)"
std::string version_text();

}  // namespace hypnos

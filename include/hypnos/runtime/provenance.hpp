#pragma once

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Program, compiler, libraries, time and number of ranks, for the root attributes of a store.
Provenance provenance(int ranks);

/// "0.1.0 (a1b2c3d)"
std::string version_text();

/// Identifies this program among those that may compute other bits: version, revision, compiler, flags, and a checksum
/// of the program's file, since the sources may have changed since the revision.
std::string program_identity();

}  // namespace hypnos

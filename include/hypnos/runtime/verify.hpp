#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Tasks flagged done whose observables do not have the stored checksum, ascending. Reads every row once, in slabs of a
/// few megabytes.
std::vector<std::uint64_t> damaged_rows(StoreReader const& store, Plan const& plan);

/// Everything in a store that is not as its job demands, a line each; empty if all is well: shapes, types and
/// coordinates of all arrays, flags, checksums of done rows, rows of open tasks that are not empty although no job is
/// writing, and a summary that is not the mean of its rows.
std::vector<std::string> verify(StoreReader const& store, Plan const& plan);

}  // namespace hypnos

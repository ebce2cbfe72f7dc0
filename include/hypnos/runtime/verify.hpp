#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Tasks flagged done that are not whole, ascending: their observables do not have the stored checksum, or time and rank
/// were never written. Reads every row once, in slabs of a few megabytes.
std::vector<std::uint64_t> damaged_rows(StoreReader const& store, Plan const& plan);

/// Everything in a store that is not as its job demands, a line each; empty if all is well: shapes, types, dimensions,
/// units and coordinates of all arrays, flags, checksums, times and ranks of done rows, rows of open tasks that are not
/// empty and messages of failures that do not belong to the failed rows although no job is writing, and a summary that
/// is not the mean of its rows.
std::vector<std::string> verify(StoreReader const& store, Plan const& plan);

}  // namespace hypnos

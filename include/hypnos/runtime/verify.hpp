#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Tasks flagged done that are not whole, ascending: they do not have their checksum (see RowChecksum), or time and rank
/// were never written. Reads every done row once, in slabs of a few megabytes.
std::vector<std::uint64_t> damaged_rows(StoreReader const& store);

/// Everything in a store that contradicts itself, a line each; empty if all is well: shapes, types, dimensions, units
/// and coordinates of all arrays, their agreement with the job that is stored beside them, all attributes (from layout 3
/// on; before, those of provenance, `long_name`, `symbol` and `_FillValue` are not covered), flags, checksums, times and
/// ranks of done rows, rows of open tasks that are not empty and messages of failures that do not belong to the failed
/// rows although no job is writing, and a summary that is not the mean of its rows.
std::vector<std::string> verify(StoreReader const& store);

}  // namespace hypnos

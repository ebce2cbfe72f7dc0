#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Rows of consecutive tasks that are read together: those of whole sweep points, or a part of the realizations of one.
struct RowSlab {
  std::uint64_t first = 0, rows = 0;
  std::vector<std::vector<double>> values;  ///< of each observable of the store, row by row
  std::vector<bool> done, whole;            ///< of each row: flagged done; done and with its checksum
};

/// Reads all rows of a store once, in order, in slabs of a few megabytes, and compares checksums. A slab in which no
/// row is done is not read: its values are empty.
void for_each_row_slab(hdf5::File const& file, StoreDescription const& store,
                       std::function<void(RowSlab const&)> const& action);

}  // namespace hypnos

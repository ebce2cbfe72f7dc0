#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Fills /summary of a store: mean, standard error of the mean (square root of the unbiased variance over the
/// count) and count over the realizations that are done and have a value (not NaN). Rows that do not have their
/// checksum are left out. Values are added in the order of the realizations, so the result does not depend on who
/// computed them. Reads every row once, in slabs of a few megabytes, so memory grows with neither the realizations nor
/// the sweep. Returns the number of rows that were left out.
std::uint64_t reduce_store(std::string const& path);

/// One observable of /summary: arrays in row-major order over [swept parameters…, own axes…].
struct Summary {
  std::vector<double> mean, stderr_of_mean;
  std::vector<std::int64_t> count;
};
Summary read_summary(StoreReader const& store, std::string const& observable);

/// The same of consecutive sweep points: arrays over [points, own axes…].
struct PointSummaries {
  std::uint64_t first = 0, points = 0;
  std::vector<Summary> observables;  ///< of the store, in its order
};
/// Works out the summaries of all sweep points from the rows, some points at a time. Returns the tasks, ascending, whose
/// rows are flagged done but do not have their checksum.
std::vector<std::uint64_t> for_each_summary(hdf5::File const& file, StoreDescription const& store,
                                            std::function<void(PointSummaries const&)> const& action);
/// Those that are stored for the same points.
PointSummaries stored_summaries(hdf5::File const& file, StoreDescription const& store, std::uint64_t first,
                                std::uint64_t points);

/// How many done rows the summary is made of (0 before the first reduction).
std::uint64_t summarized_rows(StoreReader const& store);

}  // namespace hypnos

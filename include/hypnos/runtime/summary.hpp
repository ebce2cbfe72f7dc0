#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Fills /summary of a store: mean, standard error of the mean (square root of the unbiased variance over the
/// count) and count over the realizations that are done and have a value (not NaN). Values are added in the order of
/// the realizations, so the result does not depend on who computed them. Reads the rows in slabs of a few
/// megabytes: memory does not grow with the number of realizations.
void reduce_store(std::string const& path);

/// One observable of /summary: arrays in row-major order over [swept parameters…, own axes…].
struct Summary {
  std::vector<double> mean, stderr_of_mean;
  std::vector<std::int64_t> count;
};
Summary read_summary(StoreReader const& store, std::string const& observable);

/// The same at one sweep point (arrays over the own axes): worked out from the rows, or as it is stored.
Summary summary_at(hdf5::File const& file, StoreDescription const& store, StoredObservable const& observable,
                   std::uint64_t point);
Summary stored_summary_at(hdf5::File const& file, StoreDescription const& store, StoredObservable const& observable,
                          std::uint64_t point);

/// How many done rows the summary is made of (0 before the first reduction).
std::uint64_t summarized_rows(StoreReader const& store);

}  // namespace hypnos

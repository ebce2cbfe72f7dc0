#pragma once

#include <optional>
#include <string>

#include "finding.hpp"
#include "hypnos/data/read.hpp"

namespace hypnos::fuzz {

/// Checks what every reader of recordings guarantees for any file. Returns the raster, if there is one.
inline std::optional<Raster> checked_raster(std::string const& path, std::string const& dataset) {
  std::optional<Raster> raster;
  accepted([&] { raster = read_raster(path, dataset); });
  if (!raster) {
    accepted([&] { read_raster(path, dataset, {1, 0}); });  // other columns may hold anything, so these may be good
    accepted([&] { read_labels(path, dataset, 3); });
    return raster;
  }
  require(raster->samples() > 0 && raster->neurons() > 0, "a raster has samples and neurons");

  int const last = raster->neurons() - 1;
  auto const column = read_raster(path, dataset, {last});
  require(column.samples() == raster->samples() && column.neurons() == 1, "one column has the samples of all");
  for (int t = 0; t < raster->samples(); ++t)
    require(column.spin(t, 0) == raster->spin(t, last), "a column is the same alone and among the others");

  bool const one_column = raster->neurons() == 1;
  bool const labels = accepted([&] {
    auto const read = read_labels(path, dataset, raster->samples());
    for (int t = 0; t < raster->samples() && one_column; ++t)
      require((read.at(static_cast<std::size_t>(t)) == 1) == (raster->spin(t, 0) == 1),
              "labels are the file's numbers");
  });
  require(labels || !one_column, "a single column of spins is one of labels too");
  return raster;
}

}  // namespace hypnos::fuzz

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hypnos {

/// Couplings J_ij from a file, row by row.
struct CouplingTable {
  int neurons;
  std::vector<double> J;  ///< (N x N)
};

/// Reads couplings from any of the formats of read_raster: a square matrix of finite numbers. In an HDF5 file `dataset`
/// may be the name of an observable of a store. A dataset of more than two dimensions contains one matrix a task, as
/// stores do: number `task` in their order. Rows and columns of NaN at the end, with which stores fill up smaller
/// networks, are left out. Throws BadInput with the file, what was found, and the remedy.
CouplingTable read_couplings(std::string const& path, std::string const& dataset, std::int64_t task = 0);

}  // namespace hypnos

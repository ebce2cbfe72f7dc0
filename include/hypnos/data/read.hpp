#pragma once

#include <string>
#include <vector>

#include "hypnos/data/raster.hpp"

namespace hypnos {

/// Reads a recording: rows are samples, columns neurons, values 0 and 1 or -1 and +1 (0 is read as -1).
///
/// The format is recognized by the content of the file, not by its name:
/// - HDF5 and MAT v7.3 (which is HDF5): `dataset` may be a path such as "group/samples". Rows and columns are HDF5's,
///   as h5dump and h5py show them; MATLAB shows the transpose, so a raster saved from MATLAB is a neurons x samples
///   matrix there.
/// - NumPy's .npy, of booleans, integers or reals, in C or Fortran order; `dataset` is ignored.
/// - text: numbers separated by blanks or commas, one row per line, comments after '#'; `dataset` is ignored.
///
/// Only the columns of these indices are kept (counted from 0, in this order; empty: all); the others may have
/// any content.
/// Reads in slabs of a few megabytes; beyond that, memory is one bit per value.
/// Throws BadInput, with the file, the place and the remedy, for everything else.
Raster read_raster(std::string const& path, std::string const& dataset, std::vector<int> const& columns = {});

/// Reads one integer per sample, for instance the repeat of the stimulus to which a time bin belongs, from any of these
/// formats: one-dimensional, or a single row or column. Throws BadInput as above, and unless there are `samples`
/// labels.
std::vector<int> read_labels(std::string const& path, std::string const& dataset, int samples);

}  // namespace hypnos

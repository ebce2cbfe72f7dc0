#pragma once

/// One HDF5 file a job, netCDF-4 conventions. Its whole layout exists before the first task runs and never changes
/// afterwards, so a killed job leaves a readable file: a row counts only once its `done` flag says so, and the flag
/// is written last.
///
///   /              attributes: experiment, source, job, seed, … (Provenance), layout
///   /realizations  one array an observable, dims [swept parameters…, realization, own axes…], with coordinates, units,
///                  long_name and symbol (LaTeX); done (0 open, 1 done, 2 failed), seconds, checksum (RowChecksum; its
///                  attribute `observables` names them in order), rank
///   /summary       NAME_mean, NAME_stderr, NAME_count over done realizations; rows: how many it is made of
///   /failures      task, message (characters, UTF-8; in layout 1 strings of fixed length)
///   /writing       1 while a job writes to the file
///   /metadata_checksum  of every object, over all that never changes: see metadata_checksums
#include "hypnos/runtime/store_description.hpp"
#include "hypnos/runtime/store_layout.hpp"
#include "hypnos/runtime/store_reader.hpp"
#include "hypnos/runtime/store_recovery.hpp"
#include "hypnos/runtime/store_writer.hpp"
#include "hypnos/runtime/sync_file.hpp"

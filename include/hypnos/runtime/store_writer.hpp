#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/hdf5/file.hpp"
#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/store_guard.hpp"
#include "hypnos/runtime/store_layout.hpp"

namespace hypnos {

/// Writes rows of tasks, in any order. What the disk does not take throws hdf5::Error with the likely reason; a store
/// that was exchanged meanwhile throws by StoreGuard, before anything is written.
class StoreWriter {
 public:
  /// All ranks of MPI_COMM_WORLD open the store together; then each writes the rows of its own tasks. Blocks of rows
  /// are those that Experiment::run returns; what the file has no array for is not written (see require_declared).
  static StoreWriter open_parallel(std::string const& path, Plan const& plan);
  /// The same for one process alone, without MPI.
  static StoreWriter open_serial(std::string const& path, Plan const& plan);
  /// For rows of other stores: one block for each observable of `store`, in its order.
  static StoreWriter open_serial(std::string const& path, StoreDescription const& store);

  struct Row {
    std::vector<Block> blocks;
    double seconds;
    int rank;
    std::string label;  ///< of what was computed (row_label), not of the place where it is written
  };
  /// Finished rows of consecutive realizations of one sweep point, the first of them `task`: first the observables,
  /// then seconds, rank and checksum, last the flags. Blocks smaller than the arrays are padded with NaN, absent ones
  /// are all NaN.
  void write_done(std::uint64_t task, std::vector<Row> const& rows);
  /// A failed row. Its message goes to place `slot` of /failures, if there is one left.
  void write_failed(std::uint64_t task, std::uint64_t slot, std::string const& message, double seconds, int rank);
  /// What was written is on the disk afterwards. If that fails since the store was exchanged, StoreGuard says so.
  void sync() const;

 private:
  StoreWriter(std::string const& path, hdf5::File file, StoreDescription const& store,
              std::vector<std::string> const& names_of_blocks);
  template <class T>
  void write(hdf5::Dataset& dataset, Slab const& where, std::vector<T> const& values);
  void write_bookkeeping(std::uint64_t task, std::vector<double> const& seconds, std::vector<std::int32_t> const& ranks,
                         std::vector<std::uint32_t> const& checksums, TaskState state);

  std::string path_;
  hdf5::File file_;
  StoreGuard guard_;
  StoreDescription store_;  // with the observables of the file
  RowChecksum checksum_of_;
  std::vector<std::size_t> blocks_;  // of a row, for each of them
  std::vector<hdf5::Dataset> observables_;
  hdf5::Dataset done_, seconds_, checksum_, rank_, failed_task_, failed_message_;
};

/// A block as the store keeps it: padded to full extents with NaN, and with one kind of NaN (0/0 sets the sign bit on
/// some processors), so that equal results have equal bytes. Throws std::logic_error if it does not fit.
std::vector<double> stored_values(StoredObservable const& observable, Block const& block);

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/hdf5/file.hpp"
#include "hypnos/runtime/plan.hpp"

/// One HDF5 file a job, netCDF-4 conventions. Its whole layout exists before the first task runs and never changes
/// afterwards, so a killed job leaves a readable file: a row counts only once its `done` flag says so, and the flag
/// is written last.
///
///   /              attributes: experiment, source, job, seed, … (Provenance), layout
///   /realizations  one array an observable, dims [swept parameters…, realization, own axes…], with coordinates;
///                  done (0 open, 1 done, 2 failed), seconds, checksum (CRC-32 of the row's bytes), rank
///   /summary       NAME_mean, NAME_stderr, NAME_count over done realizations; rows: how many it is made of
///   /failures      task, message
namespace hypnos {

constexpr std::int64_t layout_version = 1;

enum class TaskState : std::uint8_t { open = 0, done = 1, failed = 2 };

/// Root attributes that tell where a file comes from, beside those the plan gives.
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// Writes the layout of `plan` beside `path`, syncs it and renames it into place: `path` is complete or absent.
/// Throws BadInput if the folder cannot be written.
void create_store(std::string const& path, Plan const& plan, Provenance const& provenance);

/// A store opened for reading, also while a job writes to it. Throws BadInput if the file is missing, damaged, not a
/// store, or of another layout version.
class StoreReader {
 public:
  explicit StoreReader(std::string const& path);

  hdf5::File const& file() const { return file_; }
  std::string const& path() const { return path_; }
  std::string experiment() const { return file_.text_attribute("experiment"); }
  std::string job_text() const { return file_.text_attribute("job"); }
  std::vector<TaskState> states() const;

 private:
  std::string path_;
  hdf5::File file_;
};

/// Tasks that failed become open again and their messages are forgotten, so that a resumed job tries them anew.
void reopen_failed_tasks(std::string const& path);

/// All ranks together open the store; then each writes the rows of its own tasks, in any order.
class StoreWriter {
 public:
  StoreWriter(std::string const& path, Plan const& plan);

  /// A finished row: first the observables, then seconds, rank and checksum, last the flag. Blocks smaller than the
  /// arrays are padded with NaN, absent ones are all NaN.
  void write_done(std::uint64_t task, std::vector<Block> const& blocks, double seconds, int rank);
  /// A failed row. Its message goes to place `slot` of /failures, if there is one left.
  void write_failed(std::uint64_t task, std::uint64_t slot, std::string const& message, double seconds, int rank);

 private:
  void write_bookkeeping(std::uint64_t task, double seconds, int rank, std::uint32_t checksum, TaskState state);

  Plan const& plan_;
  hdf5::File file_;
  std::vector<hdf5::Dataset> observables_;
  hdf5::Dataset done_, seconds_, checksum_, rank_, failed_task_, failed_message_;
};

/// How many failures keep their message.
std::uint64_t failure_slots(std::uint64_t tasks);

/// Forces the file's bytes to the disk.
void sync_file(std::string const& path);

}  // namespace hypnos

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
///   /writing       1 while a job writes to the file
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
  /// Whether a job is writing to it, or was and did not come to its end.
  bool unclean() const;

 private:
  std::string path_;
  hdf5::File file_;
};

/// The plan by which a store was made. Throws BadInput if the catalogue does not know its experiment.
Plan plan_of(StoreReader const& store, std::vector<Experiment> const& catalogue);

/// Notes, on the disk, that a job begins or ends writing: see StoreReader::unclean.
void mark_writing(std::string const& path, bool writing);

/// After an unclean end: these tasks become open again, and none that is not done keeps a checksum.
void reopen_tasks(std::string const& path, std::vector<std::uint64_t> const& tasks);

/// Tasks that failed become open again and their messages are forgotten, so that a resumed job tries them anew.
void reopen_failed_tasks(std::string const& path);

/// Writes rows of tasks, in any order.
class StoreWriter {
 public:
  /// All ranks of MPI_COMM_WORLD open the store together; then each writes the rows of its own tasks.
  static StoreWriter open_parallel(std::string const& path, Plan const& plan);
  /// For one process alone, without MPI.
  static StoreWriter open_serial(std::string const& path, Plan const& plan);

  struct Row {
    std::vector<Block> blocks;  ///< as Experiment::run returns them
    double seconds;
    int rank;
  };
  /// Finished rows of consecutive realizations of one sweep point, the first of them `task`: first the observables,
  /// then seconds, rank and checksum, last the flags. Blocks smaller than the arrays are padded with NaN, absent ones
  /// are all NaN.
  void write_done(std::uint64_t task, std::vector<Row> const& rows);
  /// A failed row. Its message goes to place `slot` of /failures, if there is one left.
  void write_failed(std::uint64_t task, std::uint64_t slot, std::string const& message, double seconds, int rank);

 private:
  StoreWriter(hdf5::File file, Plan const& plan);
  void write_bookkeeping(std::uint64_t task, std::vector<double> const& seconds, std::vector<std::int32_t> const& ranks,
                         std::vector<std::uint32_t> const& checksums, TaskState state);

  Plan const& plan_;
  hdf5::File file_;
  std::vector<hdf5::Dataset> observables_;
  hdf5::Dataset done_, seconds_, checksum_, rank_, failed_task_, failed_message_;
};

/// The place of `rows` consecutive realizations from `task` on, in an array that has `extents` behind the task's own
/// indices.
struct Slab {
  hdf5::Shape offset, count;
};
Slab slab(Plan const& plan, std::uint64_t task, std::uint64_t rows, std::vector<std::uint64_t> const& extents = {});

/// A block as the store keeps it: padded to full extents with NaN, and with one kind of NaN (0/0 sets the sign bit on
/// some processors), so that equal results have equal bytes. Throws std::logic_error if it does not fit.
std::vector<double> stored_values(Plan::StoredObservable const& observable, Block const& block);

/// How many failures keep their message.
std::uint64_t failure_slots(std::uint64_t tasks);

/// Forces the file's bytes to the disk.
void sync_file(std::string const& path);

}  // namespace hypnos

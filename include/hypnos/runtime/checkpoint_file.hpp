#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hypnos {

/// The state of one interrupted task, in STORE.checkpoints/task-NUMBER. A file is written beside its place, synced and
/// renamed, and carries a checksum and the job it belongs to: after any interruption there is the old state, the new
/// one, or none.
class CheckpointFile {
 public:
  /// `job_checksum`: see below; worked out once a job, whose text may be long.
  CheckpointFile(std::string const& store_path, std::uint32_t job_checksum, std::uint64_t task);

  /// Throws std::runtime_error if the disk does not take it.
  void write(std::vector<double> const& state) const;
  /// Nothing if there is no file, or one that is not whole or of another job.
  std::optional<std::vector<double>> read() const;
  /// Removes the file. The folder stays, since another rank may be about to write there.
  void remove() const;

 private:
  std::string folder_, path_;
  std::uint64_t task_;
  std::uint32_t job_checksum_;
};

/// CRC-32 of a job's text: tells the checkpoints of one job from those of another.
std::uint32_t job_checksum(std::string const& job_text);

/// Removes the folder of a job that came to its end, with all that kills may have left in it.
void remove_checkpoints(std::string const& store_path);

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hypnos {

/// The state of one interrupted task, in STORE.checkpoints/task-NUMBER. A file is written beside its place, synced and
/// renamed, and carries a checksum and the identity of the job and the program it belongs to: after any interruption
/// there is the old state, the new one, or none; to another job or program a state is as none.
class CheckpointFile {
 public:
  CheckpointFile(std::string const& store_path, std::uint32_t identity, std::uint64_t task);

  /// Throws std::runtime_error if the disk does not take it.
  void write(std::vector<std::byte> const& state) const;
  /// Nothing if there is no file, or one that is not whole or of another identity.
  std::optional<std::vector<std::byte>> read() const;
  /// Removes the file. The folder stays, since another rank may be about to write there.
  void remove() const;

 private:
  std::string folder_, path_;
  std::uint64_t task_;
  std::uint32_t identity_;
};

/// Tells the checkpoints of one job and program from those of another: CRC-32 of the job's text and of the program's
/// name for itself.
std::uint32_t checkpoint_identity(std::string const& job_text, std::string const& program);

/// Whether an earlier run of the job has left checkpoints.
bool have_checkpoints(std::string const& store_path);

/// Removes the folder of a job that came to its end, with all that kills may have left in it.
void remove_checkpoints(std::string const& store_path);

}  // namespace hypnos

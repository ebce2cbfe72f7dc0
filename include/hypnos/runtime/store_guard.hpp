#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/hdf5/file.hpp"

namespace hypnos {

/// Notices that the file at the path of a store is no longer the one that was opened. It must be the same file (device
/// and inode), and have the same metadata_checksum, which covers the job and the time of creation and never changes
/// while a job runs. Stores before layout 3 have none; of them only the file is compared.
class StoreGuard {
 public:
  /// `file`: the store, opened at `path`.
  StoreGuard(std::string path, hdf5::File const& file);
  ~StoreGuard();
  StoreGuard(StoreGuard&& other) noexcept;
  StoreGuard& operator=(StoreGuard&&) = delete;

  /// Costs two calls of the system. Throws std::runtime_error if the store was deleted, moved, replaced or overwritten.
  /// If no name leads to the opened file any more, it is first saved as FILE.rescued, with all rows that are done.
  void require_same() const;

 private:
  std::vector<std::uint8_t> identity() const;
  std::string rescued() const;

  std::string path_;
  int descriptor_;
  std::uint64_t offset_ = 0, size_ = 0;  // of the metadata_checksum in the file
  std::vector<std::uint8_t> identity_;
};

}  // namespace hypnos

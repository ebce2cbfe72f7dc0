#pragma once

#include <string>
#include <vector>

#include "hypnos/hdf5/file.hpp"
#include "hypnos/runtime/store_description.hpp"
#include "hypnos/runtime/store_layout.hpp"

namespace hypnos {

/// A store opened for reading, also while a job writes to it. Throws BadInput if the file is missing, damaged, not a
/// store, or of a later layout version.
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

  /// What the file says of itself. Throws BadInput if its arrays, dimensions or coordinates contradict each other.
  StoreDescription description() const;

 private:
  std::string path_;
  hdf5::File file_;
};

/// The names in the order in which the checksums of a store take its observables.
std::vector<std::string> names_of_observables(hdf5::File const& file);

}  // namespace hypnos

#pragma once

#include <string>
#include <vector>

#include "hypnos/hdf5/file.hpp"
#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/store_layout.hpp"

namespace hypnos {

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

}  // namespace hypnos

#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "finding.hpp"

namespace hypnos::fuzz {

/// A file for readers, which take paths; written anew for every input, below TMPDIR, preferably in memory.
class InputFile {
 public:
  InputFile() : path_(std::filesystem::temp_directory_path() / "hypnos-fuzz-XXXXXX") {
    int const descriptor = mkstemp(path_.data());
    require(descriptor >= 0, "a temporary file can be made: " + path_);
    close(descriptor);
  }
  InputFile(InputFile const&) = delete;
  InputFile& operator=(InputFile const&) = delete;
  ~InputFile() { unlink(path_.c_str()); }

  std::string const& path() const { return path_; }

  void write(std::span<std::uint8_t const> bytes) const {
    std::ofstream file(path_, std::ios::binary);
    file.write(reinterpret_cast<char const*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    require(static_cast<bool>(file.flush()), "a temporary file can be written");
  }

 private:
  std::string path_;
};

}  // namespace hypnos::fuzz

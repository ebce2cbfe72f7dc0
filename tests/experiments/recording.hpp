#pragma once

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hypnos/hdf5/file.hpp"

namespace hypnos {

/// A small recording in a file of its own, for as long as it lives: 8 samples of 4 neurons, the last of them silent, in two repeats.
class Recording {
 public:
  Recording()
      : path_(std::filesystem::temp_directory_path() / ("hypnos-boltzmann-" + std::to_string(getpid()) + ".h5")) {
    auto file = hdf5::File::create(path_);
    write(file, "samples", {8, 4}, {1, 0, 0, 0,  //
                                    0, 0, 0, 0,  //
                                    0, 1, 1, 0,  //
                                    0, 1, 0, 0,  //
                                    1, 0, 0, 0,  //
                                    0, 1, 1, 0,  //
                                    0, 1, 0, 0,  //
                                    0, 0, 1, 0});
    write(file, "repeat", {8}, {7, 7, 7, 2, 2, 2, 2, 2});
    write(file, "one", {8}, {1, 1, 1, 1, 1, 1, 1, 1});
  }
  Recording(Recording const&) = delete;
  Recording& operator=(Recording const&) = delete;
  ~Recording() { std::filesystem::remove(path_); }

  std::string path() const { return path_; }

 private:
  static void write(hdf5::Group& file, std::string const& name, hdf5::Shape const& shape,
                    std::vector<std::uint8_t> const& values) {
    file.create<std::uint8_t>(name, shape, 0).write(std::span(values));
  }

  std::filesystem::path path_;
};

}  // namespace hypnos

#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "hypnos/base/error.hpp"
#include "hypnos/data/raster.hpp"

namespace hypnos {

/// A folder of its own for each test, gone at its end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hypnos-data-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(Folder const&) = delete;
  Folder& operator=(Folder const&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string path(std::string const& name) const { return (path_ / name).string(); }

  std::string write(std::string const& name, std::string const& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The message of the BadInput that `action` throws; fails the test if it throws none.
template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (BadInput const& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  FAIL_CHECK("no BadInput was thrown");
  return {};
}

/// Five samples of three neurons, written 0 and 1; no symmetry hides an exchange of rows and columns.
inline std::vector<std::vector<int>> const example = {{1, 0, 0}, {0, 1, 1}, {0, 0, 0}, {1, 1, 0}, {0, 0, 1}};

inline std::vector<std::vector<int>> spins(Raster const& raster) {
  std::vector<std::vector<int>> rows;
  for (int t = 0; t < raster.samples(); ++t) {
    rows.emplace_back();
    for (int i = 0; i < raster.neurons(); ++i) rows.back().push_back(raster.spin(t, i));
  }
  return rows;
}

inline std::vector<std::vector<int>> as_spins(std::vector<std::vector<int>> rows) {
  for (auto& row : rows)
    for (auto& value : row) value = value == 1 ? 1 : -1;
  return rows;
}

/// An .npy file of version 1; `values` are the bytes of the numbers.
inline std::string npy(std::string const& type, bool fortran_order, std::string const& shape,
                       std::string const& values) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                       ", 'shape': " + shape + ", }";
  header.resize((header.size() + 10 + 1 + 63) / 64 * 64 - 11, ' ');  // the numbers begin at a multiple of 64
  header += '\n';
  std::string const size{static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  return std::string("\x93NUMPY\x01\x00", 8) + size + header + values;
}

}  // namespace hypnos

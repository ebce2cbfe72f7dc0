#include <doctest/doctest.h>

#include "files.hpp"
#include "hypnos/data/read.hpp"
#include "hypnos/hdf5/file.hpp"

namespace hypnos::hdf5_format_test {

namespace {

template <class T>
std::vector<T> flat(int silence) {
  std::vector<T> values;
  for (auto const& row : example)
    for (int const value : row) values.push_back(static_cast<T>(value == 1 ? 1 : silence));
  return values;
}

template <class T>
void write(hdf5::Group group, std::string const& name, hdf5::Shape const& shape, std::vector<T> const& values) {
  group.create<T>(name, shape, T{}).write(std::span<T const>(values));
}

std::string recordings(Folder const& folder) {
  auto const path = folder.path("recordings.h5");
  auto file = hdf5::File::create(path);
  write<std::uint8_t>(file.create_group("retina"), "samples", {5, 3}, flat<std::uint8_t>(0));
  write<std::uint8_t>(file.create_group("empty"), "nothing", {0, 3}, {});
  write<double>(file.create_group("vectors"), "repeat", {5}, {0, 0, 1, 1, 2});
  file.create_texts("names", {"a", "b"});
  write<double>(file.create_group("#refs#"), "inside of a cell", {1}, {0});
  write<std::uint8_t>(file.create_group("deep"), "cube", {5, 3, 1}, flat<std::uint8_t>(0));
  write<std::uint8_t>(file.open_group("deep"), "number", {}, {1});
  return path;
}

}  // namespace

TEST_CASE_TEMPLATE("HDF5 rasters may be of any type of number", T, std::uint8_t, std::int8_t, std::int32_t,
                   std::uint32_t, std::int64_t, float, double) {
  Folder const folder;
  for (std::string const name : {"raster.h5", "raster.hdf5", "raster"})
    for (int const silence : {0, std::is_signed_v<T> ? -1 : 0}) {
      auto const path = folder.path(name);
      write<T>(hdf5::File::create(path), "samples", {5, 3}, flat<T>(silence));
      CHECK(spins(read_raster(path, "samples")) == as_spins(example));
      CHECK(spins(read_raster(path, "/samples")) == as_spins(example));
    }
}

TEST_CASE("a MAT v7.3 file is HDF5 behind 512 bytes of MATLAB") {
  Folder const folder;
  auto const plain = folder.path("plain.h5");
  write<std::uint8_t>(hdf5::File::create(plain), "spikes", {5, 3}, flat<std::uint8_t>(0));
  std::string header = "MATLAB 7.3 MAT-file, Platform: GLNXA64";
  header.resize(512);
  // HDF5 counts addresses from its own beginning, wherever that is found
  auto const path = folder.write("raster.mat", header + bytes_of(plain));
  CHECK(spins(read_raster(path, "spikes")) == as_spins(example));

  folder.write("raster.mat", header);
  CHECK(message_of([&] { read_raster(path, "spikes"); }) == path + ": is a damaged MAT file: its HDF5 part is missing");
  for (std::string const old : {"MATLAB 5.0 MAT-file, Platform: GLNXA64", "\1\2\3\4"}) {
    folder.write("raster.mat", old);
    CHECK(message_of([&] { read_raster(path, "spikes"); }) ==
          path + ": is a MAT file older than v7.3; save it again in MATLAB with save(file, name, '-v7.3')");
  }
}

TEST_CASE("an HDF5 raster of many slabs arrives whole") {
  Folder const folder;
  auto const path = folder.path("long.h5");
  constexpr std::size_t T = 70001, N = 9;  // 630,009 numbers, more than two slabs, the last one not full
  std::vector<std::int8_t> values(T * N);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = (k * k) % 11 < 4 ? 1 : -1;
  write<std::int8_t>(hdf5::File::create(path), "samples", {T, N}, values);
  auto const raster = read_raster(path, "samples");
  for (std::size_t k = 0; k < values.size(); ++k)
    REQUIRE(raster.spin(static_cast<int>(k / N), static_cast<int>(k % N)) == values[k]);
}

TEST_CASE("a dataset that is not a raster is refused, with those that there are") {
  Folder const folder;
  auto const path = recordings(folder);
  auto const message = [&](std::string const& dataset) { return message_of([&] { read_raster(path, dataset); }); };
  std::string const there = "it holds deep/cube, deep/number, empty/nothing, names, retina/samples, vectors/repeat";
  CHECK(message("retina/sampels") ==
        path + ": there is no dataset 'retina/sampels' (did you mean 'retina/samples'?); " + there);
  CHECK(message("samples") == path + ": there is no dataset 'samples'; " + there);
  CHECK(message("samples/inside/nothing") == path + ": there is no dataset 'samples/inside/nothing'; " + there);
  CHECK(message("") == path + ": a dataset must be named; " + there);
  CHECK(message("retina") == path + ": 'retina' is a group, but a dataset was expected; " + there);
  CHECK(message("/").starts_with(path + ": "));
  CHECK(message("names") == path + ", dataset 'names': holds texts, but numbers were expected");
  CHECK(message("vectors/repeat") ==
        path + ", dataset 'vectors/repeat': has length 5, but a raster has two dimensions, samples x neurons");
  CHECK(message("deep/cube") ==
        path + ", dataset 'deep/cube': has shape 5 x 3 x 1, but a raster has two dimensions, samples x neurons");
  CHECK(message("deep/number") ==
        path + ", dataset 'deep/number': has one number, but a raster has two dimensions, samples x neurons");
  CHECK(message("empty/nothing") ==
        path + ", dataset 'empty/nothing': is empty (shape 0 x 3), but a raster needs samples and neurons");
}

TEST_CASE("an HDF5 file without datasets says so") {
  Folder const folder;
  auto const path = folder.path("empty.h5");
  hdf5::File::create(path).create_group("folder");
  CHECK(message_of([&] { read_raster(path, "samples"); }) ==
        path + ": there is no dataset 'samples'; it holds no datasets");
}

TEST_CASE("a foreign or truncated HDF5 file is named") {
  Folder const folder;
  auto const foreign = folder.write("foreign.h5", "1 0 0\n");
  CHECK(message_of([&] { read_raster(foreign, "samples"); }) ==
        foreign + ": is not HDF5 although its name ends like one; it may be damaged or an incomplete download");
  auto const whole = bytes_of(recordings(folder));
  auto const truncated = folder.write("truncated.h5", whole.substr(0, whole.size() / 2));
  CHECK(message_of([&] { read_raster(truncated, "retina/samples"); }).find("truncated file") != std::string::npos);
}

TEST_CASE("an HDF5 header that announces more than the file can contain is refused") {
  Folder const folder;
  auto const path = folder.path("damaged.h5");
  write<std::uint8_t>(hdf5::File::create(path), "samples", {77, 3}, std::vector<std::uint8_t>(231));
  auto bytes = bytes_of(path);
  auto const replace_all = [&bytes](std::string const& old, std::string const& now) {
    int count = 0;
    for (auto k = bytes.find(old); k != bytes.npos; k = bytes.find(old, k + 8), ++count) bytes.replace(k, 8, now);
    return count;
  };
  auto const word = [](std::uint64_t value) { return std::string(reinterpret_cast<char const*>(&value), 8); };
  std::uint64_t const huge = std::uint64_t{1} << 30;
  REQUIRE(replace_all(word(77), word(huge)) >= 1);       // the extent, and its maximum
  REQUIRE(replace_all(word(231), word(3 * huge)) >= 1);  // the bytes stored
  folder.write("damaged.h5", bytes);
  auto const message = message_of([&] { read_raster(path, "samples"); });
  CHECK(message.starts_with(path + ", dataset 'samples': announces 3221225472 values, but the file has only "));
}

}  // namespace hypnos::hdf5_format_test

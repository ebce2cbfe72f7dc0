#include <doctest/doctest.h>

#include "files.hpp"
#include "hypnos/data/read.hpp"
#include "hypnos/hdf5/file.hpp"

namespace hypnos::damage_test {

namespace {

// What is read may still be a raster; what is not must be BadInput: any other exception fails the test.
void read_or_refuse(std::string const& path) {
  try {
    read_raster(path, "samples");
  } catch (BadInput const&) {
  }
}

std::string npy_example() {
  std::string values;
  for (auto const& row : example)
    for (int const value : row) values += static_cast<char>(value);
  return npy("|u1", false, "(5, 3)", values);
}

}  // namespace

TEST_CASE("a file cut off anywhere is refused or, if text, read up to the cut") {
  Folder const folder;
  auto const npy_file = npy_example();
  for (std::size_t size = 0; size < npy_file.size(); ++size)
    CHECK_THROWS_AS(read_raster(folder.write("cut.npy", npy_file.substr(0, size)), ""), BadInput);

  hdf5::Group(hdf5::File::create(folder.path("whole.h5"))).create<std::uint8_t>("samples", {500, 3}, 1);
  auto const hdf5_file = bytes_of(folder.path("whole.h5"));
  for (std::size_t size = 0; size < hdf5_file.size(); size += 7)
    CHECK_THROWS_AS(read_raster(folder.write("cut.h5", hdf5_file.substr(0, size)), "samples"), BadInput);

  std::string const text = "# a\n1, 0, 0\n0, 1, 1\n0, 0, 0\n";
  for (std::size_t size = 0; size < text.size(); ++size) read_or_refuse(folder.write("cut.txt", text.substr(0, size)));
}

TEST_CASE("any byte of an npy or text file may be wrong without harm") {
  Folder const folder;
  for (auto const& whole : {npy_example(), std::string("# a\n1, 0, 0\n0, 1, 1\n")})
    for (std::size_t k = 0; k < whole.size(); ++k)
      for (char const wrong : {'\0', '\n', ' ', '(', '9', '\'', '\x7f', '\xff'}) {
        auto damaged = whole;
        damaged[k] = wrong;
        read_or_refuse(folder.write("damaged", damaged));
      }
}

}  // namespace hypnos::damage_test

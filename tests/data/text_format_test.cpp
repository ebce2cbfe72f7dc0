#include <doctest/doctest.h>

#include "files.hpp"
#include "hypnos/data/read.hpp"

namespace hypnos::text_format_test {

TEST_CASE(
    "text rasters may use blanks, tabs, commas, comments, empty lines, any ends of lines and spellings of numbers") {
  Folder const folder;
  for (std::string const text : {
           "1 0 0\n0 1 1\n0 0 0\n1 1 0\n0 0 1\n",
           "1 0 0\n0 1 1\n0 0 0\n1 1 0\n0 0 1",
           "1,0,0\n0,1,1\n0,0,0\n1,1,0\n0,0,1\n",
           "# neurons a, b, c\r\n1\t0\t0\r\n\r\n  0 ,1 , 1 # a comment\r\n0 0 0\r\n#\r\n1 1 0\r\n0 0 1\r\n   \r\n",
           "\xef\xbb\xbf"
           "1 0 0\n0 1 1\n0 0 0\n1 1 0\n0 0 1\n",
           "1.0 0.0 -0.0\n0e0 1e0 +1\n0 0 0\n1.000000e+00 1 0\n0 0 1\n",
           "1 -1 -1\n-1 1 1\n-1 -1 -1\n1 1 -1\n-1 -1 1\n",
       }) {
    CAPTURE(text);
    CHECK(spins(read_raster(folder.write("raster.txt", text), "")) == as_spins(example));
  }
}

TEST_CASE("the name of a text file does not matter") {
  Folder const folder;
  for (std::string const name : {"raster", "raster.csv", "raster.dat", "raster.asc"})
    CHECK(spins(read_raster(folder.write(name, "1 0\n0 0\n"), "samples")) ==
          std::vector<std::vector<int>>{{1, -1}, {-1, -1}});
}

TEST_CASE("a mistake in a text file is named with its line") {
  Folder const folder;
  auto const path = folder.path("raster.txt");
  auto const message = [&](std::string const& text) {
    folder.write("raster.txt", text);
    return message_of([&] { read_raster(path, ""); });
  };
  CHECK(message("1 0\n# two\n1 x7\n") == path +
                                             ": 'x7' at line 3, row 1, column 1 (counted from 0) is not a finite "
                                             "number; put # in front of a line that is a comment");
  CHECK(message("a b\n1 0\n").starts_with(path + ": 'a' at line 1, row 0, column 0 (counted from 0) is not a finite"));
  CHECK(message("1,,0\n").starts_with(path + ": '' at line 1, row 0, column 1"));
  CHECK(message("1,0,\n").starts_with(path + ": '' at line 1, row 0, column 2"));
  CHECK(message(",1,0\n").starts_with(path + ": '' at line 1, row 0, column 0"));
  CHECK(message("1 nan\n").starts_with(path + ": 'nan' at line 1"));
  CHECK(message("1 inf\n").starts_with(path + ": 'inf' at line 1"));
  CHECK(message("1 1e999\n").starts_with(path + ": '1e999' at line 1"));
  CHECK(message("1 0x1\n").starts_with(path + ": '0x1' at line 1"));
  CHECK(message("1 0;1\n").starts_with(path + ": '0;1' at line 1"));
  CHECK(message("1 " + std::string(100, 'z')).starts_with(path + ": '" + std::string(24, 'z') + "...' at line 1"));
  CHECK(message("1 0\n\n1 0 1\n") == path +
                                         ": line 3 has 3 values, but the first row has 2; a raster needs all rows of "
                                         "one length");
  CHECK(message("1 0\n1 0 x\n").starts_with(path + ": line 2 has 3 values, but the first row has 2"));
  CHECK(message("1 0 1\n1\n").starts_with(path + ": line 2 has 1 values, but the first row has 3"));
  CHECK(message("1 0\n0 2\n") == path +
                                     ": the value at line 2, row 1, column 1 (counted from 0) is 2, but spins are 0 "
                                     "and 1 or -1 and 1; convert the values first");
  CHECK(message("# nothing but a comment\n") ==
        path + ": is empty (shape 0 x 0), but a raster needs samples and neurons");
  CHECK(message("") == path + ": is empty, but numbers were expected");
}

TEST_CASE("foreign bytes are recognized at the beginning of a file, and quoted legibly further on") {
  Folder const folder;
  auto const path = folder.path("raster.txt");
  folder.write("raster.txt", std::string("1\0"
                                         "0\0",
                                         4));  // UTF-16
  CHECK(message_of([&] { read_raster(path, ""); }) == path + ": is neither HDF5, MAT v7.3, .npy nor text");
  std::string late;
  for (int line = 0; line < 4096; ++line) late += "1 0\n";
  folder.write("raster.txt", late + "1 \x1b[2J\xff\n");
  CHECK(message_of([&] {
          read_raster(path, "");
        }).starts_with(path + ": '\\x1b[2J\\xff' at line 4097, row 4096, column 1"));
}

}  // namespace hypnos::text_format_test

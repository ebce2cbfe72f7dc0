#include "hypnos/data/read.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "files.hpp"

namespace hypnos::read_test {

TEST_CASE("a file that cannot be read is named with the reason") {
  Folder const folder;
  auto const message = [](std::string const& path) { return message_of([&] { read_raster(path, "samples"); }); };
  auto const missing = folder.path("missing.h5");
  CHECK(message(missing) == missing + ": there is no such file; check the path");
  CHECK(message("missing.h5") ==
        "missing.h5: there is no such file; the path starts at " + std::filesystem::current_path().string());
  CHECK(message("") == "no data file is named; give its path");
  CHECK(message(folder.path("")) == folder.path("") + ": is a folder, but a data file was expected");
  CHECK(message("/dev/null") == "/dev/null: is not a regular file, and only these can be read");
  auto const file = folder.write("file.txt", "1 0\n");
  CHECK(message(file + "/inside").starts_with(file + "/inside: there is no such file"));
  CHECK(message(folder.path(std::string(300, 'x'))).ends_with(": cannot be opened; check its permissions"));
  auto const zip = folder.write("raster.npz", std::string("PK\3\4rest", 8));
  CHECK(message(zip) == zip + ": is a zip or .npz archive; write one array with numpy.save");
  auto const gzip = folder.write("raster.txt.gz", "\x1f\x8brest");
  CHECK(message(gzip) == gzip + ": is compressed; unpack it with gunzip");
}

TEST_CASE("a file without permission is named") {
  if (geteuid() == 0) {
    MESSAGE("skipped: root may read everything");
    return;
  }
  Folder const folder;
  auto const file = folder.write("closed.txt", "1 0\n");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  CHECK(message_of([&] { read_raster(file, ""); }) == file + ": cannot be opened; check its permissions");
}

TEST_CASE("a raster is written in one coding throughout, 0 and 1 or -1 and 1") {
  Folder const folder;
  auto const path = folder.path("raster.npy");
  auto const read = [&](std::string const& values) {
    folder.write("raster.npy", npy("|i1", false, "(2, 2)", values));
    return spins(read_raster(path, ""));
  };
  using Rows = std::vector<std::vector<int>>;
  CHECK(read({1, 1, 1, 1}) == Rows{{1, 1}, {1, 1}});
  CHECK(read({0, 0, 0, 0}) == Rows{{-1, -1}, {-1, -1}});
  CHECK(read({-1, -1, -1, -1}) == Rows{{-1, -1}, {-1, -1}});
  CHECK(message_of([&] {
          read({0, 1, 1, -1});
        }) ==
        path +
            ": the value at row 1, column 1 (counted from 0) is -1, but there is 0 before it; use 0 and 1 or -1 and 1 "
            "throughout");
  CHECK(message_of([&] {
          read({-1, 0, 1, 1});
        }).starts_with(path + ": the value at row 0, column 1 (counted from 0) is 0, but there is -1 before it"));
  CHECK(message_of([&] {
          read({1, 0, 3, 4});
        }) ==
        path +
            ": the value at row 1, column 0 (counted from 0) is 3, but spins are 0 and 1 or -1 and 1; convert the "
            "values first");
}

TEST_CASE("chosen columns come in the order of the choice, and the others may hold anything") {
  Folder const folder;
  auto const path = folder.write("raster.txt", "1 0 0.5 0\n0 1 17 1\n0 0 -3 0\n");
  using Rows = std::vector<std::vector<int>>;
  CHECK(spins(read_raster(path, "", {3, 0})) == Rows{{-1, 1}, {1, -1}, {-1, -1}});
  CHECK(message_of([&] {
          read_raster(path, "", {0, 2});
        }).starts_with(path + ": the value at line 1, row 0, column 2 (counted from 0) is 0.5"));
  CHECK(message_of([&] { read_raster(path, "", {0, 4}); }) == path + ": there is no neuron 4, but 4 columns, 0 to 3");
  CHECK(message_of([&] { read_raster(path, "", {-1}); }) == path + ": there is no neuron -1, but 4 columns, 0 to 3");
  CHECK(message_of([&] {
          read_raster(path, "", {1, 3, 1});
        }) == path + ": neuron 1 is given twice; give each neuron once");
  auto const one = folder.write("one.txt", "1\n0\n");
  CHECK(message_of([&] { read_raster(one, "", {1}); }) == one + ": there is no neuron 1, but 1 column, number 0");
}

TEST_CASE("labels may be a vector, a row or a column") {
  Folder const folder;
  std::vector<int> const labels{-7, 0, 2147483647};
  CHECK(read_labels(folder.write("column.txt", "-7\n0\n2147483647\n"), "", 3) == labels);
  CHECK(read_labels(folder.write("row.txt", "-7, 0, 2147483647\n"), "", 3) == labels);
  for (std::string const shape : {"(3,)", "(1, 3)", "(3, 1)"})
    CHECK(read_labels(folder.write("labels.npy", npy("|i1", false, shape, {5, -1, 0})), "", 3) ==
          std::vector<int>{5, -1, 0});
  CHECK(read_labels(folder.write("one.txt", "4"), "", 1) == std::vector<int>{4});
}

TEST_CASE("labels that do not fit are refused") {
  Folder const folder;
  auto const path = folder.path("labels.txt");
  auto const message = [&](std::string const& text) {
    folder.write("labels.txt", text);
    return message_of([&] { read_labels(path, "", 3); });
  };
  CHECK(message("1\n2\n") == path + ": holds 2 labels, but the raster has 3 samples; there must be one label a sample");
  CHECK(message("1\n2\n3\n4\n").starts_with(path + ": holds 4 labels, but the raster has 3 samples"));
  CHECK(message("1\n2\n2.5\n") ==
        path + ": the label at line 3, row 2, column 0 (counted from 0) is 2.5, but labels are integers below 2^31");
  CHECK(message("1\n2147483648\n2\n")
            .starts_with(path + ": the label at line 2, row 1, column 0 (counted from 0) is 2147483648"));
  CHECK(message("1 2 3\n4 5 6\n") == path + ": has shape 2 x 3, but labels are one-dimensional, one a sample");
  auto const nan = folder.write("labels.npy", npy("<f4", false, "(1,)", std::string("\0\0\xc0\x7f", 4)));
  CHECK(message_of([&] { read_labels(nan, "", 1); }) ==
        nan + ": the label at row 0, column 0 (counted from 0) is nan, but labels are integers below 2^31");
  auto const number = folder.write("number.npy", npy("|i1", false, "()", "1"));
  CHECK(message_of([&] { read_labels(number, "", 1); }) ==
        number + ": has one number, but labels are one-dimensional, one a sample");
}

}  // namespace hypnos::read_test

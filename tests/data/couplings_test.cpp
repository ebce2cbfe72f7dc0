#include "hypnos/data/couplings.hpp"

#include <limits>

#include "files.hpp"
#include "hypnos/hdf5/file.hpp"

namespace hypnos::couplings_test {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void write(hdf5::Group&& group, std::string const& name, hdf5::Shape const& shape, std::vector<double> const& values) {
  group.create<double>(name, shape, 0.).write(std::span<double const>(values));
}

}  // namespace

TEST_CASE("couplings are a matrix of any format") {
  Folder const folder;
  std::vector<double> const J{0, 1.5, -2, 1.5, 0, 0.25, -2, 0.25, 0};
  auto const text = read_couplings(folder.write("J.txt", "0 1.5 -2\n1.5 0 0.25\n-2 0.25 0\n"), "J");
  CHECK(text.neurons == 3);
  CHECK(text.J == J);
  write(hdf5::File::create(folder.path("J.h5")), "J", {3, 3}, J);
  CHECK(read_couplings(folder.path("J.h5"), "J").J == J);
}

TEST_CASE("a store has couplings of each task, filled up with NaN") {
  Folder const folder;
  auto const path = folder.path("store.h5");
  // sweep of 2 values, 3 realizations, 2 neurons or 3
  std::vector<double> all;
  for (int task = 0; task < 6; ++task)
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        all.push_back(task == 5 || (task < 3 && (i == 2 || j == 2)) ? nan : 100 * task + 10 * i + j);
  write(hdf5::File::create(path).create_group("realizations"), "J", {2, 3, 3, 3}, all);
  CHECK(read_couplings(path, "J", 2).neurons == 2);
  CHECK(read_couplings(path, "J", 2).J == std::vector<double>{200, 201, 210, 211});
  CHECK(read_couplings(path, "realizations/J", 4).J ==
        std::vector<double>{400, 401, 402, 410, 411, 412, 420, 421, 422});
  auto const message = [&](std::int64_t task) { return message_of([&] { read_couplings(path, "J", task); }); };
  CHECK(message(6) == path + ", dataset 'J': has 6 matrices, so there is no task 6; give task=0 to 5");
  CHECK(message(5) == path + ", dataset 'J': has only NaN at task 5: it was not computed, or its couplings not stored");
}

TEST_CASE("what is no square matrix of finite numbers is refused") {
  Folder const folder;
  auto const message = [&](std::string const& text) {
    auto const path = folder.write("J.txt", text);
    return message_of([&] { read_couplings(path, "J"); }).substr(path.size());
  };
  CHECK(message("1 2 3\n4 5 6\n") == ": has shape 2 x 3, but couplings are a square matrix, N x N");
  CHECK(message("0 nan\n1 0\n").find("not a finite number") != std::string::npos);
  auto const path = folder.path("J.h5");
  write(hdf5::File::create(path), "J", {2, 2}, {0, nan, 1, 0});
  CHECK(message_of([&] { read_couplings(path, "J"); }) ==
        path +
            ", dataset 'J': the value at row 0, column 1 (counted from 0) is nan, but couplings are finite numbers, as "
            "many rows as columns");
  auto const line = folder.path("line.h5");
  write(hdf5::File::create(line), "J", {4}, {0, 1, 1, 0});
  CHECK(message_of([&] { read_couplings(line, "J"); }) ==
        line + ", dataset 'J': has length 4, but couplings are a matrix, N x N");
}

}  // namespace hypnos::couplings_test

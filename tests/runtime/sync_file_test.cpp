#include "hypnos/runtime/sync_file.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "store_fixture.hpp"

namespace hypnos::sync_file_test {

using namespace hypnos::fixture;

TEST_CASE("rows are forced to the disk after a task, a minute, some seconds, or at the end") {
  CHECK(parse_sync_interval("task") == 0);
  CHECK(parse_sync_interval("minute") == 60);
  CHECK(std::isinf(parse_sync_interval("end")));
  CHECK(parse_sync_interval("2.5") == 2.5);
  for (auto const* text : {"-1", "never", ""})
    CHECK(message([&] { parse_sync_interval(text); }) ==
          std::string("--sync ") + text + ", but must be task | minute | end, or a number of seconds");
}

TEST_CASE("files and folders can be forced to the disk, and what is absent cannot") {
  Folder const folder;
  CHECK_NOTHROW(sync_file(folder.path.string()));
  CHECK_THROWS_AS(sync_file(folder.file("absent")), std::runtime_error);
}

}  // namespace hypnos::sync_file_test

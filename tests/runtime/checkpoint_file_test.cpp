#include "hypnos/runtime/checkpoint_file.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "store_fixture.hpp"

using namespace hypnos;
using namespace hypnos::fixture;
namespace fs = std::filesystem;

TEST_CASE("a checkpoint is the state that was kept, or nothing") {
  Folder const folder;
  auto const store = folder.file("x.h5");
  auto const job = job_checksum("job");
  CheckpointFile const file(store, job, 3);
  CHECK_FALSE(file.read().has_value());
  std::vector<double> const state{1, -0.0, 1e300, 0x1p53};
  file.write({7});
  file.write(state);
  CHECK(file.read() == state);
  CHECK_FALSE(CheckpointFile(store, job, 4).read().has_value());
  auto const path = store + ".checkpoints/task-3";
  auto const size = fs::file_size(path);
  fs::resize_file(path, size - 1);
  CHECK_FALSE(file.read().has_value());
  file.write(state);
  {
    std::fstream bytes(path, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(size) - 3);
    bytes.put('x');
  }
  CHECK_FALSE(file.read().has_value());
  file.remove();
  CHECK_FALSE(fs::exists(path));
  remove_checkpoints(store);
  CHECK_FALSE(fs::exists(store + ".checkpoints"));
}

TEST_CASE("the checkpoint of another job is as none, and stays until this job keeps its own") {
  Folder const folder;
  auto const store = folder.file("x.h5");
  // the jobs differ in the last letter alone, so nothing but the checksum tells their checkpoints apart
  CheckpointFile const old_job(store, job_checksum("a = 0.1"), 3), new_job(store, job_checksum("a = 0.2"), 3);
  old_job.write({1, 2, 3});
  CHECK_FALSE(new_job.read().has_value());
  CHECK(old_job.read() == std::vector<double>{1, 2, 3});
  new_job.write({4, 5, 6});
  CHECK(new_job.read() == std::vector<double>{4, 5, 6});
  CHECK_FALSE(old_job.read().has_value());
}

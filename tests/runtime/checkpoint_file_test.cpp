#include "hypnos/runtime/checkpoint_file.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "store_fixture.hpp"

namespace hypnos::checkpoint_file_test {

using namespace hypnos::fixture;
namespace fs = std::filesystem;

TEST_CASE("a checkpoint is the state that was kept, or nothing") {
  Folder const folder;
  auto const store = folder.file("x.h5");
  auto const job = checkpoint_identity("job", "program");
  CheckpointFile const file(store, job, 3);
  CHECK_FALSE(file.read().has_value());
  std::vector<std::byte> const state{std::byte{1}, std::byte{0}, std::byte{255}, std::byte{7}};
  file.write({std::byte{7}});
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

TEST_CASE("the checkpoint of another job or program is as none, and stays until this job keeps its own") {
  Folder const folder;
  auto const store = folder.file("x.h5");
  // the texts differ in one character, so only the checksum tells their checkpoints apart
  auto const file = [&](char const* job, char const* program) {
    return CheckpointFile(store, checkpoint_identity(job, program), 3);
  };
  std::vector<std::byte> const old_state{std::byte{1}, std::byte{2}}, new_state{std::byte{3}};
  file("a = 0.1", "program 1").write(old_state);
  CHECK_FALSE(file("a = 0.2", "program 1").read().has_value());
  CHECK_FALSE(file("a = 0.1", "program 2").read().has_value());
  CHECK(file("a = 0.1", "program 1").read() == old_state);
  file("a = 0.2", "program 1").write(new_state);
  CHECK(file("a = 0.2", "program 1").read() == new_state);
  CHECK_FALSE(file("a = 0.1", "program 1").read().has_value());
}

}  // namespace hypnos::checkpoint_file_test

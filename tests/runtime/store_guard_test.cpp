#include "hypnos/runtime/store_guard.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "hypnos/runtime/verify.hpp"
#include "store_fixture.hpp"

namespace hypnos::store_guard_test {

using namespace hypnos::fixture;
namespace fs = std::filesystem;

namespace {

auto const experiments = example::catalogue();

// A store that is being written, with two rows that are done.
struct Written {
  Folder const folder = {};
  std::string const path = folder.file("x.h5");
  Plan const plan{example::job(experiments, {"realizations=4"})};
  std::unique_ptr<StoreWriter> writer;

  Written() {
    begin_mpi();
    create_store(path, plan, {});
    writer = std::make_unique<StoreWriter>(StoreWriter::open_parallel(path, plan));
    writer->write_done(0, {row(plan, 0), row(plan, 1)});
  }

  // What the writer says when it is given the next row.
  std::string next() {
    try {
      writer->write_done(2, {row(plan, 2)});
    } catch (std::runtime_error const& error) {
      return error.what();
    }
    return "written";
  }
  std::string another_store(std::string const& setting) const {
    auto const other = folder.file("other.h5");
    create_store(other, Plan(example::job(experiments, {"realizations=4", setting})), {});
    return other;
  }
};

std::string bytes_of(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a store that stays where it is may be written") { CHECK(Written().next() == "written"); }

TEST_CASE("a store that is deleted while it is written is saved with its rows") {
  Written store;
  fs::remove(store.path);
  auto const text = store.next();
  CHECK(text.starts_with(store.path + " was deleted or moved while this job wrote to it; its rows were saved as " +
                         store.path + ".rescued"));
  CHECK_FALSE(fs::exists(store.path));
  store.writer.reset();
  StoreReader const rescued(store.path + ".rescued");
  CHECK(verify(rescued).empty());
  CHECK(rescued.states() == std::vector{TaskState::done, TaskState::done, TaskState::open, TaskState::open});
}

TEST_CASE("a store that is deleted after its rows were written is saved when they are to be synced") {
  Written store;
  CHECK(store.next() == "written");
  fs::remove(store.path);
  std::string text;
  try {
    store.writer->sync();
  } catch (std::runtime_error const& error) {
    text = error.what();
  }
  CHECK(text.starts_with(store.path + " was deleted or moved while this job wrote to it; its rows were saved as "));
}

TEST_CASE("a store that is replaced is saved too, and its successor is not touched") {
  Written store;
  auto const other = store.another_store("seed=2");
  auto const before = bytes_of(other);
  fs::rename(other, store.path);
  CHECK(store.next().find(" was replaced by another file while this job wrote to it; its rows were saved as ") !=
        std::string::npos);
  CHECK(bytes_of(store.path) == before);
  CHECK(fs::exists(store.path + ".rescued"));
}

TEST_CASE("a store that is moved away keeps its rows there") {
  Written store;
  fs::rename(store.path, store.folder.file("moved.h5"));
  CHECK(
      store.next().find(" was deleted or moved while this job wrote to it; its rows are in the file that was moved") !=
      std::string::npos);
  CHECK_FALSE(fs::exists(store.path + ".rescued"));
  store.writer.reset();
  CHECK(verify(StoreReader(store.folder.file("moved.h5"))).empty());
}

TEST_CASE("a store that is overwritten in place with that of another job is noticed before a row is written to it") {
  for (auto const* setting : {"seed=2", "word=other", "x=0.25"}) {
    Written store;
    auto const bytes = bytes_of(store.another_store(setting));
    std::ofstream(store.path, std::ios::binary) << bytes;
    CHECK(store.next() ==
          store.path + " was overwritten with another file while this job wrote to it; its rows are lost");
    CHECK(bytes_of(store.path) == bytes);
  }
  Written store;
  fs::resize_file(store.path, 0);
  CHECK(store.next().find(" was overwritten ") != std::string::npos);
}

}  // namespace hypnos::store_guard_test

#include "hypnos/runtime/verify.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "hypnos/runtime/store.hpp"
#include "store_fixture.hpp"

namespace hypnos::verify_test {

using namespace hypnos::fixture;

namespace {

auto const experiments = example::catalogue();

// A store with four tasks that are done, one that failed and one that is open.
struct Sound {
  Folder const folder = {};
  std::string const path = folder.file("x.h5");
  Plan const plan{example::job(experiments, {"x=1,2", "realizations=3", "N=2"})};

  Sound() {
    create_store(path, plan, {});
    auto writer = StoreWriter::open_serial(path, plan);
    for (std::uint64_t const task : {0, 1, 2, 3}) writer.write_done(task, {row(plan, task, 0.5, 0)});
    writer.write_failed(4, 0, "it rained", 0.5, 0);
  }
  std::vector<std::string> lines() const { return verify(StoreReader(path)); }
  hdf5::Dataset dataset(std::string const& name) const { return hdf5::File::open_write(path).open_dataset(name); }
  template <class T>
  void put(std::string const& name, hdf5::Shape const& where, T value) const {
    dataset(name).write(where, hdf5::Shape(where.size(), 1), std::span<T const>(&value, 1));
  }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a flipped bit in a row is found by its checksum, and the row alone is opened again") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const plan(example::job(experiments, {"x=1,2", "realizations=3"}));
  create_store(path, plan, {});
  {
    auto writer = StoreWriter::open_serial(path, plan);
    for (std::uint64_t task : {0, 3}) writer.write_done(task, {row(plan, task), row(plan, task + 1)});
  }
  CHECK(damaged_rows(StoreReader(path)).empty());
  CHECK(verify(StoreReader(path)).empty());
  {
    auto row = hdf5::File::open_write(path).open_dataset("realizations/row");
    std::vector<double> value(1);
    row.read({1, 0, 2}, {1, 1, 1}, std::span(value));
    reinterpret_cast<unsigned char*>(value.data())[3] ^= 1;
    row.write({1, 0, 2}, {1, 1, 1}, std::span<double const>(value));
  }
  auto const damaged = damaged_rows(StoreReader(path));
  CHECK(damaged == std::vector<std::uint64_t>{3});
  CHECK(verify(StoreReader(path)) ==
        std::vector<std::string>{"task 3 (x = 2, realization 0): its values do not have the stored checksum"});
  reopen_tasks(path, damaged);
  CHECK(StoreReader(path).states()[3] == TaskState::open);
  CHECK(StoreReader(path).states()[4] == TaskState::done);
}

TEST_CASE("units and dimensions agree with each other") {
  Sound const store;
  CHECK(store.lines().empty());
  store.dataset("realizations/total").set_attribute("units", "mV");
  CHECK(store.lines() == Lines{"summary/total_mean has the unit '1', but realizations/total has the unit 'mV'",
                               "summary/total_stderr has the unit '1', but realizations/total has the unit 'mV'"});
  store.dataset("realizations/total").set_attribute("units", "1");
  store.dataset("realizations/x").set_attribute("units", "");
  store.dataset("summary/total_count").set_attribute("units", "1");
  store.dataset("realizations/seconds").set_attribute("units", std::vector<double>{1});
  CHECK(store.lines() == Lines{"summary/x has the unit '1', but realizations/x has no unit",
                               "realizations/seconds cannot be read: attribute units is not a text of variable length",
                               "summary/total_count has the unit '1', but must have no unit"});
  store.dataset("realizations/x").set_attribute("units", "1");
  store.dataset("realizations/seconds").set_attribute("units", "s");
  store.dataset("summary/total_count").remove_attribute("units");
  CHECK(store.lines().empty());
  // two axes of one length: their shapes do not tell them apart
  store.dataset("summary/on_grid_mean").attach_scale(1, store.dataset("realizations/grid_point"));
  CHECK(store.lines() == Lines{"summary/on_grid_mean has the dimensions x, grid_point+/realizations/grid_point, but "
                               "must have x, grid_point"});
  store.dataset("realizations/row").attach_scale(2, store.dataset("realizations/grid_point"));
  CHECK(store.lines() == Lines{store.path + " is damaged: realizations/row has the dimensions x, realization, "
                                            "i+grid_point, but every dimension must have one scale of its own group"});
}

TEST_CASE("coordinates are those of the job that is stored beside them, and the same in both groups") {
  Sound const store;
  store.put("realizations/x", {1}, 3.0);
  CHECK(store.lines() == Lines{"summary/x has other values than realizations/x"});
  store.put("summary/x", {1}, 3.0);
  auto const lines = store.lines();
  CHECK(std::ranges::count(lines, "x is 1, 3, but 1, 2 in the job") == 1);
  store.put("realizations/x", {1}, 2.0);
  store.put("summary/x", {1}, 2.0);
  store.put("realizations/realization", {2}, std::int64_t{4});
  CHECK(store.lines().front() == "realizations is 0:1, 4:4, but 3 in the job");
  store.put("realizations/realization", {2}, std::int64_t{2});
  store.put("summary/grid_point", {1}, 2.5);
  CHECK(store.lines() == Lines{"summary/grid_point has other values than realizations/grid_point"});
}

TEST_CASE("a row at the place of another one is found, although its numbers are whole") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const plan(example::job(experiments, {"x=1,2", "realizations=3", "N=2"}));
  create_store(path, plan, {});
  auto writer = StoreWriter::open_serial(path, plan);
  for (std::uint64_t task = 0; task < plan.tasks(); ++task) writer.write_done(task, {row(plan, task)});
  CHECK(verify(StoreReader(path)).empty());
  auto const wrong = std::string(": its values do not have the stored checksum");
  writer.write_done(1, {row(plan, 2)});
  CHECK(verify(StoreReader(path)) == Lines{"task 1 (x = 1, realization 1)" + wrong});
  writer.write_done(1, {row(plan, 1)});
  writer.write_done(3, {row(plan, 0)});
  CHECK(verify(StoreReader(path)) == Lines{"task 3 (x = 2, realization 0)" + wrong});
}

TEST_CASE("a done row has the time it took and the rank that wrote it, or it is computed anew") {
  Sound const store;
  store.put("realizations/seconds", {0, 1}, -0.5);
  store.put("realizations/seconds", {0, 2}, std::numeric_limits<double>::infinity());
  store.put("realizations/rank", {1, 0}, std::int32_t{-1});
  store.put("realizations/seconds", {1, 2}, -1.0);  // it is open
  CHECK(store.lines() ==
        Lines{"task 1 (x = 1, realization 1): it is done, but its seconds are -0.5, not a number from 0 on",
              "task 2 (x = 1, realization 2): it is done, but its seconds are inf, not a number from 0 on",
              "task 3 (x = 2, realization 0): it is done, but its rank is -1"});
  CHECK(damaged_rows(StoreReader(store.path)) == std::vector<std::uint64_t>{1, 2, 3});
  store.put("realizations/seconds", {0, 1}, 0.0);
  CHECK(damaged_rows(StoreReader(store.path)) == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("each failed row has one message, and each message its failed row") {
  auto const lines = [](std::vector<std::int64_t> const& tasks, bool empty = false) {
    Sound const store;
    for (std::uint64_t slot = 0; slot < tasks.size(); ++slot) store.put("failures/task", {slot}, tasks[slot]);
    if (empty) store.dataset("failures/message").write_text(0, "");
    return store.lines();
  };
  auto const failed = std::string("task 4 (x = 2, realization 1): ");
  CHECK(lines({4}).empty());
  CHECK(lines({-1, 4}) == Lines{failed + "it failed, but failures/message[1] is empty"});
  CHECK(lines({4}, true) == Lines{failed + "it failed, but failures/message[0] is empty"});
  CHECK(lines({-1}) == Lines{failed + "it failed, but has no place in /failures"});
  CHECK(lines({4, 4}) == Lines{failed + "failures/task[1] names it a second time"});
  CHECK(lines({4, 5}) == Lines{"task 5 (x = 2, realization 2): failures/task[1] names it, but it did not fail"});
  CHECK(lines({4, -1, 0}) == Lines{"task 0 (x = 1, realization 0): failures/task[2] names it, but it did not fail"});
  CHECK(lines({4, 6}) == Lines{"failures/task[1] is 6, but tasks are 0 to 5, and -1 for none"});
  CHECK(lines({4, -7}) == Lines{"failures/task[1] is -7, but tasks are 0 to 5, and -1 for none"});
  // a kill may come between the message and the flag
  Sound const store;
  store.put("failures/task", {0}, std::int64_t{5});
  mark_writing(store.path, true);
  CHECK(store.lines().empty());
}

TEST_CASE("a row of another job is found, although it stands at its own place") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const plan(example::job(experiments, {"x=1,2", "realizations=3", "N=2"}));
  create_store(path, plan, {});
  {
    auto writer = StoreWriter::open_serial(path, plan);
    for (std::uint64_t task = 0; task < plan.tasks(); ++task) writer.write_done(task, {row(plan, task)});
  }
  auto const edited = [&](auto const& edit) {
    auto const copy = folder.file("copy.h5");
    std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
    {
      auto file = hdf5::File::open_write(copy);
      edit(file);
    }
    return verify(StoreReader(copy));
  };
  auto const replaced = [](hdf5::File& file, std::string const& from, std::string const& to) {
    auto text = file.text_attribute("job");
    text.replace(text.find(from), from.size(), to);
    file.set_attribute("job", text);
  };
  CHECK(edited([](auto&) {}).empty());
  auto const none =
      std::string("none of its 6 done rows has its checksum: they are not those of the job that is stored beside them");
  auto const itself = std::string("the store itself has other attributes than it was created with");
  // the attribute and the text agree, so only the rows contradict them
  CHECK(edited([&](auto& file) {
          replaced(file, "seed = 1", "seed = 2");
          file.set_attribute("seed", std::vector<std::int64_t>{2});
        }) == Lines{itself, none});
  CHECK(edited([&](auto& file) {
          replaced(file, "experiment = example", "experiment = exempla");
          file.set_attribute("experiment", "exempla");
        }) == Lines{itself, none});
  CHECK(edited([&](auto& file) { replaced(file, "word = some", "word = same"); }) == Lines{itself, none});
  CHECK(edited([&](auto& file) { replaced(file, "N = 2", "N = 3"); }) == Lines{itself, none});
  CHECK(edited([&](auto& file) { file.set_attribute("seed", std::vector<std::int64_t>{2}); }) ==
        Lines{"seed is 2, but 1 in the job", itself});
}

TEST_CASE("every attribute is covered: of arrays, groups and the store itself") {
  auto const found = [](std::string const& path, std::string const& attribute, auto const& value) {
    Sound const store;
    {
      auto file = hdf5::File::open_write(store.path);
      if (path == ".") file.set_attribute(attribute, value);
      else if (file.has_dataset(path)) file.open_dataset(path).set_attribute(attribute, value);
      else file.open_group(path).set_attribute(attribute, value);
    }
    return store.lines();
  };
  auto const array = std::string(" has other attributes, type, shape or coordinates than it was created with");
  CHECK(found("realizations/total", "long_name", std::string("b scalar")) == Lines{"realizations/total" + array});
  CHECK(found("summary/total_stderr", "_FillValue", std::vector<double>{0}) == Lines{"summary/total_stderr" + array});
  CHECK(found("realizations/done", "flag_meanings", std::string("open gone failed")) ==
        Lines{"realizations/done" + array});
  CHECK(found("failures/message", "_Encoding", std::string("utf-9")) == Lines{"failures/message" + array});
  CHECK(found("metadata_checksum", "long_name", std::string("none")) == Lines{"metadata_checksum" + array});
  CHECK(found("summary", "more", std::string("none")) ==
        Lines{"summary has other attributes than it was created with"});
  CHECK(found(".", "source", std::string("somebody")) ==
        Lines{"the store itself has other attributes than it was created with"});
  // the values of coordinates, where both groups agree
  Sound const store;
  store.put("realizations/grid_point", {1}, 2.5);
  store.put("summary/grid_point", {1}, 2.5);
  CHECK(store.lines() == Lines{"realizations/grid_point" + array, "summary/grid_point" + array});
}

TEST_CASE("a store of layout 2 is verified by its own rule: its rows do not know their job") {
  Sound const store;
  auto const relabelled = [&] {
    auto file = hdf5::File::open_write(store.path);
    file.set_attribute("layout", std::vector<std::int64_t>{2});
    auto writer = StoreWriter::open_serial(store.path, store.plan);
    for (std::uint64_t const task : {0, 1, 2, 3}) writer.write_done(task, {row(store.plan, task, 0.5, 0)});
  };
  relabelled();
  CHECK(store.lines().empty());
  store.put("realizations/total", {0, 1}, 7.0);
  CHECK(store.lines() == Lines{"task 1 (x = 1, realization 1): its values do not have the stored checksum"});
}

}  // namespace hypnos::verify_test

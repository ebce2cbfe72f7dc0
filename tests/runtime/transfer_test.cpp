#include "hypnos/runtime/transfer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "hypnos/runtime/store.hpp"
#include "hypnos/runtime/verify.hpp"
#include "store_fixture.hpp"

namespace hypnos::transfer_test {

using namespace hypnos::fixture;
namespace fs = std::filesystem;

namespace {

auto const experiments = example::catalogue();

}  // namespace

TEST_CASE("an extended store keeps its rows, and has room for the new ones") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const old(example::job(experiments, {"x=1,2", "realizations=2", "N=2"}));
  Plan const grown(example::job(experiments, {"x=2,3,1", "realizations=3", "N=4,2", "word=some,more"}));
  create_store(path, old, {});
  {
    auto writer = StoreWriter::open_serial(path, old);
    for (std::uint64_t task = 0; task < 3; ++task) writer.write_done(task, {row(old, task, 0.5, 7)});
  }
  require_extension(StoreReader(path), old, grown);
  extend_store(path, old, grown, {});
  StoreReader const store(path);
  CHECK(verify(store).empty());
  auto const states = store.states();
  CHECK(std::ranges::count(states, TaskState::done) == 3);
  auto const totals = store.file().open_dataset("realizations/total").read<double>();
  auto const ranks = store.file().open_dataset("realizations/rank").read<std::int32_t>();
  for (std::uint64_t task = 0; task < grown.tasks(); ++task) {
    auto const at = grown.position(task);  // x, N, word, realization
    bool const was_there = at[1] == 1 && at[2] == 0 && ((at[0] == 2 && at[3] < 2) || (at[0] == 0 && at[3] == 0));
    CHECK((states[task] == TaskState::done) == was_there);
    if (!was_there) continue;
    CHECK(totals[task] == (at[0] == 2 ? 100 : 200) + static_cast<double>(at[3]));
    CHECK(ranks[task] == 7);
  }
}

TEST_CASE("what is not an extension is refused with the reason") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const old(example::job(experiments, {"x=1,2", "realizations=3"}));
  create_store(path, old, {});
  auto const reason = [&](std::vector<std::string> const& words) {
    auto text = message([&] { require_extension(StoreReader(path), old, Plan(example::job(experiments, words))); });
    auto const begin = text.find("job: "), end = text.find(';');
    return begin == text.npos ? text : text.substr(begin + 5, end - begin - 5);
  };
  CHECK(reason({"x=1,2,3", "realizations=9"}) == "accepted");
  CHECK(reason({"x=1,3", "realizations=3"}) == "the job lacks x = 2");
  CHECK(reason({"x=1,2", "realizations=2"}) == "it has realizations 3, the job 2");
  CHECK(reason({"x=1,2", "realizations=3", "seed=2"}) == "its seed is 1, not 2");
  CHECK(reason({"x=1,2", "realizations=3", "word=other"}) == "the job lacks word = some");
}

TEST_CASE("stores of one job with different realizations unite to the store of them all") {
  Folder const folder;
  auto const part = [&](std::string const& name, std::string const& realizations, std::string const& x = "x=1,2") {
    Plan const plan(example::job(experiments, {x, "realizations=" + realizations}));
    create_store(folder.file(name), plan, {});
    auto writer = StoreWriter::open_serial(folder.file(name), plan);
    for (std::uint64_t task = 0; task < plan.tasks(); ++task) writer.write_done(task, {row(plan, task, 1, 0)});
    return folder.file(name);
  };
  auto const a = part("a.h5", "2:3"), b = part("b.h5", "2"), c = part("c.h5", "7:7");
  merge_stores({a, b, c}, folder.file("all.h5"), {});
  StoreReader const store(folder.file("all.h5"));
  auto const all = store.description();
  CHECK(format_realizations(all.realization_numbers()) == "0:3, 7:7");
  CHECK(all.texts().job == example::job(experiments, {"x=1,2", "realizations=0:3, 7:7"}).text());
  CHECK(verify(store).empty());
  auto const totals = store.file().open_dataset("realizations/total").read<double>();
  CHECK(totals == std::vector<double>{100, 101, 102, 103, 107, 200, 201, 202, 203, 207});
  auto const merge = [&](std::vector<std::string> const& parts, std::string const& name) {
    return message([&] { merge_stores(parts, folder.file(name), {}); });
  };
  CHECK(merge({a, part("d.h5", "3:4")}, "x.h5").find("has realizations 3:3 in common") != std::string::npos);
  CHECK(merge({a, part("e.h5", "5:6", "x=1,3")}, "x.h5").find("is of another job than") != std::string::npos);
  CHECK(merge({a, b}, "all.h5").find("exists; choose another place") != std::string::npos);
}

TEST_CASE("what a kill left beside a store goes, and a store that cannot be made leaves nothing") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const old(example::job(experiments, {"x=1,2", "realizations=2"}));
  Plan const grown(example::job(experiments, {"x=1,2", "realizations=3"}));
  auto const leave = [&] {
    for (auto const* end : {".tmp", ".growing", ".growing.tmp"}) std::ofstream(path + end) << "half a store";
  };
  auto const names = [&] {
    std::vector<std::string> found;
    for (auto const& entry : fs::directory_iterator(folder.path)) found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
  };
  using Names = std::vector<std::string>;
  leave();
  create_store(path, old, {});
  CHECK(names() == Names{"x.h5"});
  leave();
  mark_writing(path, true);
  CHECK(names() == Names{"x.h5"});
  leave();
  extend_store(path, old, grown, {});
  CHECK(names() == Names{"x.h5"});
  CHECK(verify(StoreReader(path)).empty());

  {
    auto file = hdf5::File::open_write(path);
    file.open_dataset("realizations/checksum").set_attribute("observables", "total gone");
  }
  leave();
  CHECK_THROWS_AS(extend_store(path, grown, Plan(example::job(experiments, {"x=1,2", "realizations=9"})), {}),
                  BadInput);
  CHECK(names() == Names{"x.h5"});
  std::ofstream(folder.file("no store.h5")) << "no HDF5";
  auto const to = folder.file("y.h5");
  CHECK_THROWS_AS(merge_stores({path, folder.file("no store.h5")}, to, {}), BadInput);
  CHECK(names() == Names{"no store.h5", "x.h5"});
}

namespace {

// All arrays of a store but those that differ from run to run.
std::vector<double> numbers(std::string const& path) {
  std::vector<double> all;
  auto const file = hdf5::File::open_read(path);
  for (auto const* name : {"realization", "x", "done", "checksum", "total", "row", "on_grid"})
    for (double const value : file.open_dataset(std::string("realizations/") + name).read<double>())
      all.push_back(std::isnan(value) ? -1 : value);
  return all;
}

}  // namespace

TEST_CASE("rows of realizations with gaps go to their places when a store is extended or merged") {
  Folder const folder;
  auto const filled = [&](std::string const& name, std::string const& realizations) {
    Plan const plan(example::job(experiments, {"x=1,2", "N=2", "realizations=" + realizations}));
    create_store(folder.file(name), plan, {});
    auto writer = StoreWriter::open_serial(folder.file(name), plan);
    for (std::uint64_t task = 0; task < plan.tasks(); ++task) writer.write_done(task, {row(plan, task)});
    return plan;
  };
  auto const fill_up = [&](std::string const& name, Plan const& plan) {
    auto writer = StoreWriter::open_serial(folder.file(name), plan);
    auto const states = StoreReader(folder.file(name)).states();
    for (std::uint64_t task = 0; task < plan.tasks(); ++task)
      if (states[task] == TaskState::open) writer.write_done(task, {row(plan, task)});
  };
  auto const whole = filled("whole.h5", "7");
  auto const gaps = filled("gaps.h5", "0:1, 4:5");
  extend_store(folder.file("gaps.h5"), gaps, whole, {});
  CHECK(verify(StoreReader(folder.file("gaps.h5"))).empty());
  auto const states = StoreReader(folder.file("gaps.h5")).states();
  for (std::uint64_t task = 0; task < whole.tasks(); ++task) {
    auto const k = whole.realization(task);
    CHECK((states[task] == TaskState::done) == (k < 2 || k == 4 || k == 5));
  }
  fill_up("gaps.h5", whole);
  CHECK(numbers(folder.file("gaps.h5")) == numbers(folder.file("whole.h5")));

  filled("a.h5", "0:1, 4:5");
  filled("b.h5", "2:3, 6:6");
  for (auto const& parts : {std::vector{"a.h5", "b.h5"}, std::vector{"b.h5", "a.h5"}}) {
    fs::remove(folder.file("merged.h5"));
    merge_stores({folder.file(parts[0]), folder.file(parts[1])}, folder.file("merged.h5"), {});
    CHECK(verify(StoreReader(folder.file("merged.h5"))).empty());
    CHECK(numbers(folder.file("merged.h5")) == numbers(folder.file("whole.h5")));
  }
}

TEST_CASE("stores of one job with other observables, units or axes are not merged") {
  Folder const folder;
  auto const part = [&](std::string const& name, std::string const& realizations, auto const& change) {
    auto changed = example::catalogue();
    change(changed.front());
    create_store(folder.file(name), Plan(example::job(changed, {"realizations=" + realizations})), {});
    return folder.file(name);
  };
  auto const a = part("a.h5", "2", [](Experiment&) {});
  int number = 2;
  auto const difference = [&](auto const& change) {
    auto const b = part(std::to_string(number) + ".h5", std::to_string(number) + ":" + std::to_string(number), change);
    ++number;
    auto const text = message([&] { merge_stores({a, b}, folder.file("x" + std::to_string(number) + ".h5"), {}); });
    return text.substr(text.find(": ") == text.npos ? 0 : text.find(": ") + 2);
  };
  CHECK(difference([](Experiment&) {}) == "accepted");
  CHECK(difference([](Experiment& e) { e.observables[1].name = "line"; }) == "the observable row");
  CHECK(difference([](Experiment& e) { e.observables[1].unit = "s"; }) == "the observable row");
  // added since: the merged store has what both have
  CHECK(difference([](Experiment& e) { e.observables.push_back({"more", {}, "1", "more"}); }) == "accepted");
  CHECK_FALSE(StoreReader(folder.file("x" + std::to_string(number) + ".h5")).file().has_dataset("realizations/more"));
  CHECK(difference([](Experiment& e) {
          e.coordinates = [](Point const&, std::size_t k) { return std::vector<double>(k == 0 ? 3 : 2, 0.5); };
        }) == "the axis i");
  // another order of observables is none
  CHECK(difference([](Experiment& e) { std::swap(e.observables[0], e.observables[2]); }) == "accepted");
  // a parameter added since has its default in a part that does not name it
  auto grown = example::catalogue();
  grown.front().parameters.push_back({"added", Kind::integer, "", {}, {}, "added since", std::int64_t{3}});
  auto const part_with = [&](std::string const& name, std::string const& realization, std::string const& value) {
    create_store(folder.file(name), Plan(example::job(grown, {"realizations=" + realization, "added=" + value})), {});
    return folder.file(name);
  };
  auto const preset = part_with("preset.h5", "60:60", "3"), another = part_with("another.h5", "61:61", "4");
  auto const merged = [&](std::vector<std::string> const& parts, std::string const& name) {
    return message([&] { merge_stores(parts, folder.file(name), {}, grown); });
  };
  CHECK(merged({a, preset}, "older-first.h5") == "accepted");
  CHECK(merged({preset, a}, "older-last.h5") == "accepted");
  CHECK(merged({a, another}, "other-value.h5").find("added: 3 in " + a + ", 4 in " + another) != std::string::npos);
  CHECK(message([&] {
          merge_stores({a, preset}, folder.file("no-catalogue.h5"), {});
        }).find("(absent)") != std::string::npos);
  // flags as hypnos 0.1 wrote them
  auto const with_flag = [](std::int64_t as_number) {
    return [as_number](Experiment& e) {
      if (as_number) e.parameters.push_back({"sure", Kind::integer, "", {}, {}, "a flag", std::int64_t{1}});
      else e.parameters.push_back({"sure", Kind::flag, "", {}, {}, "a flag", true});
    };
  };
  auto const old = part("old.h5", "50:50", with_flag(1)), now = part("now.h5", "51:51", with_flag(0));
  CHECK(message([&] { merge_stores({old, now}, folder.file("flags.h5"), {}); }) == "accepted");
}

}  // namespace hypnos::transfer_test

#include "hypnos/runtime/transfer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "hypnos/runtime/store.hpp"
#include "hypnos/runtime/verify.hpp"
#include "store_fixture.hpp"

using namespace hypnos;
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
    for (std::uint64_t task = 0; task < 3; ++task) writer.write_done(task, {{computed(old, task), 0.5, 7}});
  }
  require_extension(StoreReader(path), old, grown);
  extend_store(path, old, grown, {});
  StoreReader const store(path);
  CHECK(verify(store, grown).empty());
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
    for (std::uint64_t task = 0; task < plan.tasks(); ++task) writer.write_done(task, {{computed(plan, task), 1, 0}});
    return folder.file(name);
  };
  auto const a = part("a.h5", "2:3"), b = part("b.h5", "2"), c = part("c.h5", "7:7");
  auto const all = merge_stores({a, b, c}, folder.file("all.h5"), experiments, {});
  CHECK(format_realizations(all.job().realizations) == "0:3, 7:7");
  StoreReader const store(folder.file("all.h5"));
  CHECK(verify(store, all).empty());
  auto const totals = store.file().open_dataset("realizations/total").read<double>();
  CHECK(totals == std::vector<double>{100, 101, 102, 103, 107, 200, 201, 202, 203, 207});
  auto const merge = [&](std::vector<std::string> const& parts, std::string const& name) {
    return message([&] { merge_stores(parts, folder.file(name), experiments, {}); });
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
  CHECK(verify(StoreReader(path), grown).empty());

  // read by the plan of another job, it lacks what it should give
  Plan const other(example::job(experiments, {"x=1,2", "realizations=9"}));
  leave();
  CHECK_THROWS_AS(extend_store(path, other, other, {}), hdf5::Error);
  CHECK(names() == Names{"x.h5"});
  CHECK(verify(StoreReader(path), grown).empty());
  std::ofstream(folder.file("no store.h5")) << "no HDF5";
  auto const to = folder.file("y.h5");
  CHECK_THROWS_AS(merge_stores({path, folder.file("no store.h5")}, to, experiments, {}), BadInput);
  CHECK(names() == Names{"no store.h5", "x.h5"});
}

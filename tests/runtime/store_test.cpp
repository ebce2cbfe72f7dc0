#include "hypnos/runtime/store.hpp"

#include <doctest/doctest.h>
#include <mpi.h>
#include <unistd.h>

#include <boost/crc.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>

#include "example.hpp"
#include "hypnos/runtime/checkpoint_file.hpp"
#include "hypnos/runtime/lock.hpp"
#include "hypnos/runtime/summary.hpp"
#include "hypnos/runtime/transfer.hpp"
#include "hypnos/runtime/verify.hpp"

using namespace hypnos;
namespace fs = std::filesystem;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
auto const experiments = example::catalogue();

// A store is written through MPI-IO; one process without mpirun is a world of one.
void begin_mpi() {
  struct Session {
    Session() {
      int provided = 0;
      MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided);
    }
    ~Session() { MPI_Finalize(); }
  };
  static Session const session;
}

struct Folder {
  fs::path path = fs::temp_directory_path() / ("hypnos_store_" + std::to_string(::getpid()));
  Folder() { fs::create_directory(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(std::string const& name) const { return (path / name).string(); }
};

std::vector<Block> computed(Plan const& plan, std::uint64_t task) {
  Alone team;
  NoKeeper keeper;
  Realization realization(plan.job().seed, plan.realization(task), team, keeper);
  return plan.experiment().run(plan.point(task), realization);
}

std::string message(auto const& action) {
  try {
    action();
  } catch (BadInput const& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a store keeps rows, flags and checksums, and its summary is their mean and standard error") {
  begin_mpi();
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const plan(example::job(experiments, {"x=1,2", "N=2,4", "realizations=3"}));
  create_store(path, plan, {{"version", "test"}});
  CHECK_FALSE(fs::exists(path + ".tmp"));
  {
    auto writer = StoreWriter::open_parallel(path, plan);
    for (std::uint64_t task = 0; task < plan.tasks(); ++task) {
      if (task == 4) writer.write_failed(task, 0, "it rained", 0.5, 0);
      else if (task != 7) writer.write_done(task, {{computed(plan, task), 0.25, 0}});
    }
  }
  auto opened = std::make_unique<StoreReader>(path);
  auto const& store = *opened;
  auto const states = store.states();
  CHECK(states[0] == TaskState::done);
  CHECK(states[4] == TaskState::failed);
  CHECK(states[7] == TaskState::open);
  CHECK(store.job_text() == plan.job().text());
  CHECK(store.file().open_dataset("failures/message").read_texts()[0] == "it rained");
  CHECK(store.file().open_dataset("failures/task").read<std::int64_t>()[0] == 4);

  auto const totals = store.file().open_dataset("realizations/total").read<double>();
  auto const rows = store.file().open_dataset("realizations/row").read<double>();
  auto const grids = store.file().open_dataset("realizations/on_grid").read<double>();
  auto const checksums = store.file().open_dataset("realizations/checksum").read<std::uint32_t>();
  for (std::size_t task = 0; task < plan.tasks(); ++task) {
    if (states[task] != TaskState::done) {
      CHECK(std::isnan(totals[task]));
      continue;
    }
    double const x = task < 6 ? 1 : 2;
    std::size_t const N = task / 3 % 2 == 0 ? 2 : 4;
    CHECK(totals[task] == 100 * x + static_cast<double>(task % 3));
    for (std::size_t i = 0; i < 4; ++i) {
      if (i < N) CHECK(rows[task * 4 + i] == totals[task] + static_cast<double>(i));
      else CHECK(std::isnan(rows[task * 4 + i]));
    }
    boost::crc_32_type crc;
    crc.process_bytes(&totals[task], 8);
    crc.process_bytes(&rows[task * 4], 32);
    crc.process_bytes(&grids[task * 2], 16);
    CHECK(checksums[task] == crc.checksum());
  }

  CHECK(summarized_rows(store) == 0);
  opened.reset();
  reduce_store(path, plan);
  auto reopened = std::make_unique<StoreReader>(path);
  auto const& reduced = *reopened;
  CHECK(summarized_rows(reduced) == 10);
  auto const summary = read_summary(reduced, "total");
  CHECK(summary.count == std::vector<std::int64_t>{3, 2, 2, 3});
  CHECK(summary.mean == std::vector<double>{101, 101, 201, 201});
  // 100, 101, 102 have variance 1; 100 and 102 have variance 2 and two values
  CHECK(summary.stderr_of_mean[0] == doctest::Approx(std::sqrt(1.0 / 3)).epsilon(1e-15));
  CHECK(summary.stderr_of_mean[1] == doctest::Approx(1).epsilon(1e-15));
  auto const padded = read_summary(reduced, "row");
  CHECK(padded.count[2] == 0);
  CHECK(std::isnan(padded.mean[2]));

  reopened.reset();
  reopen_failed_tasks(path);
  CHECK(StoreReader(path).states()[4] == TaskState::open);
  CHECK(StoreReader(path).states()[0] == TaskState::done);
}

TEST_CASE("a NaN is stored with the same bits whatever its sign") {
  begin_mpi();
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const plan(example::job(experiments, {}));
  create_store(path, plan, {});
  auto blocks = computed(plan, 0);
  blocks[0].values[0] = -not_a_number;
  StoreWriter::open_serial(path, plan).write_done(0, {{blocks, 1, 0}});
  auto const stored = StoreReader(path).file().open_dataset("realizations/total").read<double>()[0];
  CHECK(std::memcmp(&stored, &not_a_number, sizeof not_a_number) == 0);
}

TEST_CASE("a block that does not fit its axes is a fault of the experiment, and nothing is written") {
  begin_mpi();
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const plan(example::job(experiments, {}));
  create_store(path, plan, {});
  auto blocks = computed(plan, 0);
  blocks[1] = {{4}, {1, 2, 3, 4}};
  auto writer = StoreWriter::open_parallel(path, plan);
  CHECK_THROWS_AS(writer.write_done(0, {{blocks, 1, 0}}), std::logic_error);
  CHECK(StoreReader(path).states()[0] == TaskState::open);
}

TEST_CASE("what is not a store of this layout is refused") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  CHECK(message([&] { StoreReader store(path); }) ==
        "there is no file " + path + "; `hypnos run JOB -o FILE` makes one");
  std::ofstream(path) << "no HDF5";
  CHECK(message([&] {
          StoreReader store(path);
        }).starts_with(path + " cannot be read as HDF5, it is foreign or damaged"));
  hdf5::File::create(path);
  CHECK(message([&] { StoreReader store(path); }) == path + " is an HDF5 file, but not a store of hypnos");
  create_store(path, Plan(example::job(experiments, {})), {});
  CHECK(message([&] { StoreReader store(path); }) == "accepted");
  fs::resize_file(path, fs::file_size(path) - 1000);
  CHECK(message([&] {
          StoreReader store(path);
        }).starts_with(path + " cannot be read as HDF5, it is foreign or damaged"));
  create_store(path, Plan(example::job(experiments, {})), {});
  hdf5::File::open_write(path).set_attribute("layout", std::vector<std::int64_t>{99});
  CHECK(message([&] { StoreReader store(path); }) == path +
                                                         " has layout version 99, but this program writes version 1; "
                                                         "use the version of hypnos named in its attributes");
}

TEST_CASE("a flipped bit in a row is found by its checksum, and the row alone is opened again") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  Plan const plan(example::job(experiments, {"x=1,2", "realizations=3"}));
  create_store(path, plan, {});
  {
    auto writer = StoreWriter::open_serial(path, plan);
    for (std::uint64_t task : {0, 3})
      writer.write_done(task, {{computed(plan, task), 1, 0}, {computed(plan, task + 1), 1, 0}});
  }
  CHECK(damaged_rows(StoreReader(path), plan).empty());
  CHECK(verify(StoreReader(path), plan).empty());
  {
    auto row = hdf5::File::open_write(path).open_dataset("realizations/row");
    std::vector<double> value(1);
    row.read({1, 0, 2}, {1, 1, 1}, std::span(value));
    reinterpret_cast<unsigned char*>(value.data())[3] ^= 1;
    row.write({1, 0, 2}, {1, 1, 1}, std::span<double const>(value));
  }
  auto const damaged = damaged_rows(StoreReader(path), plan);
  CHECK(damaged == std::vector<std::uint64_t>{3});
  CHECK(verify(StoreReader(path), plan) ==
        std::vector<std::string>{"task 3 (x = 2, realization 0): its values do not have the stored checksum"});
  reopen_tasks(path, damaged);
  CHECK(StoreReader(path).states()[3] == TaskState::open);
  CHECK(StoreReader(path).states()[4] == TaskState::done);
}

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
  CHECK_FALSE(CheckpointFile(store, job_checksum("another job"), 3).read().has_value());
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

TEST_CASE("a lock keeps a second writer out, unless its owner is dead") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  {
    Lock const lock(path);
    CHECK(message([&] { Lock second(path); }).find("is being written by process " + std::to_string(::getpid())) !=
          std::string::npos);
  }
  CHECK_FALSE(fs::exists(path + ".lock"));
  std::string host(256, '\0');
  ::gethostname(host.data(), host.size());
  // no process has a number beyond the kernel's largest, 2^22
  std::ofstream(path + ".lock") << host.c_str() << " 99999999 1\n";
  CHECK(message([&] { Lock second(path); }) == "accepted");
  // this process, but begun at another time: its number was given away again
  std::ofstream(path + ".lock") << host.c_str() << ' ' << ::getpid() << " 12\n";
  CHECK(message([&] { Lock second(path); }) == "accepted");
  // nothing in it: just made, or left so by a loss of power
  std::ofstream(path + ".lock") << "";
  CHECK(message([&] { Lock second(path); }).find("at this moment") != std::string::npos);
  fs::last_write_time(path + ".lock", fs::file_time_type::clock::now() - std::chrono::seconds(15));
  CHECK(message([&] { Lock second(path); }) == "accepted");
  std::ofstream(path + ".lock") << "elsewhere 1 1\n";
  CHECK(message([&] { Lock second(path); }).find("on elsewhere") != std::string::npos);
  fs::last_write_time(path + ".lock", fs::file_time_type::clock::now() - std::chrono::minutes(6));
  CHECK(message([&] { Lock second(path); }) == "accepted");
  for (auto const& entry : fs::directory_iterator(folder.path)) CHECK(entry.path().filename() == "nothing is left");
}

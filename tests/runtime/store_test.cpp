#include "hypnos/runtime/store.hpp"

#include <doctest/doctest.h>
#include <mpi.h>

#include <boost/crc.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>

#include "hypnos/runtime/summary.hpp"
#include "store_fixture.hpp"

using namespace hypnos;
using namespace hypnos::fixture;
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

#include "hypnos/runtime/store.hpp"

#include <doctest/doctest.h>

#include <boost/crc.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <tuple>

#include "hypnos/runtime/summary.hpp"
#include "store_fixture.hpp"

namespace hypnos::store_test {

using namespace hypnos::fixture;
namespace fs = std::filesystem;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
auto const experiments = example::catalogue();

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
      else if (task != 7) writer.write_done(task, {row(plan, task, 0.25, 0)});
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
    // the lines of the job that all rows share, the values of the sweep, the number of the realization, the observables
    boost::crc_32_type crc;
    std::string const shared = "experiment = example\nseed = 1\nword = some\ngrid = 1, 2\n";
    crc.process_bytes(shared.data(), shared.size());
    auto const neurons = static_cast<std::int64_t>(N), realization = static_cast<std::int64_t>(task % 3);
    crc.process_bytes(&x, 8);
    crc.process_bytes(&neurons, 8);
    crc.process_bytes(&realization, 8);
    crc.process_bytes(&totals[task], 8);
    crc.process_bytes(&rows[task * 4], 32);
    crc.process_bytes(&grids[task * 2], 16);
    CHECK(checksums[task] == crc.checksum());
  }

  CHECK(summarized_rows(store) == 0);
  opened.reset();
  reduce_store(path);
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
  StoreWriter::open_serial(path, plan).write_done(0, {{blocks, 1, 0, plan.label(0)}});
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
  CHECK_THROWS_AS(writer.write_done(0, {{blocks, 1, 0, plan.label(0)}}), std::logic_error);
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
                                                         " has layout version 99, but this program reads versions 1 "
                                                         "to 3; use the version of hypnos named in its attributes");
}

namespace {

// The example with symbols, and a flag that it does not read.
std::vector<Experiment> labelled_catalogue() {
  auto labelled = example::catalogue();
  auto& experiment = labelled.front();
  experiment.parameters.push_back({"sure", Kind::flag, "", {}, {}, "a flag", false, R"(\sigma)"});
  experiment.parameters[0].symbol = "x_0";
  experiment.axes[1].symbol = R"(\gamma)";
  experiment.observables[0].symbol = R"(\Sigma)";
  return labelled;
}

bool same(Dimension const& one, Dimension const& other) {
  auto const all = [](Dimension const& d) {
    return std::tie(d.name, d.unit, d.description, d.coordinates, d.symbol, d.flag);
  };
  return all(one) == all(other);
}

}  // namespace

TEST_CASE("a store describes itself as the plan it was made by does") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  auto const labelled = labelled_catalogue();
  std::vector<std::vector<std::string>> const jobs{
      {},
      {"x=1,2", "realizations=4:5, 7:7"},
      {"x=0.5,2", "N=2,4", "word=p,q,r"},
      {"x=0.5,2", "word=p,q", "N=2,4,3", "together=x, word", "sure=true, false"},
      {"grid=", "N=4,5", "x=3,1", "sure=no,yes", "together=N, sure", "seed=7"},
  };
  for (auto const& words : jobs) {
    Plan const plan(example::job(labelled, words));
    create_store(path, plan, {});
    StoreReader const store(path);
    auto const description = store.description();
    CHECK(description.layout() == layout_version);
    CHECK(description.texts().experiment == "example");
    CHECK(description.texts().source == "nobody");
    CHECK(description.texts().job == plan.job().text());
    CHECK(description.texts().seed == plan.job().seed);
    CHECK(std::ranges::equal(description.sweep(), plan.sweep(), [](SweepAxis const& one, SweepAxis const& other) {
      return one.name == other.name && std::ranges::equal(one.members, other.members, same);
    }));
    CHECK(same(description.realization(), plan.realization()));
    CHECK(std::ranges::equal(description.axes(), plan.axes(), same));
    CHECK(std::ranges::equal(description.observables(), plan.observables(),
                             [](StoredObservable const& one, StoredObservable const& other) {
                               auto const all = [](StoredObservable const& o) {
                                 return std::tie(o.info.name, o.info.dims, o.info.unit, o.info.description,
                                                 o.info.symbol, o.extents, o.size);
                               };
                               return all(one) == all(other);
                             }));
    CHECK(description.tasks() == plan.tasks());
    CHECK(description.bytes() == plan.bytes());
    for (std::uint64_t task = 0; task < plan.tasks(); ++task) {
      CHECK(description.describe(task) == plan.describe(task));
      CHECK(description.label(task) == plan.label(task));
    }
  }
}

TEST_CASE("flags of a sweep are coordinates 0 and 1 whose meaning is written, and symbols stand beside units") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  auto const labelled = labelled_catalogue();
  Plan const plan(example::job(labelled, {"sure=true,false", "x=1,2"}));
  create_store(path, plan, {});
  StoreReader const store(path);
  for (auto const* group : {"realizations", "summary"}) {
    auto const of = [&](std::string const& name, std::string const& attribute) {
      auto const dataset = store.file().open_dataset(std::string(group) + '/' + name);
      return dataset.has_attribute(attribute) ? dataset.text_attribute(attribute) : "absent";
    };
    CHECK(store.file().open_dataset(std::string(group) + "/sure").read<std::int64_t>() ==
          std::vector<std::int64_t>{1, 0});
    CHECK(of("sure", "flag_meanings") == "false true");
    CHECK(of("sure", "symbol") == R"(\sigma)");
    CHECK(of("x", "symbol") == "x_0");
    CHECK(of("grid_point", "symbol") == R"(\gamma)");
    CHECK(of("i", "symbol") == "absent");
  }
  CHECK(store.file().open_dataset("realizations/total").text_attribute("symbol") == R"(\Sigma)");
  CHECK(store.file().open_dataset("summary/total_mean").text_attribute("symbol") == R"(\Sigma)");
  CHECK_FALSE(store.file().open_dataset("realizations/row").has_attribute("symbol"));
  CHECK(plan.describe(0) == "x = 1, sure = true, realization 0");
}

TEST_CASE("the label of a row holds the values of its sweep and its realization") {
  auto const bytes = [](auto number) { return std::string(reinterpret_cast<char const*>(&number), sizeof number); };
  CHECK(row_label({}, 3) == bytes(std::int64_t{3}));
  CHECK(row_label({0.5, std::int64_t{4}, std::string("word"), true}, 7) ==
        bytes(0.5) + bytes(std::int64_t{4}) + "word" + bytes(std::int64_t{1}) + bytes(std::int64_t{7}));
  // the same row of a job with any other values and realizations has the same label
  Plan const small(example::job(experiments, {"x=1,2", "word=p,q", "realizations=4:5"}));
  Plan const large(example::job(experiments, {"x=3,2,1", "word=q,o,p", "realizations=9"}));
  for (std::uint64_t task = 0; task < small.tasks(); ++task) {
    auto const point = large.find_point(small.point(task)).value();
    CHECK(small.label(task) == large.label(point * large.realizations() + small.realization(task)));
  }
}

TEST_CASE("arrays of a store that contradict each other are named") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  auto const after = [&](auto const& damage) {
    create_store(path, Plan(example::job(experiments, {"x=1,2", "realizations=2", "N=2"})), {});
    {
      auto file = hdf5::File::open_write(path);
      damage(file);
    }
    auto text = message([&] { StoreReader(path).description(); });
    return text.starts_with(path) ? text.substr(path.size()) : text;
  };
  CHECK(after([](auto&) {}) == "accepted");
  auto const checksum = [](hdf5::File& file) { return file.open_dataset("realizations/checksum"); };
  CHECK(after([&](auto& file) { checksum(file).set_attribute("observables", "total gone"); }) ==
        " is damaged: realizations/gone is missing");
  CHECK(after([&](auto& file) {
          checksum(file).set_attribute("observables", "total i");
        }).starts_with(" is damaged: realizations/i does not hold numbers of type float64"));
  CHECK(after([](auto& file) {
          auto row = file.open_dataset("realizations/row");
          row.attach_scale(2, file.open_dataset("realizations/grid_point"));
        }) ==
        " is damaged: realizations/row has the dimensions x, realization, i+grid_point, but every dimension must "
        "have one scale of its own group");
  CHECK(after([](auto& file) {
          auto group = file.open_group("realizations");
          auto extra = group.template create<double>("extra", {2, 2}, 0);
          extra.attach_scale(0, group.open_dataset("realization"));
          extra.attach_scale(1, group.open_dataset("x"));
          group.open_dataset("checksum").set_attribute("observables", "total extra");
        }) ==
        " is damaged: realizations/extra has the dimensions realization, x, but must begin with x, realization, of "
        "the same lengths as those of realizations/done");
}

TEST_CASE("slabs of any size cover all tasks once, each a block of every array") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  for (auto const& words : std::vector<std::vector<std::string>>{
           {},
           {"realizations=7"},
           {"x=1,2,3", "realizations=5"},
           {"x=1,2,3", "N=1,2,3,4,5", "word=p,q", "realizations=1"},
           {"x=1,2,3", "N=1,2,3,4,5", "word=p,q", "realizations=3"},
           {"x=1,2,3,4,5,6,7", "word=p,q", "together=", "realizations=4:5, 9:9"},
       }) {
    Plan const plan(example::job(experiments, words));
    create_store(path, plan, {});
    {
      auto writer = StoreWriter::open_serial(path, plan);
      for (std::uint64_t task = 0; task < plan.tasks(); ++task) writer.write_done(task, {row(plan, task)});
    }
    auto const file = hdf5::File::open_read(path);
    for (auto const* name : {"total", "row", "on_grid"}) {
      auto const dataset = file.open_dataset(std::string("realizations/") + name);
      auto const& observable = *plan.find_observable(name);
      auto const whole = dataset.read<double>();
      for (std::uint64_t most = 1; most <= plan.tasks() + 1; ++most) {
        std::vector<double> pieces;
        for (std::uint64_t task = 0; task < plan.tasks();) {
          auto const rows = rows_of_slab(plan, task, most);
          REQUIRE(rows >= 1);
          CHECK(rows <= most);
          auto const [offset, count] = slab(plan, task, rows, observable.extents);
          std::vector<double> values(rows * observable.size);
          dataset.read(offset, count, std::span(values));
          pieces.insert(pieces.end(), values.begin(), values.end());
          task += rows;
        }
        REQUIRE(pieces.size() == whole.size());
        CHECK(std::memcmp(pieces.data(), whole.data(), whole.size() * sizeof(double)) == 0);
      }
    }
    CHECK(rows_of_slab(plan, 0, plan.tasks()) == plan.tasks());
  }
}

TEST_CASE("a summary has the bits of adding the rows of each point one by one, and leaves out damaged rows") {
  Folder const folder;
  auto const path = folder.file("x.h5");
  // rows of 80 kB: a slab is a part of a point, a point, or several
  std::string grid = "0.001";
  for (int k = 2; k < 10000; ++k) grid += ", " + std::to_string(k * 0.0009);
  for (auto const* realizations : {"1", "30", "150"}) {
    Plan const plan(
        example::job(experiments, {"x=1,2.7", "N=2,3", "realizations=" + std::string(realizations), "grid=" + grid}));
    create_store(path, plan, {});
    auto const lost = plan.tasks() / 2, open = plan.tasks() / 3;
    {
      auto writer = StoreWriter::open_serial(path, plan);
      for (std::uint64_t task = 0; task < plan.tasks(); ++task)
        if (task != open || plan.realizations() == 1) {
          auto blocks = computed(plan, task);
          for (auto& block : blocks)
            for (auto& value : block.values) value = std::sin(value * 1e3 + static_cast<double>(task));
          writer.write_done(task, {{blocks, 1, 0, plan.label(task)}});
        }
    }
    if (plan.realizations() > 1) {
      auto total = hdf5::File::open_write(path).open_dataset("realizations/total");
      auto values = total.read<double>();
      values[lost] += 1;
      total.write(std::span<double const>(values));
    }
    CHECK(reduce_store(path) == (plan.realizations() > 1 ? 1 : 0));
    StoreReader const store(path);
    auto const states = store.states();
    for (auto const* name : {"total", "on_grid"}) {
      auto const size = plan.find_observable(name)->size;
      auto const rows = store.file().open_dataset(std::string("realizations/") + name).read<double>();
      auto const summary = read_summary(store, name);
      bool same = true;
      for (std::uint64_t at = 0; at < plan.points() * size; ++at) {
        double mean = 0, squares = 0;
        std::int64_t count = 0;
        for (std::uint64_t k = 0; k < plan.realizations(); ++k) {
          auto const task = at / size * plan.realizations() + k;
          if (states[task] != TaskState::done || (plan.realizations() > 1 && task == lost)) continue;
          double const value = rows[task * size + at % size], from_mean = value - mean;
          mean += from_mean / static_cast<double>(++count);
          squares += from_mean * (value - mean);
        }
        auto const n = static_cast<double>(count);
        auto const error = count > 1 ? std::sqrt(squares / (n - 1) / n) : not_a_number;
        if (count == 0) mean = not_a_number;
        same = same && std::memcmp(&mean, &summary.mean[at], sizeof mean) == 0 && count == summary.count[at] &&
               std::memcmp(&error, &summary.stderr_of_mean[at], sizeof error) == 0;
      }
      CHECK_MESSAGE(same, name, ", realizations=", realizations);
    }
  }
}

}  // namespace hypnos::store_test

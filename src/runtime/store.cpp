#include "hypnos/runtime/store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>

#include "hypnos/base/text.hpp"

namespace hypnos {

namespace fs = std::filesystem;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t most_failure_messages = 1000;
constexpr std::uint64_t message_length = 240;
constexpr std::uint64_t bytes_of_labels = 2 << 20;  // names, units, coordinates, messages: more than they need

// What netCDF-4 calls a dimension without coordinates.
std::string bare_dimension(std::uint64_t length) {
  char text[80];
  std::snprintf(text, sizeof text, "This is a netCDF dimension but not a netCDF variable.%10llu",
                static_cast<unsigned long long>(length));
  return text;
}

hdf5::Dataset create_coordinate(hdf5::Group& group, Dimension const& dimension) {
  auto const create = [&]<class T>(std::vector<T> const& values) {
    if constexpr (std::same_as<T, std::string>) {
      return group.create_texts(dimension.name, values);
    } else {
      auto dataset = group.create<T>(dimension.name, {values.size()}, T{});
      dataset.write(std::span<T const>(values));
      return dataset;
    }
  };
  auto dataset = std::visit(create, dimension.coordinates);
  if (!dimension.unit.empty()) dataset.set_attribute("units", dimension.unit);
  dataset.set_attribute("long_name", dimension.description);
  return dataset;
}

// Arrays of one group, whose dimensions are found by name.
class LabelledGroup {
 public:
  explicit LabelledGroup(hdf5::Group group) : group_(std::move(group)) {}

  void add(Dimension const& dimension) {
    auto scale = create_coordinate(group_, dimension);
    scale.make_scale(dimension.name);
    add(dimension.name, dimension.size(), std::move(scale));
  }

  // Parameters that are walked side by side share a dimension without coordinates of its own; xarray learns from the
  // attribute `coordinates` (of the CF conventions) that they label it.
  void add(SweepAxis const& axis) {
    if (!axis.joint()) return add(axis.members.front());
    auto scale = group_.create<float>(axis.name, {axis.size()}, 0.0F);
    scale.make_scale(bare_dimension(axis.size()));
    for (auto const& member : axis.members) {
      create_coordinate(group_, member).attach_scale(0, scale);
      coordinates_ += (coordinates_.empty() ? "" : " ") + member.name;
    }
    add(axis.name, axis.size(), std::move(scale));
  }

  template <class T>
  hdf5::Dataset create(std::string const& name, std::vector<std::string> const& dims, T fill, std::string const& unit,
                       std::string const& description) {
    hdf5::Shape shape;
    for (auto const& dim : dims) shape.push_back(sizes_.at(dim));
    auto dataset = group_.create<T>(name, shape, fill);
    for (std::size_t k = 0; k < dims.size(); ++k) dataset.attach_scale(static_cast<int>(k), scales_.at(dims[k]));
    if (!unit.empty()) dataset.set_attribute("units", unit);
    dataset.set_attribute("long_name", description);
    if (!coordinates_.empty() && !dims.empty()) dataset.set_attribute("coordinates", coordinates_);
    if constexpr (std::is_floating_point_v<T>) dataset.set_attribute("_FillValue", std::vector<double>{nan});
    return dataset;
  }

 private:
  void add(std::string const& name, std::uint64_t size, hdf5::Dataset scale) {
    sizes_[name] = size;
    scales_.emplace(name, std::move(scale));
  }

  hdf5::Group group_;
  std::map<std::string, std::uint64_t> sizes_;
  std::map<std::string, hdf5::Dataset> scales_;
  std::string coordinates_;
};

void create_realizations(hdf5::File& file, Plan const& plan) {
  LabelledGroup group(file.create_group("realizations"));
  std::vector<std::string> task_dims;
  for (auto const& axis : plan.sweep()) {
    group.add(axis);
    task_dims.push_back(axis.name);
  }
  group.add(plan.realization());
  task_dims.push_back(plan.realization().name);
  for (auto const& axis : plan.axes()) group.add(axis);

  for (auto const& [block, info, extents, size] : plan.observables()) {
    auto dims = task_dims;
    dims.insert(dims.end(), info.dims.begin(), info.dims.end());
    group.create<double>(info.name, dims, nan, info.unit, info.description);
  }
  auto done = group.create<std::uint8_t>("done", task_dims, 0, "", "state of the task");
  done.set_attribute("flag_values", std::vector<std::uint8_t>{0, 1, 2});
  done.set_attribute("flag_meanings", "open done failed");
  group.create<double>("seconds", task_dims, nan, "s", "wall time of the task");
  std::vector<std::string> names;
  for (auto const& observable : plan.observables()) names.push_back(observable.info.name);
  auto checksum = group.create<std::uint32_t>("checksum", task_dims, 0, "",
                                              "CRC-32 of the bytes of the task's observables, one after the other");
  checksum.set_attribute("observables", joined(names, " "));
  group.create<std::int32_t>("rank", task_dims, -1, "", "MPI rank that wrote the task");
}

void create_summary(hdf5::File& file, Plan const& plan) {
  LabelledGroup group(file.create_group("summary"));
  std::vector<std::string> point_dims;
  for (auto const& axis : plan.sweep()) {
    group.add(axis);
    point_dims.push_back(axis.name);
  }
  for (auto const& axis : plan.axes()) group.add(axis);

  for (auto const& [block, info, extents, size] : plan.observables()) {
    auto dims = point_dims;
    dims.insert(dims.end(), info.dims.begin(), info.dims.end());
    group.create<double>(info.name + "_mean", dims, nan, info.unit, info.description + ": mean over realizations");
    group.create<double>(info.name + "_stderr", dims, nan, info.unit,
                         info.description + ": standard error of the mean");
    group.create<std::int64_t>(info.name + "_count", dims, 0, "", info.description + ": realizations with a value");
  }
  group.create<std::int64_t>("rows", {}, 0, "", "done tasks that this summary is made of");
}

void create_failures(hdf5::File& file, Plan const& plan) {
  auto group = file.create_group("failures");
  auto const slots = failure_slots(plan.tasks());
  auto scale = group.create<float>("failure", {slots}, 0.0F);
  scale.make_scale(bare_dimension(slots));
  auto task = group.create<std::int64_t>("task", {slots}, -1);
  task.attach_scale(0, scale);
  task.set_attribute("long_name", "number of the failed task, counted row by row; -1: none");
  auto message = group.create_fixed_texts("message", slots, message_length);
  message.attach_scale(0, scale);
  message.set_attribute("long_name", "why the task failed");
}

std::string system_error() { return std::strerror(errno); }

}  // namespace

std::uint64_t failure_slots(std::uint64_t tasks) { return std::min(tasks, most_failure_messages); }

void sync_file(std::string const& path) {
  int const descriptor = ::open(path.c_str(), O_RDONLY);
  if (descriptor < 0) throw std::runtime_error("cannot open " + path + " to sync it: " + system_error());
  int const result = ::fsync(descriptor);
  ::close(descriptor);
  if (result != 0) throw std::runtime_error("cannot sync " + path + ": " + system_error());
}

void create_store(std::string const& path, Plan const& plan, Provenance const& provenance) {
  auto const temporary = path + ".tmp";
  auto const folder = fs::absolute(path).parent_path().string();
  // HDF5's own message would not tell why
  int const descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (descriptor < 0)
    throw BadInput("cannot create " + temporary + ": " + system_error() + "; choose another place with -o FILE");
  // A full disk or quota shows itself now, before days of computing; where it cannot be asked, HDF5 finds out.
  auto const bytes = static_cast<off_t>(plan.bytes() + plan.bytes() / 50 + bytes_of_labels);
  bool const full = ::fallocate(descriptor, 0, 0, bytes) != 0 && errno != EOPNOTSUPP && errno != ENOSYS;
  auto const reason = full ? system_error() : "";
  ::close(descriptor);
  if (full) {
    fs::remove(temporary);
    throw BadInput("cannot create " + path + " of " + std::to_string(bytes / 1'000'000) + " MB: " + reason +
                   "; choose another place with -o FILE");
  }
  try {
    auto file = hdf5::File::create(temporary);
    file.set_attribute("experiment", plan.experiment().name);
    file.set_attribute("source", plan.experiment().source);
    file.set_attribute("job", plan.job().text());
    file.set_attribute("seed", std::vector{static_cast<std::int64_t>(plan.job().seed)});
    file.set_attribute("layout", std::vector{layout_version});
    for (auto const& [name, text] : provenance) file.set_attribute(name, text);
    create_realizations(file, plan);
    create_summary(file, plan);
    create_failures(file, plan);
    file.create<std::uint8_t>("writing", {}, 0).set_attribute("long_name", "1 while a job writes to this file");
    file.flush();
  } catch (hdf5::Error const& error) {
    fs::remove(temporary);
    throw BadInput("cannot create " + path + ": " + error.what());
  }
  sync_file(temporary);
  fs::rename(temporary, path);
  sync_file(folder);
}

StoreReader::StoreReader(std::string const& path)
    : path_(path), file_([&] {
        if (!fs::exists(path)) throw BadInput("there is no file " + path + "; `hypnos run JOB -o FILE` makes one");
        if (fs::is_directory(path)) throw BadInput(path + " is a folder, but a store (HDF5 file) was expected");
        try {
          return hdf5::File::open_read(path);
        } catch (hdf5::Error const& error) {
          throw BadInput(path + " cannot be read as HDF5, it is foreign or damaged: " + error.what());
        }
      }()) {
  if (!file_.has_attribute("layout") || !file_.has_attribute("job") || !file_.has_dataset("realizations/done"))
    throw BadInput(path + " is an HDF5 file, but not a store of hypnos");
  if (auto const version = file_.integer_attribute("layout"); version != layout_version)
    throw BadInput(path + " has layout version " + std::to_string(version) + ", but this program writes version " +
                   std::to_string(layout_version) + "; use the version of hypnos named in its attributes");
}

std::vector<TaskState> StoreReader::states() const {
  std::vector<TaskState> states;
  for (auto const flag : file_.open_dataset("realizations/done").read<std::uint8_t>())
    states.push_back(static_cast<TaskState>(flag));
  return states;
}

bool StoreReader::unclean() const { return file_.open_dataset("writing").read<std::uint8_t>().at(0) != 0; }

Plan plan_of(StoreReader const& store, std::vector<Experiment> const& catalogue) {
  return Plan(make_job(catalogue, settings_of(store.job_text()), store.path()), Checks::shapes);
}

void mark_writing(std::string const& path, bool writing) {
  // what was written before must not come later than the mark that it is whole
  if (!writing) sync_file(path);
  auto const flag = static_cast<std::uint8_t>(writing ? 1 : 0);
  hdf5::File::open_write(path).open_dataset("writing").write(std::span<std::uint8_t const>(&flag, 1));
  sync_file(path);
}

void reopen_tasks(std::string const& path, std::vector<std::uint64_t> const& tasks) {
  auto file = hdf5::File::open_write(path);
  auto done = file.open_dataset("realizations/done");
  auto checksum = file.open_dataset("realizations/checksum");
  auto flags = done.read<std::uint8_t>();
  auto checksums = checksum.read<std::uint32_t>();
  for (auto const task : tasks) flags[task] = static_cast<std::uint8_t>(TaskState::open);
  // a kill between checksum and flag leaves one that would look like a row which lost its flag
  for (std::size_t task = 0; task < flags.size(); ++task)
    if (static_cast<TaskState>(flags[task]) != TaskState::done) checksums[task] = 0;
  done.write(std::span<std::uint8_t const>(flags));
  checksum.write(std::span<std::uint32_t const>(checksums));
}

void reopen_failed_tasks(std::string const& path) {
  auto file = hdf5::File::open_write(path);
  auto done = file.open_dataset("realizations/done");
  auto flags = done.read<std::uint8_t>();
  std::ranges::replace(flags, static_cast<std::uint8_t>(TaskState::failed), static_cast<std::uint8_t>(TaskState::open));
  done.write(std::span<std::uint8_t const>(flags));
  auto failed = file.open_dataset("failures/task");
  std::vector<std::int64_t> const none(hdf5::elements(failed.shape()), -1);
  failed.write(std::span<std::int64_t const>(none));
}

StoreWriter StoreWriter::open_parallel(std::string const& path, Plan const& plan) {
  return {hdf5::File::open_parallel(path), plan};
}

StoreWriter StoreWriter::open_serial(std::string const& path, Plan const& plan) {
  return {hdf5::File::open_write(path), plan};
}

StoreWriter::StoreWriter(hdf5::File file, Plan const& plan)
    : plan_(plan),
      file_(std::move(file)),
      done_(file_.open_dataset("realizations/done")),
      seconds_(file_.open_dataset("realizations/seconds")),
      checksum_(file_.open_dataset("realizations/checksum")),
      rank_(file_.open_dataset("realizations/rank")),
      failed_task_(file_.open_dataset("failures/task")),
      failed_message_(file_.open_dataset("failures/message")) {
  for (auto const& observable : plan.observables())
    observables_.push_back(file_.open_dataset("realizations/" + observable.info.name));
}

std::vector<double> stored_values(Plan::StoredObservable const& observable, Block const& block) {
  auto const& [index, info, extents, size] = observable;
  std::vector<double> values(size, nan);
  if (block.values.empty() && !extents.empty()) return values;
  bool fits = block.shape.size() == extents.size();
  std::size_t count = 1;
  for (std::size_t k = 0; fits && k < extents.size(); ++k) {
    fits = block.shape[k] <= extents[k];
    count *= block.shape[k];
  }
  if (!fits || count != block.values.size())
    throw std::logic_error("the observable " + info.name + " does not fit the axes it is declared with");
  for (std::size_t from = 0; from < count; ++from) {
    std::size_t rest = from, to = 0, stride = 1;
    for (auto k = extents.size(); k-- > 0;) {
      to += rest % block.shape[k] * stride;
      rest /= block.shape[k];
      stride *= extents[k];
    }
    if (!std::isnan(block.values[from])) values[to] = block.values[from];
  }
  return values;
}

Slab slab(Plan const& plan, std::uint64_t task, std::uint64_t rows, std::vector<std::uint64_t> const& extents) {
  Slab slab{plan.position(task), {}};
  slab.count.assign(slab.offset.size(), 1);
  slab.count.back() = rows;
  slab.offset.insert(slab.offset.end(), extents.size(), 0);
  slab.count.insert(slab.count.end(), extents.begin(), extents.end());
  return slab;
}

void StoreWriter::write_done(std::uint64_t task, std::vector<Row> const& rows) {
  std::vector<std::vector<double>> values;
  for (auto const& observable : plan_.observables()) {
    auto& all = values.emplace_back();
    for (auto const& row : rows) {
      auto const own = stored_values(observable, row.blocks.at(observable.block));
      all.insert(all.end(), own.begin(), own.end());
    }
  }

  std::vector<boost::crc_32_type> checksums(rows.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    auto const& observable = plan_.observables()[k];
    auto const [offset, count] = slab(plan_, task, rows.size(), observable.extents);
    observables_[k].write(offset, count, std::span<double const>(values[k]));
    for (std::size_t row = 0; row < rows.size(); ++row)
      checksums[row].process_bytes(&values[k][row * observable.size], observable.size * sizeof(double));
  }

  std::vector<double> seconds;
  std::vector<std::int32_t> ranks;
  std::vector<std::uint32_t> sums;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    seconds.push_back(rows[row].seconds);
    ranks.push_back(rows[row].rank);
    sums.push_back(checksums[row].checksum());
  }
  write_bookkeeping(task, seconds, ranks, sums, TaskState::done);
}

void StoreWriter::write_failed(std::uint64_t task, std::uint64_t slot, std::string const& message, double seconds,
                               int rank) {
  if (slot < failure_slots(plan_.tasks())) {
    auto const number = static_cast<std::int64_t>(task);
    failed_message_.write_text(slot, message);
    failed_task_.write({slot}, {1}, std::span<std::int64_t const>(&number, 1));
  }
  write_bookkeeping(task, {seconds}, {rank}, {0}, TaskState::failed);
}

void StoreWriter::write_bookkeeping(std::uint64_t task, std::vector<double> const& seconds,
                                    std::vector<std::int32_t> const& ranks, std::vector<std::uint32_t> const& checksums,
                                    TaskState state) {
  auto const [offset, count] = slab(plan_, task, seconds.size());
  std::vector<std::uint8_t> const flags(seconds.size(), static_cast<std::uint8_t>(state));
  seconds_.write(offset, count, std::span<double const>(seconds));
  rank_.write(offset, count, std::span<std::int32_t const>(ranks));
  checksum_.write(offset, count, std::span<std::uint32_t const>(checksums));
  done_.write(offset, count, std::span<std::uint8_t const>(flags));
}

}  // namespace hypnos

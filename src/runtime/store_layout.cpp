#include "hypnos/runtime/store_layout.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/hdf5/file.hpp"
#include "hypnos/runtime/sync_file.hpp"

namespace hypnos {

namespace fs = std::filesystem;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t most_failure_messages = 1000;
constexpr std::uint64_t bytes_of_labels = 2 << 20;  // names, units, coordinates, messages: more than they need

// What netCDF-4 calls a dimension without coordinates.
std::string bare_dimension(std::uint64_t length) {
  char text[80];
  std::snprintf(text, sizeof text, "This is a netCDF dimension but not a netCDF variable.%10llu",
                static_cast<unsigned long long>(length));
  return text;
}

void label(hdf5::Dataset& dataset, std::string const& unit, std::string const& description, std::string const& symbol) {
  if (!unit.empty()) dataset.set_attribute("units", unit);
  dataset.set_attribute("long_name", description);
  if (!symbol.empty()) dataset.set_attribute("symbol", symbol);
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
  label(dataset, dimension.unit, dimension.description, dimension.symbol);
  if (dimension.flag) {
    dataset.set_attribute("flag_values", std::vector<std::int64_t>{0, 1});
    dataset.set_attribute("flag_meanings", "false true");
  }
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
                       std::string const& description, std::string const& symbol = "") {
    hdf5::Shape shape;
    for (auto const& dim : dims) shape.push_back(sizes_.at(dim));
    auto dataset = group_.create<T>(name, shape, fill);
    for (std::size_t k = 0; k < dims.size(); ++k) dataset.attach_scale(static_cast<int>(k), scales_.at(dims[k]));
    label(dataset, unit, description, symbol);
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

void create_realizations(hdf5::File& file, StoreDescription const& store) {
  LabelledGroup group(file.create_group("realizations"));
  std::vector<std::string> task_dims;
  for (auto const& axis : store.sweep()) {
    group.add(axis);
    task_dims.push_back(axis.name);
  }
  group.add(store.realization());
  task_dims.push_back(store.realization().name);
  for (auto const& axis : store.axes()) group.add(axis);

  for (auto const& [info, extents, size] : store.observables()) {
    auto dims = task_dims;
    dims.insert(dims.end(), info.dims.begin(), info.dims.end());
    group.create<double>(info.name, dims, nan, info.unit, info.description, info.symbol);
  }
  auto done = group.create<std::uint8_t>("done", task_dims, 0, "", "state of the task");
  done.set_attribute("flag_values", std::vector<std::uint8_t>{0, 1, 2});
  done.set_attribute("flag_meanings", "open done failed");
  group.create<double>("seconds", task_dims, nan, "s", "wall time of the task");
  std::vector<std::string> names;
  for (auto const& observable : store.observables()) names.push_back(observable.info.name);
  auto checksum =
      group.create<std::uint32_t>("checksum", task_dims, 0, "",
                                  "CRC-32 of the lines of the job without realizations, together and swept "
                                  "parameters, the values of the swept parameters, the number of the realization and "
                                  "the observables of the task, byte by byte, one after the other");
  checksum.set_attribute("observables", joined(names, " "));
  group.create<std::int32_t>("rank", task_dims, -1, "", "MPI rank that wrote the task");
}

void create_summary(hdf5::File& file, StoreDescription const& store) {
  LabelledGroup group(file.create_group("summary"));
  std::vector<std::string> point_dims;
  for (auto const& axis : store.sweep()) {
    group.add(axis);
    point_dims.push_back(axis.name);
  }
  for (auto const& axis : store.axes()) group.add(axis);

  for (auto const& [info, extents, size] : store.observables()) {
    auto dims = point_dims;
    dims.insert(dims.end(), info.dims.begin(), info.dims.end());
    group.create<double>(info.name + "_mean", dims, nan, info.unit, info.description + ": mean over realizations",
                         info.symbol);
    group.create<double>(info.name + "_stderr", dims, nan, info.unit,
                         info.description + ": standard error of the mean");
    group.create<std::int64_t>(info.name + "_count", dims, 0, "", info.description + ": realizations with a value");
  }
  group.create<std::int64_t>("rows", {}, 0, "", "done tasks that this summary is made of");
}

void create_failures(hdf5::File& file, StoreDescription const& store) {
  auto group = file.create_group("failures");
  auto const slots = failure_slots(store.tasks());
  auto scale = group.create<float>("failure", {slots}, 0.0F);
  scale.make_scale(bare_dimension(slots));
  auto task = group.create<std::int64_t>("task", {slots}, -1);
  task.attach_scale(0, scale);
  task.set_attribute("long_name", "number of the failed task, counted row by row; -1: none");
  auto characters = group.create<float>("character", {failure_message_length}, 0.0F);
  characters.make_scale(bare_dimension(failure_message_length));
  auto message = group.create_characters("message", slots, failure_message_length);
  message.attach_scale(0, scale);
  message.attach_scale(1, characters);
  message.set_attribute("_Encoding", "utf-8");  // by this readers of netCDF make texts of characters
  message.set_attribute("long_name", "why the task failed");
}

// Last, when everything else stands.
void create_metadata_checksum(hdf5::File& file) {
  auto const count = file.objects().size() + 2;  // with these two
  auto scale = file.create<float>("object", {count}, 0.0F);
  scale.make_scale(bare_dimension(count));
  auto dataset = file.create<std::uint32_t>("metadata_checksum", {count}, 0);
  dataset.attach_scale(0, scale);
  dataset.set_attribute("long_name",
                        "CRC-32 of type, shape, attributes and coordinates of every object of this file, in "
                        "alphabetical order of their paths");
  auto const checksums = metadata_checksums(file);
  dataset.write(std::span<std::uint32_t const>(checksums));
}

}  // namespace

std::uint64_t failure_slots(std::uint64_t tasks) { return std::min(tasks, most_failure_messages); }

namespace {

// Of the dimensions of a task: the axes of the sweep, then the realizations.
std::vector<std::uint64_t> lengths_of(StoreDescription const& description) {
  std::vector<std::uint64_t> lengths;
  for (auto const& axis : description.sweep()) lengths.push_back(axis.size());
  lengths.push_back(description.realizations());
  return lengths;
}

}  // namespace

Slab slab(StoreDescription const& description, std::uint64_t task, std::uint64_t rows,
          std::vector<std::uint64_t> const& extents) {
  Slab slab{description.position(task), {}};
  auto const lengths = lengths_of(description);
  slab.count.resize(lengths.size());
  for (auto k = lengths.size(); k-- > 0;) {
    slab.count[k] = std::min(rows, lengths[k]);
    rows /= slab.count[k];
  }
  slab.offset.insert(slab.offset.end(), extents.size(), 0);
  slab.count.insert(slab.count.end(), extents.begin(), extents.end());
  return slab;
}

std::uint64_t rows_of_slab(StoreDescription const& description, std::uint64_t task, std::uint64_t most) {
  auto const at = description.position(task);
  auto const lengths = lengths_of(description);
  // a block contains all of some inner dimensions, and a part of the one before them
  std::uint64_t inner = 1;
  auto k = lengths.size() - 1;
  for (; k > 0 && at[k] == 0 && inner * lengths[k] <= most; --k) inner *= lengths[k];
  return inner * std::min(lengths[k] - at[k], std::max<std::uint64_t>(1, most / inner));
}

std::vector<std::uint32_t> metadata_checksums(hdf5::File const& file) {
  std::vector<std::uint32_t> checksums;
  for (auto const& path : file.objects()) {
    boost::crc_32_type crc;
    auto const bytes = file.signature(path);
    crc.process_bytes(bytes.data(), bytes.size());
    checksums.push_back(crc.checksum());
  }
  return checksums;
}

std::string growing_path(std::string const& path) { return path + ".growing"; }

namespace {

// Where `path` is written before it is renamed into place.
std::string unfinished_path(std::string const& path) { return path + ".tmp"; }

}  // namespace

void remove_unfinished(std::string const& path) {
  for (auto const& left : {unfinished_path(path), growing_path(path), unfinished_path(growing_path(path))}) {
    std::error_code ignored;  // a file that stays is overwritten by the next run
    fs::remove(left, ignored);
  }
}

void create_store(std::string const& path, StoreDescription const& store, Provenance const& provenance) {
  remove_unfinished(path);  // it may hold the space that is needed now
  auto const temporary = unfinished_path(path);
  auto const folder = fs::absolute(path).parent_path().string();
  // HDF5's own message would not tell why
  int const descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (descriptor < 0)
    throw BadInput("cannot create " + temporary + ": " + std::strerror(errno) + "; choose another place with -o FILE");
  // A full disk or quota shows itself now, before days of computing; where it cannot be asked, HDF5 finds out.
  auto const bytes = static_cast<off_t>(store.bytes() + store.bytes() / 50 + bytes_of_labels);
  bool const full = ::fallocate(descriptor, 0, 0, bytes) != 0 && errno != EOPNOTSUPP && errno != ENOSYS;
  std::string const reason = full ? std::strerror(errno) : "";
  ::close(descriptor);
  if (full) {
    fs::remove(temporary);
    throw BadInput("cannot create " + path + " of " + std::to_string(bytes / 1'000'000) + " MB: " + reason +
                   "; choose another place with -o FILE");
  }
  try {
    auto file = hdf5::File::create(temporary);
    file.set_attribute("experiment", store.texts().experiment);
    file.set_attribute("source", store.texts().source);
    file.set_attribute("job", store.texts().job);
    file.set_attribute("seed", std::vector{static_cast<std::int64_t>(store.texts().seed)});
    file.set_attribute("layout", std::vector{layout_version});
    for (auto const& [name, text] : provenance) file.set_attribute(name, text);
    create_realizations(file, store);
    create_summary(file, store);
    create_failures(file, store);
    file.create<std::uint8_t>("writing", {}, 0).set_attribute("long_name", "1 while a job writes to this file");
    create_metadata_checksum(file);
    file.flush();
    sync_file(temporary);
    fs::rename(temporary, path);
  } catch (std::runtime_error const& error) {  // of HDF5, of the system
    remove_unfinished(path);
    throw BadInput("cannot create " + path + ": " + error.what());
  }
  sync_file(folder);
}

}  // namespace hypnos

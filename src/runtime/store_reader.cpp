#include "hypnos/runtime/store_reader.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/store_path.hpp"

namespace hypnos {

namespace {

std::string text_or_nothing(hdf5::Dataset const& dataset, std::string const& attribute) {
  return dataset.has_attribute(attribute) ? dataset.text_attribute(attribute) : "";
}

// Reads the description from /realizations. Throws BadInput where arrays contradict each other.
class DescriptionReader {
 public:
  explicit DescriptionReader(StoreReader const& store) : store_(store), file_(store.file()) {}

  StoreDescription read() const {
    auto const done = open("done");
    auto task_dims = dims("done", done);
    if (task_dims.empty() || task_dims.back() != "realization")
      refuse("the last dimension of realizations/done is not `realization`");
    std::vector<SweepAxis> sweep;
    auto const labels = split(text_or_nothing(done, "coordinates"), ' ');
    for (std::size_t k = 0; k + 1 < task_dims.size(); ++k) sweep.push_back(sweep_axis(task_dims[k], labels));
    auto const realization = dimension("realization");
    auto const* const numbers = std::get_if<std::vector<std::int64_t>>(&realization.coordinates);
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    if (!numbers || numbers->empty() || numbers->front() < 0 || numbers->back() > most ||
        std::ranges::adjacent_find(*numbers, std::greater_equal{}) != numbers->end())
      refuse("realizations/realization does not hold ascending whole numbers from 0 on");

    std::vector<StoredObservable> observables;
    std::vector<std::string> own_dims;
    for (auto const& name : names_of_observables(file_)) {
      observables.push_back(observable(name, task_dims, done.shape()));
      for (auto const& dim : observables.back().info.dims)
        if (std::ranges::find(own_dims, dim) == own_dims.end()) own_dims.push_back(dim);
    }
    // axes that no observable has stand behind the others
    for (auto const& name : file_.open_group("realizations").members())
      if (open(name).is_scale() && std::ranges::find(task_dims, name) == task_dims.end() &&
          std::ranges::find(own_dims, name) == own_dims.end())
        own_dims.push_back(name);
    std::vector<Dimension> axes;
    for (auto const& name : own_dims) axes.push_back(dimension(name));

    return {{store_.experiment(), file_.text_attribute("source"), store_.job_text(),
             static_cast<std::uint64_t>(file_.integer_attribute("seed"))},
            file_.integer_attribute("layout"),
            std::move(sweep),
            realization,
            std::move(axes),
            std::move(observables)};
  }

 private:
  [[noreturn]] void refuse(std::string const& line) const { throw BadInput(store_.path() + " is damaged: " + line); }

  hdf5::Dataset open(std::string const& name) const {
    auto const path = "realizations/" + name;
    if (!file_.has_dataset(path)) refuse(path + " is missing");
    return file_.open_dataset(path);
  }

  // The name of the one scale at each dimension.
  std::vector<std::string> dims(std::string const& name, hdf5::Dataset const& dataset) const {
    std::string const group = "/realizations/";
    std::vector<std::string> names;
    bool sound = true;
    for (std::size_t k = 0; k < dataset.shape().size(); ++k) {
      auto scales = dataset.scales(static_cast<int>(k));
      sound = sound && scales.size() == 1 && scales[0].starts_with(group);
      for (auto& scale : scales)
        if (scale.starts_with(group)) scale.erase(0, group.size());
      names.push_back(scales.empty() ? "(none)" : joined(scales, "+"));
    }
    if (!sound)
      refuse("realizations/" + name + " has the dimensions " + joined(names, ", ") +
             ", but every dimension must have one scale of its own group");
    return names;
  }

  Dimension dimension(std::string const& name) const {
    auto const dataset = open(name);
    if (dataset.shape().size() != 1) refuse("realizations/" + name + " has not one dimension");
    Dimension dimension{name, text_or_nothing(dataset, "units"),  text_or_nothing(dataset, "long_name"),
                        {},   text_or_nothing(dataset, "symbol"), dataset.has_attribute("flag_meanings")};
    switch (dataset.kind()) {
      case hdf5::Kind::integer: dimension.coordinates = dataset.read<std::int64_t>(); break;
      case hdf5::Kind::real: dimension.coordinates = dataset.read<double>(); break;
      case hdf5::Kind::text: dimension.coordinates = dataset.read_texts(); break;
      case hdf5::Kind::other: refuse("realizations/" + name + " holds neither numbers nor texts");
    }
    return dimension;
  }

  // A dimension without coordinates of its own has those of the parameters that share it: `labels` names them in order.
  SweepAxis sweep_axis(std::string const& name, std::vector<std::string> const& labels) const {
    SweepAxis axis{name, {}};
    for (auto const& label : labels)
      if (!label.empty() && !open(label).is_scale() && dims(label, open(label)) == std::vector{name})
        axis.members.push_back(dimension(label));
    if (axis.members.empty()) axis.members.push_back(dimension(name));
    auto const size = open(name).shape();
    for (auto const& member : axis.members)
      if (hdf5::Shape{member.size()} != size) refuse("realizations/" + member.name + " has not the length of its axis");
    return axis;
  }

  StoredObservable observable(std::string const& name, std::vector<std::string> const& task_dims,
                              hdf5::Shape const& tasks) const {
    auto const dataset = open(name);
    if (dataset.kind() != hdf5::Kind::real) refuse("realizations/" + name + " does not hold numbers of type float64");
    auto const names = dims(name, dataset);
    auto const shape = dataset.shape();
    auto const rank = static_cast<std::ptrdiff_t>(tasks.size());
    if (shape.size() < tasks.size() || !std::equal(task_dims.begin(), task_dims.end(), names.begin()) ||
        !std::equal(tasks.begin(), tasks.end(), shape.begin()))
      refuse("realizations/" + name + " has the dimensions " + joined(names, ", ") + ", but must begin with " +
             joined(task_dims, ", ") + ", of the same lengths as those of realizations/done");
    StoredObservable stored{{name,
                             {names.begin() + rank, names.end()},
                             text_or_nothing(dataset, "units"),
                             text_or_nothing(dataset, "long_name"),
                             text_or_nothing(dataset, "symbol")},
                            {shape.begin() + rank, shape.end()},
                            1};
    for (std::size_t k = 0; k < stored.extents.size(); ++k) {
      stored.size *= stored.extents[k];
      if (open(stored.info.dims[k]).shape() != hdf5::Shape{stored.extents[k]})
        refuse("realizations/" + name + " has not the length of its axis " + stored.info.dims[k]);
    }
    return stored;
  }

  StoreReader const& store_;
  hdf5::File const& file_;
};

}  // namespace

StoreReader::StoreReader(std::string const& path)
    : path_(path), file_([&] {
        require_readable_file(path);
        try {
          return hdf5::File::open_read(path);
        } catch (hdf5::Error const& error) {
          throw BadInput(path + " cannot be read as HDF5, it is foreign or damaged: " + error.what());
        }
      }()) {
  if (!file_.has_attribute("layout") || !file_.has_attribute("job") || !file_.has_dataset("realizations/done"))
    throw BadInput(path + " is an HDF5 file, but not a store of hypnos");
  if (auto const version = file_.integer_attribute("layout"); version < 1 || version > layout_version)
    throw BadInput(path + " has layout version " + std::to_string(version) + ", but this program reads versions 1 to " +
                   std::to_string(layout_version) + "; use the version of hypnos named in its attributes");
}

std::vector<TaskState> StoreReader::states() const {
  std::vector<TaskState> states;
  for (auto const flag : file_.open_dataset("realizations/done").read<std::uint8_t>())
    states.push_back(static_cast<TaskState>(flag));
  return states;
}

bool StoreReader::unclean() const { return file_.open_dataset("writing").read<std::uint8_t>().at(0) != 0; }

StoreDescription StoreReader::description() const {
  try {
    return DescriptionReader(*this).read();
  } catch (hdf5::Error const& error) {
    throw BadInput(path_ + " is damaged: " + error.what());
  }
}

std::vector<std::string> names_of_observables(hdf5::File const& file) {
  auto const text = file.open_dataset("realizations/checksum").text_attribute("observables");
  if (text.empty()) return {};
  return split(text, ' ');
}

}  // namespace hypnos

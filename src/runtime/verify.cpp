#include "hypnos/runtime/verify.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/job.hpp"
#include "hypnos/runtime/summary.hpp"
#include "row_slabs.hpp"

namespace hypnos {

namespace {

// A zero with another sign differs, too.
bool same(double a, double b) { return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b); }

bool is_duration(double seconds) { return std::isfinite(seconds) && seconds >= 0; }

class Verification {
 public:
  Verification(StoreReader const& store, StoreDescription const& description)
      : store_(store), description_(description) {}

  std::vector<std::string> lines() {
    arrays();
    if (!lines_.empty()) return lines_;  // what follows would read them
    job();
    metadata();
    flags();
    auto const wrong_summaries = rows();
    provenance();
    rows_without_flag();
    failures();
    lines_.insert(lines_.end(), wrong_summaries.begin(), wrong_summaries.end());
    return lines_;
  }

 private:
  hdf5::Dataset open(std::string const& path) const { return store_.file().open_dataset(path); }
  void complain(std::string const& line) { lines_.push_back(line); }
  void complain(std::uint64_t task, std::string const& what) {
    complain("task " + std::to_string(task) + " (" + description_.describe(task) + "): " + what);
  }

  // Extents of an array, and which scales stand at its dimensions.
  struct Dims {
    hdf5::Shape shape = {};
    std::vector<std::string> names = {};

    void add(std::string const& name, std::uint64_t size) {
      names.push_back(name);
      shape.push_back(size);
    }
  };

  Dims of_points() const {
    Dims dims;
    for (auto const& axis : description_.sweep()) dims.add(axis.name, axis.size());
    return dims;
  }
  Dims of_tasks() const {
    auto dims = of_points();
    dims.add(description_.realization().name, description_.realizations());
    return dims;
  }
  static Dims with_own(Dims dims, StoredObservable const& observable) {
    for (std::size_t k = 0; k < observable.extents.size(); ++k)
      dims.add(observable.info.dims[k], observable.extents[k]);
    return dims;
  }

  // `like`: the array whose unit it must have; empty for none. Returns whether all is well.
  bool array(std::string const& path, hdf5::Kind kind, Dims const& dims, std::string const& unit = "",
             std::string const& like = "") {
    auto const before = lines_.size();
    try {
      if (!store_.file().has_dataset(path)) {
        complain(path + " is missing");
        return false;
      }
      auto const dataset = open(path);
      if (dataset.kind() != kind) complain(path + " has not the type of its kind of array");
      else if (dataset.shape() != dims.shape) complain(path + " has not the lengths of its dimensions");
      else scales(path, dataset, dims.names);
      if (auto const found = dataset.has_attribute("units") ? dataset.text_attribute("units") : ""; found != unit)
        complain(path + " has " + quoted_unit(found) + ", but " + (like.empty() ? "must have " : like + " has ") +
                 quoted_unit(unit));
    } catch (hdf5::Error const& error) {
      complain(path + " cannot be read: " + error.what());
    }
    return lines_.size() == before;
  }

  static std::string quoted_unit(std::string const& unit) {
    return unit.empty() ? "no unit" : "the unit '" + unit + "'";
  }

  // Coordinates of their own dimension are scales themselves, and have none: `names` is empty.
  void scales(std::string const& path, hdf5::Dataset const& dataset, std::vector<std::string> const& names) {
    auto const group = '/' + path.substr(0, path.find('/') + 1);
    std::vector<std::string> found;
    for (std::size_t k = 0; k < names.size(); ++k) {
      auto attached = dataset.scales(static_cast<int>(k));
      for (auto& scale : attached)
        if (scale.starts_with(group)) scale.erase(0, group.size());
      found.push_back(attached.empty() ? "(none)" : joined(attached, "+"));
    }
    if (found != names)
      complain(path + " has the dimensions " + joined(found, ", ") + ", but must have " + joined(names, ", "));
  }

  // A coordinate of /summary is that of /realizations. `axis`: the dimension that it labels beside others, if it is not
  // its own.
  void coordinate(Dimension const& dimension, std::string const& axis = "") {
    auto const path = "summary/" + dimension.name, like = "realizations/" + dimension.name;
    bool const text = std::holds_alternative<std::vector<std::string>>(dimension.coordinates);
    bool const real = std::holds_alternative<std::vector<double>>(dimension.coordinates);
    Dims dims{{dimension.size()}};
    if (!axis.empty()) dims.names = {axis};
    auto const kind = text ? hdf5::Kind::text : real ? hdf5::Kind::real : hdf5::Kind::integer;
    if (!array(path, kind, dims, dimension.unit, like)) return;
    bool const equal = std::visit(
        [&]<class T>(std::vector<T> const& values) {
          if constexpr (std::is_same_v<T, std::string>) return open(path).read_texts() == values;
          else return open(path).template read<T>() == values;
        },
        dimension.coordinates);
    if (!equal) complain(path + " has other values than " + like);
  }

  void arrays() {
    using hdf5::Kind;
    for (auto const& axis : description_.sweep())
      for (auto const& parameter : axis.members) coordinate(parameter, axis.joint() ? axis.name : "");
    for (auto const& axis : description_.axes()) coordinate(axis);
    auto const tasks = of_tasks();
    array("realizations/done", Kind::integer, tasks);
    array("realizations/seconds", Kind::real, tasks, "s");
    array("realizations/checksum", Kind::integer, tasks);
    array("realizations/rank", Kind::integer, tasks);
    for (auto const& observable : description_.observables()) {
      auto const& [name, unit] = std::tie(observable.info.name, observable.info.unit);
      auto const over_points = with_own(of_points(), observable);
      auto const like = "realizations/" + name;
      array("summary/" + name + "_mean", Kind::real, over_points, unit, like);
      array("summary/" + name + "_stderr", Kind::real, over_points, unit, like);
      array("summary/" + name + "_count", Kind::integer, over_points);
    }
    array("summary/rows", Kind::integer, {});
    array("writing", Kind::integer, {});
    auto slots = Dims{{failure_slots(description_.tasks())}, {"failure"}};
    array("failures/task", Kind::integer, slots);
    if (description_.layout() > 1) slots.add("character", failure_message_length);
    array("failures/message", Kind::text, slots);
  }

  // Whatever the arrays above have in common with the job, everything that was written at the creation of the store and
  // never changes: all attributes, types, shapes and coordinates.
  void metadata() {
    if (description_.layout() < 3) return;
    try {
      auto const& file = store_.file();
      if (!file.has_dataset("metadata_checksum")) return complain("metadata_checksum is missing");
      auto const stored = open("metadata_checksum").read<std::uint32_t>();
      auto const paths = file.objects();
      if (stored.size() != paths.size())
        return complain("it has " + std::to_string(paths.size()) + " groups and arrays, but was created with " +
                        std::to_string(stored.size()));
      auto const found = metadata_checksums(file);
      for (std::size_t k = 0; k < paths.size(); ++k)
        if (found[k] != stored[k])
          complain((paths[k] == "." ? "the store itself" : paths[k]) + " has other " +
                   (file.has_dataset(paths[k]) ? "attributes, type, shape or coordinates" : "attributes") +
                   " than it was created with");
    } catch (hdf5::Error const& error) {
      complain(std::string("its attributes cannot be read: ") + error.what());
    }
  }

  // Whether the coordinates of the sweep and the realizations are those of the job's text.
  void job() {
    std::vector<std::pair<std::string, std::string>> found{
        {"experiment", description_.texts().experiment},
        {"seed", std::to_string(description_.texts().seed)},
        {"realizations", format_realizations(description_.realization_numbers())}};
    for (auto const& dimension : description_.swept()) {
      std::vector<std::string> labels;
      for (std::uint64_t k = 0; k < dimension.size(); ++k) labels.push_back(dimension.label(k));
      found.emplace_back(dimension.name, joined(labels, ", "));
    }
    for (auto const& axis : description_.sweep())
      if (axis.joint()) found.emplace_back("together", joined(names_of(axis.members), ", "));
    auto const settings = settings_of(description_.texts().job);
    for (auto const& [key, text] : found) {
      auto const setting = std::ranges::find(settings, key, &Setting::key);
      if (setting == settings.end()) complain("the job does not name " + key);
      else if (!same_setting(setting->text, text))
        complain(key + " is " + text + ", but " + setting->text + " in the job");
    }
  }

  static std::vector<std::string> names_of(std::vector<Dimension> const& dimensions) {
    std::vector<std::string> names;
    for (auto const& dimension : dimensions) names.push_back(dimension.name);
    return names;
  }

  void flags() {
    auto const states = store_.states();
    for (std::uint64_t task = 0; task < states.size(); ++task)
      if (auto const flag = static_cast<int>(states[task]); flag > static_cast<int>(TaskState::failed))
        complain(task, "its state is " + std::to_string(flag) + ", but must be 0, 1 or 2");
  }

  void provenance() {
    auto const states = store_.states();
    auto const seconds = open("realizations/seconds").read<double>();
    auto const ranks = open("realizations/rank").read<std::int32_t>();
    for (std::uint64_t task = 0; task < states.size(); ++task) {
      if (states[task] != TaskState::done) continue;
      if (!is_duration(seconds[task]))
        complain(task, "it is done, but its seconds are " + format_number(seconds[task]) + ", not a number from 0 on");
      if (ranks[task] < 0) complain(task, "it is done, but its rank is " + std::to_string(ranks[task]));
    }
  }

  // A task that was done and whose flag was lost still has its checksum.
  void rows_without_flag() {
    if (store_.unclean()) return;
    auto const states = store_.states();
    auto const checksums = open("realizations/checksum").read<std::uint32_t>();
    for (std::uint64_t task = 0; task < states.size(); ++task)
      if (states[task] != TaskState::done && checksums[task] != 0)
        complain(task, "it is not flagged done, but has a checksum");
  }

  void failures() {
    if (store_.unclean()) return;  // a kill may come between a message and its flag
    auto const states = store_.states();
    auto const tasks = open("failures/task").read<std::int64_t>();
    auto const messages = open("failures/message").read_texts();
    std::vector<bool> told(states.size());
    bool full = true;
    for (std::size_t slot = 0; slot < tasks.size(); ++slot) {
      auto const where = "[" + std::to_string(slot) + "]";
      if (tasks[slot] == -1) {
        full = false;
        continue;
      }
      auto const task = static_cast<std::uint64_t>(tasks[slot]);  // a negative number becomes too large
      if (task >= states.size()) {
        complain("failures/task" + where + " is " + std::to_string(tasks[slot]) + ", but tasks are 0 to " +
                 std::to_string(states.size() - 1) + ", and -1 for none");
        continue;
      }
      if (told[task]) complain(task, "failures/task" + where + " names it a second time");
      else if (states[task] != TaskState::failed)
        complain(task, "failures/task" + where + " names it, but it did not fail");
      else if (messages[slot].empty()) complain(task, "it failed, but failures/message" + where + " is empty");
      told[task] = true;
    }
    if (full) return;  // more failures than places
    for (std::uint64_t task = 0; task < states.size(); ++task)
      if (states[task] == TaskState::failed && !told[task]) complain(task, "it failed, but has no place in /failures");
  }

  // Reads all rows. Returns what is wrong with the summary, if it should be that of these rows.
  std::vector<std::string> rows() {
    auto const states = store_.states();
    auto const done = static_cast<std::uint64_t>(std::ranges::count(states, TaskState::done));
    auto const summarized = summarized_rows(store_);
    std::vector<std::string> lines;
    auto const damaged = for_each_summary(store_.file(), description_, [&](PointSummaries const& expected) {
      if (done > 0 && summarized == done) compare(expected, lines);
    });
    if (done > 1 && damaged.size() == done)
      complain("none of its " + std::to_string(done) +
               " done rows has its checksum: they are not those of the job that is stored beside them");
    else
      for (auto const task : damaged) complain(task, "its values do not have the stored checksum");
    if (!damaged.empty() || store_.unclean()) return {};
    // 0: not made yet; as long as tasks are open, it may have been made before the last rows
    if (summarized != done && summarized != 0 && std::ranges::count(states, TaskState::open) == 0)
      lines.push_back("summary/rows says " + std::to_string(summarized) + ", but " + std::to_string(done) +
                      " rows are done; `hypnos reduce` makes it anew");
    return lines;
  }

  void compare(PointSummaries const& expected, std::vector<std::string>& lines) const {
    auto const found = stored_summaries(store_.file(), description_, expected.first, expected.points);
    for (std::size_t k = 0; k < expected.observables.size(); ++k) {
      auto const& observable = description_.observables()[k];
      auto const& [mean, error, count] = expected.observables[k];
      auto const& stored = found.observables[k];
      for (std::uint64_t at = 0; at < count.size(); ++at) {
        if (same(mean[at], stored.mean[at]) && same(error[at], stored.stderr_of_mean[at]) &&
            count[at] == stored.count[at])
          continue;
        auto const point = at / observable.size;
        lines.push_back("summary/" + observable.info.name + " at " +
                        description_.describe_point(expected.first + point) +
                        " is not the summary of its rows; `hypnos reduce` makes it anew");
        at = (point + 1) * observable.size - 1;  // one line for each point
      }
    }
  }

  StoreReader const& store_;
  StoreDescription const& description_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::uint64_t> damaged_rows(StoreReader const& store) try {
  std::vector<std::uint64_t> damaged;
  auto const seconds = store.file().open_dataset("realizations/seconds").read<double>();
  auto const ranks = store.file().open_dataset("realizations/rank").read<std::int32_t>();
  for_each_row_slab(store.file(), store.description(), [&](RowSlab const& slab) {
    for (std::uint64_t row = 0; row < slab.rows; ++row) {
      auto const task = slab.first + row;
      if (slab.done[row] && (!slab.whole[row] || !is_duration(seconds[task]) || ranks[task] < 0))
        damaged.push_back(task);
    }
  });
  return damaged;
} catch (hdf5::Error const& error) {
  throw BadInput(store.path() + " is damaged: " + error.what());
}

std::vector<std::string> verify(StoreReader const& store) {
  try {
    auto const description = store.description();
    return Verification(store, description).lines();
  } catch (BadInput const& error) {
    return {error.what()};  // no description, so nothing else can be checked
  } catch (std::exception const& error) {
    return {store.path() + " is damaged: " + error.what()};
  }
}

}  // namespace hypnos

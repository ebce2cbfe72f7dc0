#include "hypnos/runtime/verify.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/job.hpp"
#include "hypnos/runtime/summary.hpp"

namespace hypnos {

namespace {

constexpr std::uint64_t bytes_a_slab = 1 << 23;

// All rows point by point, in slabs: action(first task, number of rows).
template <class Action>
void for_each_slab(StoreDescription const& store, Action const& action) {
  auto const most = std::max<std::uint64_t>(1, bytes_a_slab / std::max<std::uint64_t>(1, store.row_bytes()));
  for (std::uint64_t point = 0; point < store.points(); ++point)
    for (std::uint64_t k = 0; k < store.realizations(); k += most)
      action(point * store.realizations() + k, std::min(most, store.realizations() - k));
}

// A zero with another sign differs, too.
bool same(double a, double b) { return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b); }

bool is_duration(double seconds) { return std::isfinite(seconds) && seconds >= 0; }

std::vector<std::uint64_t> rows_with_wrong_checksum(StoreReader const& reader, StoreDescription const& store) {
  auto const states = reader.states();
  auto const expected = reader.file().open_dataset("realizations/checksum").read<std::uint32_t>();
  auto const& observables = store.observables();
  std::vector<hdf5::Dataset> datasets;
  for (auto const& observable : observables)
    datasets.push_back(reader.file().open_dataset("realizations/" + observable.info.name));

  std::vector<std::uint64_t> wrong;
  for_each_slab(store, [&](std::uint64_t first, std::uint64_t rows) {
    std::vector<std::vector<double>> values(observables.size());
    for (std::size_t k = 0; k < observables.size(); ++k) {
      values[k].resize(rows * observables[k].size);
      auto const [offset, count] = slab(store, first, rows, observables[k].extents);
      datasets[k].read(offset, count, std::span(values[k]));
    }
    for (std::uint64_t row = 0; row < rows; ++row) {
      if (states[first + row] != TaskState::done) continue;
      std::vector<std::span<double const>> own;
      for (std::size_t k = 0; k < observables.size(); ++k)
        own.push_back(std::span<double const>(values[k]).subspan(row * observables[k].size, observables[k].size));
      if (row_checksum(store.layout(), store.label(first + row), own) != expected[first + row])
        wrong.push_back(first + row);
    }
  });
  return wrong;
}

class Verification {
 public:
  Verification(StoreReader const& store, StoreDescription const& description)
      : store_(store), description_(description) {}

  std::vector<std::string> lines() {
    arrays();
    if (!lines_.empty()) return lines_;  // what follows would read them
    job();
    flags();
    auto const damaged = rows_with_wrong_checksum(store_, description_);
    for (auto const task : damaged) complain(task, "its values do not have the stored checksum");
    provenance();
    rows_without_flag();
    failures();
    if (damaged.empty() && !store_.unclean()) summary();
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
    auto const settings = settings_of(description_.texts().job);
    for (auto const& [key, text] : found) {
      auto const setting = std::ranges::find(settings, key, &Setting::key);
      if (setting == settings.end()) complain("the job does not name " + key);
      else if (!same_setting(setting->text, text))
        complain(key + " is " + text + ", but " + setting->text + " in the job");
    }
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

  void summary() {
    auto const states = store_.states();
    auto const done = static_cast<std::uint64_t>(std::ranges::count(states, TaskState::done));
    if (auto const rows = summarized_rows(store_); rows != done) {
      // 0: not made yet; as long as tasks are open, it may have been made before the last rows
      if (rows != 0 && std::ranges::count(states, TaskState::open) == 0)
        complain("summary/rows says " + std::to_string(rows) + ", but " + std::to_string(done) +
                 " rows are done; `hypnos reduce` makes it anew");
      return;
    }
    if (done == 0) return;
    for (auto const& observable : description_.observables())
      for (std::uint64_t point = 0; point < description_.points(); ++point) {
        auto const expected = summary_at(store_.file(), description_, observable, point);
        auto const found = stored_summary_at(store_.file(), description_, observable, point);
        if (!std::ranges::equal(expected.mean, found.mean, same) ||
            !std::ranges::equal(expected.stderr_of_mean, found.stderr_of_mean, same) || expected.count != found.count)
          complain("summary/" + observable.info.name + " at " + description_.describe_point(point) +
                   " is not the summary of its rows; `hypnos reduce` makes it anew");
      }
  }

  StoreReader const& store_;
  StoreDescription const& description_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::uint64_t> damaged_rows(StoreReader const& store) {
  auto damaged = rows_with_wrong_checksum(store, store.description());
  auto const states = store.states();
  auto const seconds = store.file().open_dataset("realizations/seconds").read<double>();
  auto const ranks = store.file().open_dataset("realizations/rank").read<std::int32_t>();
  for (std::uint64_t task = 0; task < states.size(); ++task)
    if (states[task] == TaskState::done && (!is_duration(seconds[task]) || ranks[task] < 0)) damaged.push_back(task);
  std::ranges::sort(damaged);
  damaged.erase(std::unique(damaged.begin(), damaged.end()), damaged.end());
  return damaged;
}

std::vector<std::string> verify(StoreReader const& store) {
  try {
    auto const description = store.description();
    return Verification(store, description).lines();
  } catch (BadInput const& error) {
    return {error.what()};  // no description, so nothing else can be checked
  }
}

}  // namespace hypnos

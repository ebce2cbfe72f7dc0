#include "hypnos/runtime/verify.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cmath>
#include <cstring>

#include "hypnos/runtime/summary.hpp"

namespace hypnos {

namespace {

constexpr std::uint64_t bytes_a_slab = 1 << 23;

// Visits all rows point by point, in slabs: visit(first task, number of rows).
template <class Visit>
void for_each_slab(Plan const& plan, Visit const& visit) {
  auto const most = std::max<std::uint64_t>(1, bytes_a_slab / std::max<std::uint64_t>(1, plan.row_bytes()));
  for (std::uint64_t point = 0; point < plan.points(); ++point)
    for (std::uint64_t k = 0; k < plan.realizations(); k += most)
      visit(point * plan.realizations() + k, std::min(most, plan.realizations() - k));
}

// A zero with another sign differs, too.
bool same(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b);
}

class Verification {
 public:
  Verification(StoreReader const& store, Plan const& plan) : store_(store), plan_(plan) {}

  std::vector<std::string> lines() {
    arrays();
    if (!lines_.empty()) return lines_;  // what follows would read them
    flags();
    auto const damaged = damaged_rows(store_, plan_);
    for (auto const task : damaged) complain(task, "its values do not have the stored checksum");
    rows_without_flag();
    if (damaged.empty() && !store_.unclean()) summary();
    return lines_;
  }

 private:
  hdf5::Dataset open(std::string const& path) const { return store_.file().open_dataset(path); }
  void complain(std::string const& line) { lines_.push_back(line); }
  void complain(std::uint64_t task, std::string const& what) {
    complain("task " + std::to_string(task) + " (" + plan_.describe(task) + "): " + what);
  }

  hdf5::Shape sweep_shape(bool with_realizations, std::vector<std::uint64_t> const& extents = {}) const {
    hdf5::Shape shape;
    for (auto const& axis : plan_.sweep()) shape.push_back(axis.size());
    if (with_realizations) shape.push_back(plan_.realizations());
    shape.insert(shape.end(), extents.begin(), extents.end());
    return shape;
  }

  void array(std::string const& path, hdf5::Kind kind, hdf5::Shape const& shape) {
    if (!store_.file().has_dataset(path)) return complain(path + " is missing");
    auto const dataset = open(path);
    if (dataset.kind() != kind) complain(path + " has another type than its job demands");
    else if (dataset.shape() != shape) complain(path + " has another shape than its job demands");
  }

  void coordinate(std::string const& group, Dimension const& dimension) {
    auto const path = group + '/' + dimension.name;
    bool const text = std::holds_alternative<std::vector<std::string>>(dimension.coordinates);
    bool const real = std::holds_alternative<std::vector<double>>(dimension.coordinates);
    auto const before = lines_.size();
    array(path, text ? hdf5::Kind::text : real ? hdf5::Kind::real : hdf5::Kind::integer, {dimension.size()});
    if (lines_.size() > before) return;
    bool const equal = std::visit(
        [&]<class T>(std::vector<T> const& values) {
          if constexpr (std::is_same_v<T, std::string>) return open(path).read_texts() == values;
          else return open(path).template read<T>() == values;
        },
        dimension.coordinates);
    if (!equal) complain(path + " has other values than its job demands");
  }

  void arrays() {
    using hdf5::Kind;
    for (auto const* group : {"realizations", "summary"}) {
      for (auto const& parameter : plan_.swept()) coordinate(group, parameter);
      for (auto const& axis : plan_.axes()) coordinate(group, axis);
    }
    coordinate("realizations", plan_.realization());
    auto const tasks = sweep_shape(true);
    array("realizations/done", Kind::integer, tasks);
    array("realizations/seconds", Kind::real, tasks);
    array("realizations/checksum", Kind::integer, tasks);
    array("realizations/rank", Kind::integer, tasks);
    for (auto const& observable : plan_.observables()) {
      auto const& name = observable.info.name;
      array("realizations/" + name, Kind::real, sweep_shape(true, observable.extents));
      array("summary/" + name + "_mean", Kind::real, sweep_shape(false, observable.extents));
      array("summary/" + name + "_stderr", Kind::real, sweep_shape(false, observable.extents));
      array("summary/" + name + "_count", Kind::integer, sweep_shape(false, observable.extents));
    }
    array("summary/rows", Kind::integer, {});
    array("writing", Kind::integer, {});
    array("failures/task", Kind::integer, {failure_slots(plan_.tasks())});
    array("failures/message", Kind::text, {failure_slots(plan_.tasks())});
  }

  void flags() {
    auto const states = store_.states();
    for (std::uint64_t task = 0; task < states.size(); ++task)
      if (auto const flag = static_cast<int>(states[task]); flag > static_cast<int>(TaskState::failed))
        complain(task, "its state is " + std::to_string(flag) + ", but must be 0, 1 or 2");
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
    for (auto const& observable : plan_.observables())
      for (std::uint64_t point = 0; point < plan_.points(); ++point) {
        auto const expected = summary_at(store_.file(), plan_, observable, point);
        auto const found = stored_summary_at(store_.file(), plan_, observable, point);
        if (!std::ranges::equal(expected.mean, found.mean, same) ||
            !std::ranges::equal(expected.stderr_of_mean, found.stderr_of_mean, same) || expected.count != found.count)
          complain("summary/" + observable.info.name + " at " + plan_.describe_point(point) +
                   " is not the summary of its rows; `hypnos reduce` makes it anew");
      }
  }

  StoreReader const& store_;
  Plan const& plan_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::uint64_t> damaged_rows(StoreReader const& store, Plan const& plan) {
  auto const states = store.states();
  auto const expected = store.file().open_dataset("realizations/checksum").read<std::uint32_t>();
  std::vector<hdf5::Dataset> datasets;
  for (auto const& observable : plan.observables())
    datasets.push_back(store.file().open_dataset("realizations/" + observable.info.name));

  std::vector<std::uint64_t> damaged;
  for_each_slab(plan, [&](std::uint64_t first, std::uint64_t rows) {
    std::vector<boost::crc_32_type> checksums(rows);
    for (std::size_t k = 0; k < datasets.size(); ++k) {
      auto const& observable = plan.observables()[k];
      std::vector<double> values(rows * observable.size);
      auto const [offset, count] = slab(plan, first, rows, observable.extents);
      datasets[k].read(offset, count, std::span(values));
      for (std::uint64_t row = 0; row < rows; ++row)
        checksums[row].process_bytes(&values[row * observable.size], observable.size * sizeof(double));
    }
    for (std::uint64_t row = 0; row < rows; ++row)
      if (states[first + row] == TaskState::done && checksums[row].checksum() != expected[first + row])
        damaged.push_back(first + row);
  });
  return damaged;
}

std::vector<std::string> verify(StoreReader const& store, Plan const& plan) {
  return Verification(store, plan).lines();
}

}  // namespace hypnos

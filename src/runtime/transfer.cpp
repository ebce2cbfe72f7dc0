#include "hypnos/runtime/transfer.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>

#include "hypnos/base/text.hpp"
#include "hypnos/runtime/declaration.hpp"
#include "hypnos/runtime/verify.hpp"

namespace hypnos {

namespace fs = std::filesystem;

namespace {

template <class T>
std::optional<std::uint64_t> index_in(std::vector<T> const& items, T const& item) {
  auto const found = std::ranges::find(items, item);
  if (found == items.end()) return std::nullopt;
  return static_cast<std::uint64_t>(found - items.begin());
}

// The place of a number among ascending ones.
std::uint64_t place_of(std::vector<std::uint32_t> const& numbers, std::uint32_t number) {
  return static_cast<std::uint64_t>(std::ranges::lower_bound(numbers, number) - numbers.begin());
}

// Where a row of another store belongs, and its identity there.
struct Destination {
  std::uint64_t task;
  std::string label;
};

// Copies all rows that are done and whole, a run of consecutive ones at a time.
void copy_rows(StoreReader const& source, StoreWriter& target, StoreDescription const& grown,
               std::function<Destination(std::uint64_t task)> const& destination) {
  auto const old = source.description();
  auto states = source.states();
  for (auto const task : damaged_rows(source)) states[task] = TaskState::open;
  auto const seconds = source.file().open_dataset("realizations/seconds").read<double>();
  auto const ranks = source.file().open_dataset("realizations/rank").read<std::int32_t>();
  auto const most = std::max<std::uint64_t>(1, (1 << 23) / std::max<std::uint64_t>(1, old.row_bytes()));

  for (std::uint64_t point = 0; point < old.points(); ++point) {
    auto const end = (point + 1) * old.realizations();
    for (auto first = point * old.realizations(); first < end;) {
      std::vector<StoreWriter::Row> rows;
      std::uint64_t first_there = 0;
      while (rows.size() < most && first + rows.size() < end && states[first + rows.size()] == TaskState::done) {
        auto const task = first + rows.size();
        auto const there = destination(task);
        if (rows.empty()) first_there = there.task;
        if (there.task != first_there + rows.size()) break;
        rows.push_back({{}, seconds[task], ranks[task], there.label});
      }
      for (auto const& wanted : grown.observables()) {
        auto const* const observable = old.find_observable(wanted.info.name);
        if (!observable) {  // had no place in the smaller job
          for (auto& row : rows) row.blocks.emplace_back();
          continue;
        }
        std::vector<double> values(rows.size() * observable->size);
        auto const [offset, count] = slab(old, first, rows.size(), observable->extents);
        if (!rows.empty())
          source.file().open_dataset("realizations/" + wanted.info.name).read(offset, count, std::span(values));
        for (std::size_t row = 0; row < rows.size(); ++row) {
          auto const begin = values.begin() + static_cast<std::ptrdiff_t>(row * observable->size);
          rows[row].blocks.push_back({{observable->extents.begin(), observable->extents.end()},
                                      {begin, begin + static_cast<std::ptrdiff_t>(observable->size)}});
        }
      }
      if (!rows.empty()) target.write_done(first_there, rows);
      first += std::max<std::uint64_t>(1, rows.size());
    }
  }
}

// A store at `path` with rows that `copy` gives it; nothing stands there before it is whole, and nothing stays beside
// it if that fails.
void create_from(std::string const& path, StoreDescription const& store, Provenance const& provenance,
                 std::function<void(StoreWriter&)> const& copy) {
  auto const beside = growing_path(path);
  remove_unfinished(path);
  try {
    create_store(beside, store, provenance);
    {
      auto writer = StoreWriter::open_serial(beside, store);
      copy(writer);
    }
    sync_file(beside);
    std::error_code error;
    fs::rename(beside, path, error);
    if (error) throw BadInput("cannot put the new store in the place of " + path + ": " + error.message());
  } catch (...) {
    remove_unfinished(path);
    throw;
  }
  sync_file(fs::absolute(path).parent_path().string());
}

// The observables of one store that another does not have.
std::vector<std::string> missing_in(StoreDescription const& other, StoreDescription const& store) {
  std::vector<std::string> names;
  for (auto const& observable : store.observables())
    if (!other.find_observable(observable.info.name)) names.push_back(observable.info.name);
  return names;
}

// The first thing in which two descriptions of one job differ beside their realizations; empty if there is none.
std::string difference(StoreDescription const& one, StoreDescription const& other) {
  auto const same = [](Dimension const& a, Dimension const& b) {
    return a.name == b.name && a.coordinates == b.coordinates && a.unit == b.unit;
  };
  auto const swept = one.swept(), others = other.swept();
  if (!std::ranges::equal(swept, others, same)) return "the values of its sweep";
  for (auto const& axis : one.axes()) {
    auto const found = std::ranges::find(other.axes(), axis.name, &Dimension::name);
    if (found != other.axes().end() && !same(axis, *found)) return "the axis " + axis.name;
  }
  for (auto const& observable : one.observables()) {
    auto const* const found = other.find_observable(observable.info.name);
    if (found && (found->extents != observable.extents || found->info.dims != observable.info.dims ||
                  found->info.unit != observable.info.unit))
      return "the observable " + observable.info.name;
  }
  // one of them may have more, which were added since; but not both
  if (auto const lost = missing_in(other, one); !lost.empty() && !missing_in(one, other).empty())
    return "the observable " + lost.front();
  return "";
}

}  // namespace

void require_extension(StoreReader const& store, Plan const& old, Plan const& grown) {
  auto const refuse = [&](std::string const& reason) {
    throw BadInput(store.path() + " cannot be extended to this job: " + reason +
                   "; an extension keeps all values and adds to them");
  };
  if (old.experiment().name != grown.experiment().name)
    refuse("it holds " + old.experiment().name + ", not " + grown.experiment().name);
  if (old.job().seed != grown.job().seed)
    refuse("its seed is " + std::to_string(old.job().seed) + ", not " + std::to_string(grown.job().seed));
  if (!std::ranges::includes(grown.job().realizations, old.job().realizations))
    refuse("it has realizations " + format_realizations(old.job().realizations) + ", the job " +
           format_realizations(grown.job().realizations));
  for (std::size_t k = 0; k < old.job().values.size(); ++k)
    for (auto const& value : old.job().values[k])
      if (!index_in(grown.job().values[k], value))
        refuse("the job lacks " + old.experiment().parameters[k].name + " = " + format_value(value));
  for (std::uint64_t point = 0; point < old.points(); ++point)
    if (!grown.find_point(old.point(point * old.realizations())))
      refuse("the job lacks the point " + old.describe_point(point));
  for (auto const& observable : old.observables()) {
    auto const* const found = grown.find_observable(observable.info.name);
    bool fits = found != nullptr;
    for (std::size_t k = 0; fits && k < observable.extents.size(); ++k)
      fits = observable.extents[k] <= found->extents[k];
    if (!fits) refuse("there would be less room for " + observable.info.name);
  }
}

std::vector<std::string> extend_store(std::string const& path, Plan const& old, Plan const& grown,
                                      Provenance const& provenance) {
  StoreReader const source(path);
  auto const in_file = names_of_observables(source.file());
  std::vector<std::string> kept, added_since;
  for (auto const& observable : grown.observables()) {
    auto const& name = observable.info.name;
    bool const lacks = index_in(in_file, name) == std::nullopt && old.find_observable(name) != nullptr;
    (lacks ? added_since : kept).push_back(name);
  }
  auto const store = grown.restricted(kept, layout_version);

  std::vector<std::size_t> swept;
  for (auto const& dimension : grown.swept()) swept.push_back(grown.experiment().parameter_index(dimension.name));
  std::vector<std::uint64_t> points;
  std::vector<std::vector<Value>> values;
  for (std::uint64_t k = 0; k < old.points(); ++k) {
    auto const point = old.point(k * old.realizations());
    points.push_back(grown.find_point(point).value());
    values.emplace_back();
    for (auto const parameter : swept) values.back().push_back(point[parameter]);
  }
  auto const numbers = grown.realization_numbers();
  auto const destination = [&](std::uint64_t task) {
    auto const k = task / old.realizations();
    auto const number = old.realization(task);
    return Destination{points[k] * grown.realizations() + place_of(numbers, number), row_label(values[k], number)};
  };
  create_from(path, store, provenance, [&](StoreWriter& writer) { copy_rows(source, writer, store, destination); });
  return added_since;
}

std::vector<std::string> merge_stores(std::vector<std::string> const& parts, std::string const& path,
                                      Provenance const& provenance, std::vector<Experiment> const& catalogue) {
  if (fs::exists(path)) throw BadInput(path + " exists; choose another place with -o FILE");
  std::vector<StoreDescription> descriptions;
  std::vector<std::uint32_t> realizations;
  for (auto const& part : parts) {
    descriptions.push_back(StoreReader(part).description());
    auto const own = descriptions.back().realization_numbers();
    std::vector<std::uint32_t> common;
    std::ranges::set_intersection(realizations, own, std::back_inserter(common));
    if (!common.empty())
      throw BadInput(part + " has realizations " + format_realizations(common) +
                     " in common with the stores before it; stores to be merged must have different ones");
    std::vector<std::uint32_t> all;
    std::ranges::merge(realizations, own, std::back_inserter(all));
    realizations = std::move(all);
  }
  auto const first = descriptions.front().with_realizations(realizations);
  std::set<std::string> not_in_all;
  for (std::size_t k = 1; k < parts.size(); ++k) {
    auto const other = descriptions[k].with_realizations(realizations);
    auto lines = differences(with_defaults(first.texts().job, catalogue), parts[0],
                             with_defaults(other.texts().job, catalogue), parts[k]);
    if (auto const line = difference(first, other); lines.empty() && !line.empty()) lines.push_back(line);
    for (auto const& names : {missing_in(first, other), missing_in(other, first)})
      not_in_all.insert(names.begin(), names.end());
    if (!lines.empty()) throw BadInput(parts[k] + " is of another job than " + parts[0] + ": " + joined(lines, "; "));
  }
  std::vector<std::string> kept;
  for (auto const& observable : first.observables())
    if (!not_in_all.contains(observable.info.name)) kept.push_back(observable.info.name);
  auto const store = first.restricted(kept, layout_version);
  create_from(path, store, provenance, [&](StoreWriter& writer) {
    for (std::size_t k = 0; k < parts.size(); ++k) {
      auto const& part = descriptions[k];
      copy_rows(StoreReader(parts[k]), writer, store, [&](std::uint64_t task) {
        auto const place = place_of(realizations, part.realization(task));
        return Destination{task / part.realizations() * store.realizations() + place, part.label(task)};
      });
    }
  });
  return {not_in_all.begin(), not_in_all.end()};
}

}  // namespace hypnos

#include "hypnos/runtime/transfer.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "hypnos/base/text.hpp"
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

// Copies all rows that are done and whole, a run of consecutive ones at a time.
void copy_rows(StoreReader const& source, Plan const& old, StoreWriter& target, Plan const& grown) {
  auto states = source.states();
  for (auto const task : damaged_rows(source, old)) states[task] = TaskState::open;
  auto const seconds = source.file().open_dataset("realizations/seconds").read<double>();
  auto const ranks = source.file().open_dataset("realizations/rank").read<std::int32_t>();
  std::vector<hdf5::Dataset> datasets;
  for (auto const& observable : old.observables())
    datasets.push_back(source.file().open_dataset("realizations/" + observable.info.name));
  auto const most = std::max<std::uint64_t>(1, (1 << 23) / std::max<std::uint64_t>(1, old.row_bytes()));

  for (std::uint64_t point = 0; point < old.points(); ++point) {
    auto const new_point = grown.find_point(old.point(point * old.realizations())).value();
    for (std::uint64_t k = 0; k < old.realizations();) {
      auto const first = point * old.realizations() + k;
      auto const new_k = index_in(grown.job().realizations, old.job().realizations[k]).value();
      std::uint64_t rows = 0;
      while (rows < most && k + rows < old.realizations() && states[first + rows] == TaskState::done &&
             grown.job().realizations[new_k + rows] == old.job().realizations[k + rows])
        ++rows;
      if (rows > 0) {
        std::vector<StoreWriter::Row> copied(rows);
        for (std::uint64_t row = 0; row < rows; ++row) {
          // blocks keep the places that the experiment gives them
          copied[row] = {std::vector<Block>(grown.experiment().observables.size()), seconds[first + row],
                         ranks[first + row]};
        }
        for (std::size_t d = 0; d < datasets.size(); ++d) {
          auto const& observable = old.observables()[d];
          std::vector<double> values(rows * observable.size);
          auto const [offset, count] = slab(old, first, rows, observable.extents);
          datasets[d].read(offset, count, std::span(values));
          for (std::uint64_t row = 0; row < rows; ++row) {
            auto const begin = values.begin() + static_cast<std::ptrdiff_t>(row * observable.size);
            copied[row].blocks[observable.block] = {{observable.extents.begin(), observable.extents.end()},
                                                    {begin, begin + static_cast<std::ptrdiff_t>(observable.size)}};
          }
        }
        target.write_done(new_point * grown.realizations() + new_k, copied);
      }
      k += std::max<std::uint64_t>(1, rows);
    }
  }
}

// A store of `plan` at `path` with the rows of all `parts`; nothing stands there before it is whole, and nothing stays
// beside it if that fails.
void create_from(std::vector<std::string> const& parts, std::vector<Plan> const& plans, std::string const& path,
                 Plan const& plan, Provenance const& provenance) {
  auto const beside = growing_path(path);
  remove_unfinished(path);
  try {
    create_store(beside, plan, provenance);
    {
      auto writer = StoreWriter::open_serial(beside, plan);
      for (std::size_t k = 0; k < parts.size(); ++k) copy_rows(StoreReader(parts[k]), plans[k], writer, plan);
    }
    sync_file(beside);
    fs::rename(beside, path);
  } catch (...) {
    remove_unfinished(path);
    throw;
  }
  sync_file(fs::absolute(path).parent_path().string());
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
    auto const found = std::ranges::find(grown.observables(), observable.block, &Plan::StoredObservable::block);
    bool fits = found != grown.observables().end();
    for (std::size_t k = 0; fits && k < observable.extents.size(); ++k)
      fits = observable.extents[k] <= found->extents[k];
    if (!fits) refuse("there would be less room for " + observable.info.name);
  }
}

void extend_store(std::string const& path, Plan const& old, Plan const& grown, Provenance const& provenance) {
  create_from({path}, {old}, path, grown, provenance);
}

Plan merge_stores(std::vector<std::string> const& parts, std::string const& path,
                  std::vector<Experiment> const& catalogue, Provenance const& provenance) {
  if (fs::exists(path)) throw BadInput(path + " exists; choose another place with -o FILE");
  std::vector<Plan> plans;
  std::vector<std::uint32_t> realizations;
  for (auto const& part : parts) {
    StoreReader const store(part);
    plans.push_back(plan_of(store, catalogue));
    auto const& own = plans.back().job().realizations;
    std::vector<std::uint32_t> common;
    std::ranges::set_intersection(realizations, own, std::back_inserter(common));
    if (!common.empty())
      throw BadInput(part + " has realizations " + format_realizations(common) +
                     " in common with the stores before it; stores to be merged must have different ones");
    std::vector<std::uint32_t> all;
    std::ranges::merge(realizations, own, std::back_inserter(all));
    realizations = std::move(all);
  }
  auto const job_of_all = [&](Plan const& plan) {
    auto settings = settings_of(plan.job().text());
    override_settings(settings, {"realizations=" + format_realizations(realizations)});
    return make_job(catalogue, settings, path);
  };
  Job const job = job_of_all(plans.front());
  for (std::size_t k = 1; k < plans.size(); ++k)
    if (auto const lines = differences(job.text(), job_of_all(plans[k]).text()); !lines.empty())
      throw BadInput(parts[k] + " is of another job than " + parts[0] + ": " + joined(lines, "; "));
  Plan const plan(job, Checks::shapes);
  create_from(parts, plans, path, plan, provenance);
  return plan;
}

}  // namespace hypnos

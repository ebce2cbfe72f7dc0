#include "hypnos/runtime/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "row_slabs.hpp"

namespace hypnos {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Welford's recurrence, one accumulator an array element.
struct Accumulator {
  std::vector<double> mean, squares;
  std::vector<std::int64_t> count;

  explicit Accumulator(std::size_t size) : mean(size), squares(size), count(size) {}

  void add(std::size_t k, double value) {
    if (std::isnan(value)) return;
    double const from_mean = value - mean[k];
    mean[k] += from_mean / static_cast<double>(++count[k]);
    squares[k] += from_mean * (value - mean[k]);
  }

  Summary summary() const {
    Summary result{mean, std::vector<double>(mean.size(), nan), count};
    for (std::size_t k = 0; k < mean.size(); ++k) {
      auto const n = static_cast<double>(count[k]);
      if (count[k] == 0) result.mean[k] = nan;
      if (count[k] > 1) result.stderr_of_mean[k] = std::sqrt(squares[k] / (n - 1) / n);
    }
    return result;
  }
};

}  // namespace

std::vector<std::uint64_t> for_each_summary(hdf5::File const& file, StoreDescription const& store,
                                            std::function<void(PointSummaries const&)> const& action) {
  std::vector<std::uint64_t> damaged;
  std::vector<Accumulator> accumulators;
  std::uint64_t first = 0;  // of the points that are accumulated
  for_each_row_slab(file, store, [&](RowSlab const& slab) {
    auto const end = slab.first + slab.rows;
    if (slab.first % store.realizations() == 0) {
      first = slab.first / store.realizations();
      auto const points = (slab.rows + store.realizations() - 1) / store.realizations();
      accumulators.clear();
      for (auto const& observable : store.observables()) accumulators.emplace_back(points * observable.size);
    }
    for (std::uint64_t row = 0; row < slab.rows; ++row) {
      auto const task = slab.first + row;
      if (slab.done[row] && !slab.whole[row]) damaged.push_back(task);
      if (!slab.whole[row]) continue;
      auto const point = task / store.realizations() - first;
      for (std::size_t k = 0; k < accumulators.size(); ++k) {
        auto const size = store.observables()[k].size;
        for (std::uint64_t i = 0; i < size; ++i) accumulators[k].add(point * size + i, slab.values[k][row * size + i]);
      }
    }
    if (end % store.realizations() != 0) return;  // the rest of this point follows
    PointSummaries summaries{first, end / store.realizations() - first, {}};
    for (auto const& accumulator : accumulators) summaries.observables.push_back(accumulator.summary());
    action(summaries);
  });
  return damaged;
}

namespace {

std::string stem(StoredObservable const& observable) { return "summary/" + observable.info.name; }

// The arrays of consecutive sweep points in /summary, which has no dimension of realizations.
Slab at_points(StoreDescription const& store, StoredObservable const& observable, std::uint64_t first,
               std::uint64_t points) {
  auto where = slab(store, first * store.realizations(), points * store.realizations(), observable.extents);
  auto const realization = static_cast<std::ptrdiff_t>(store.sweep().size());
  where.offset.erase(where.offset.begin() + realization);
  where.count.erase(where.count.begin() + realization);
  return where;
}

void write_rows(hdf5::File& file, std::int64_t rows) {
  file.open_dataset("summary/rows").write(std::span<std::int64_t const>(&rows, 1));
}

}  // namespace

PointSummaries stored_summaries(hdf5::File const& file, StoreDescription const& store, std::uint64_t first,
                                std::uint64_t points) {
  PointSummaries summaries{first, points, {}};
  for (auto const& observable : store.observables()) {
    auto const [offset, count] = at_points(store, observable, first, points);
    auto const size = points * observable.size;
    Summary summary{std::vector<double>(size), std::vector<double>(size), std::vector<std::int64_t>(size)};
    file.open_dataset(stem(observable) + "_mean").read(offset, count, std::span(summary.mean));
    file.open_dataset(stem(observable) + "_stderr").read(offset, count, std::span(summary.stderr_of_mean));
    file.open_dataset(stem(observable) + "_count").read(offset, count, std::span(summary.count));
    summaries.observables.push_back(std::move(summary));
  }
  return summaries;
}

std::uint64_t reduce_store(std::string const& path) {
  auto const store = StoreReader(path).description();
  auto file = hdf5::File::open_write(path);
  write_rows(file, 0);  // a summary under construction is not one
  auto const damaged = for_each_summary(file, store, [&](PointSummaries const& summaries) {
    for (std::size_t k = 0; k < store.observables().size(); ++k) {
      auto const& observable = store.observables()[k];
      auto const& [mean, error, number] = summaries.observables[k];
      auto const [offset, count] = at_points(store, observable, summaries.first, summaries.points);
      file.open_dataset(stem(observable) + "_mean").write(offset, count, std::span<double const>(mean));
      file.open_dataset(stem(observable) + "_stderr").write(offset, count, std::span<double const>(error));
      file.open_dataset(stem(observable) + "_count").write(offset, count, std::span<std::int64_t const>(number));
    }
  });
  auto const flags = file.open_dataset("realizations/done").read<std::uint8_t>();
  auto const done = std::ranges::count(flags, static_cast<std::uint8_t>(TaskState::done));
  write_rows(file, done - std::ssize(damaged));
  return damaged.size();
}

Summary read_summary(StoreReader const& store, std::string const& observable) {
  auto const stem = "summary/" + observable;
  return {store.file().open_dataset(stem + "_mean").read<double>(),
          store.file().open_dataset(stem + "_stderr").read<double>(),
          store.file().open_dataset(stem + "_count").read<std::int64_t>()};
}

std::uint64_t summarized_rows(StoreReader const& store) {
  return static_cast<std::uint64_t>(store.file().open_dataset("summary/rows").read<std::int64_t>().front());
}

}  // namespace hypnos

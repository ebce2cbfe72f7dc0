#include "hypnos/runtime/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hypnos {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t numbers_a_slab = 1 << 20;

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

Summary summary_at(hdf5::File const& file, StoreDescription const& store, StoredObservable const& observable,
                   std::uint64_t point) {
  auto const done = file.open_dataset("realizations/done");
  auto const source = file.open_dataset("realizations/" + observable.info.name);
  auto const chunk = std::max<std::uint64_t>(1, numbers_a_slab / observable.size);
  Accumulator accumulator(observable.size);
  for (std::uint64_t begin = 0; begin < store.realizations(); begin += chunk) {
    auto const rows = std::min(chunk, store.realizations() - begin);
    auto const task = point * store.realizations() + begin;
    auto const where_flags = slab(store, task, rows);
    auto const where_values = slab(store, task, rows, observable.extents);
    std::vector<std::uint8_t> flags(rows);
    std::vector<double> values(rows * observable.size);
    done.read(where_flags.offset, where_flags.count, std::span(flags));
    source.read(where_values.offset, where_values.count, std::span(values));
    for (std::uint64_t row = 0; row < rows; ++row)
      if (static_cast<TaskState>(flags[row]) == TaskState::done)
        for (std::uint64_t k = 0; k < observable.size; ++k) accumulator.add(k, values[row * observable.size + k]);
  }
  return accumulator.summary();
}

namespace {

std::string stem(StoredObservable const& observable) { return "summary/" + observable.info.name; }

// The arrays of one sweep point in /summary.
Slab at_point(StoreDescription const& store, StoredObservable const& observable, std::uint64_t point) {
  auto where = slab(store, point * store.realizations(), 1, observable.extents);
  auto const realization = static_cast<std::ptrdiff_t>(store.sweep().size());
  where.offset.erase(where.offset.begin() + realization);
  where.count.erase(where.count.begin() + realization);
  return where;
}

void write_rows(hdf5::File& file, std::int64_t rows) {
  file.open_dataset("summary/rows").write(std::span<std::int64_t const>(&rows, 1));
}

}  // namespace

Summary stored_summary_at(hdf5::File const& file, StoreDescription const& store, StoredObservable const& observable,
                          std::uint64_t point) {
  auto const [offset, count] = at_point(store, observable, point);
  Summary summary{std::vector<double>(observable.size), std::vector<double>(observable.size),
                  std::vector<std::int64_t>(observable.size)};
  file.open_dataset(stem(observable) + "_mean").read(offset, count, std::span(summary.mean));
  file.open_dataset(stem(observable) + "_stderr").read(offset, count, std::span(summary.stderr_of_mean));
  file.open_dataset(stem(observable) + "_count").read(offset, count, std::span(summary.count));
  return summary;
}

void reduce_store(std::string const& path) {
  auto const store = StoreReader(path).description();
  auto file = hdf5::File::open_write(path);
  write_rows(file, 0);  // a summary under construction is not one
  for (auto const& observable : store.observables()) {
    auto mean = file.open_dataset(stem(observable) + "_mean");
    auto error = file.open_dataset(stem(observable) + "_stderr");
    auto number = file.open_dataset(stem(observable) + "_count");
    for (std::uint64_t point = 0; point < store.points(); ++point) {
      auto const summary = summary_at(file, store, observable, point);
      auto const [offset, count] = at_point(store, observable, point);
      mean.write(offset, count, std::span<double const>(summary.mean));
      error.write(offset, count, std::span<double const>(summary.stderr_of_mean));
      number.write(offset, count, std::span<std::int64_t const>(summary.count));
    }
  }
  auto const flags = file.open_dataset("realizations/done").read<std::uint8_t>();
  write_rows(file, std::ranges::count(flags, static_cast<std::uint8_t>(TaskState::done)));
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

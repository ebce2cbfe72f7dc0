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

// The arrays of one sweep point: everything behind its indices.
struct Slab {
  hdf5::Shape offset, count;
};

Slab at_point(Plan const& plan, std::uint64_t point, std::vector<std::uint64_t> const& extents) {
  auto offset = plan.position(point * plan.job().realizations);
  offset.pop_back();
  hdf5::Shape count(offset.size(), 1);
  for (auto const extent : extents) {
    offset.push_back(0);
    count.push_back(extent);
  }
  return {offset, count};
}

}  // namespace

void reduce_store(std::string const& path, Plan const& plan) {
  auto file = hdf5::File::open_write(path);
  auto const done = file.open_dataset("realizations/done");
  auto rows_dataset = file.open_dataset("summary/rows");
  // a summary under construction is not one
  std::int64_t rows = 0;
  rows_dataset.write(std::span<std::int64_t const>(&rows, 1));

  std::uint64_t const realizations = plan.job().realizations;
  auto const sweep_rank = plan.sweep().size();
  for (auto const& observable : plan.observables()) {
    auto const source = file.open_dataset("realizations/" + observable.info.name);
    auto mean = file.open_dataset("summary/" + observable.info.name + "_mean");
    auto error = file.open_dataset("summary/" + observable.info.name + "_stderr");
    auto count = file.open_dataset("summary/" + observable.info.name + "_count");
    auto const width = observable.size;
    auto const chunk = std::max<std::uint64_t>(1, numbers_a_slab / width);
    bool const first = &observable == &plan.observables().front();

    for (std::uint64_t point = 0; point < plan.points(); ++point) {
      Accumulator accumulator(width);
      for (std::uint64_t begin = 0; begin < realizations; begin += chunk) {
        auto const size = std::min(chunk, realizations - begin);
        auto [offset, extent] = at_point(plan, point, observable.extents);
        auto const where = static_cast<std::ptrdiff_t>(sweep_rank);
        offset.insert(offset.begin() + where, begin);
        extent.insert(extent.begin() + where, size);
        hdf5::Shape const flag_offset(offset.begin(), offset.begin() + where + 1);
        hdf5::Shape const flag_extent(extent.begin(), extent.begin() + where + 1);

        std::vector<std::uint8_t> flags(size);
        std::vector<double> values(size * width);
        done.read(flag_offset, flag_extent, std::span(flags));
        source.read(offset, extent, std::span(values));
        for (std::uint64_t row = 0; row < size; ++row) {
          if (static_cast<TaskState>(flags[row]) != TaskState::done) continue;
          if (first) ++rows;
          for (std::uint64_t k = 0; k < width; ++k) accumulator.add(k, values[row * width + k]);
        }
      }
      auto const [offset, extent] = at_point(plan, point, observable.extents);
      auto const summary = accumulator.summary();
      mean.write(offset, extent, std::span<double const>(summary.mean));
      error.write(offset, extent, std::span<double const>(summary.stderr_of_mean));
      count.write(offset, extent, std::span<std::int64_t const>(summary.count));
    }
  }
  rows_dataset.write(std::span<std::int64_t const>(&rows, 1));
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

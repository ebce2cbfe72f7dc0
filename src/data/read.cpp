#include "hypnos/data/read.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "columns.hpp"
#include "hypnos/base/text.hpp"
#include "table.hpp"

namespace hypnos {

namespace {

// Calls action(row, values of the row) for all rows in order.
template <class Action>
void for_each_row(Table& table, Action action) {
  constexpr std::int64_t slab_size = 1 << 18;  // numbers, 2 MB
  auto const width = static_cast<std::size_t>(table.columns());
  auto const slab_rows = std::max<std::int64_t>(1, slab_size / table.columns());
  std::vector<double> slab;
  for (std::int64_t first = 0; first < table.rows(); first += slab_rows) {
    auto const height = std::min(slab_rows, table.rows() - first);
    slab.resize(static_cast<std::size_t>(height) * width);
    table.next_rows(slab);
    for (std::int64_t k = 0; k < height; ++k)
      action(first + k, std::span<double const>(slab).subspan(static_cast<std::size_t>(k) * width, width));
  }
}

// Silence is 0 or -1, the same value throughout a file.
class Silence {
 public:
  bool operator==(double value) const { return value == written_as_; }

  // Called for a value that is neither a spike nor the value of silence found so far.
  void learn(double value, Table& table, std::int64_t row, std::int64_t column) {
    if (value != 0 && value != -1)
      table.fail("the value at " + table.place(row, column) + " is " + format_number(value) +
                 ", but spins are 0 and 1 or -1 and 1; convert the values first");
    if (!std::isnan(written_as_))
      table.fail("the value at " + table.place(row, column) + " is " + format_number(value) + ", but there is " +
                 format_number(written_as_) + " before it; use 0 and 1 or -1 and 1 throughout");
    written_as_ = value;
  }

 private:
  double written_as_ = std::numeric_limits<double>::quiet_NaN();  // NaN: not found yet
};

}  // namespace

Raster read_raster(std::string const& path, std::string const& dataset, std::vector<int> const& columns) {
  auto const table = open_table(path, dataset);
  if (table->shape().size() != 2)
    table->fail("has " + shape_text(*table) + ", but a raster has two dimensions, samples x neurons");
  if (table->rows() == 0 || table->columns() == 0)
    table->fail("is empty (" + shape_text(*table) + "), but a raster needs samples and neurons");
  if (std::max(table->rows(), table->columns()) > std::numeric_limits<int>::max())
    table->fail("has " + shape_text(*table) + ", which is more than a raster can hold");
  require_columns(columns, table->columns(), table->source());

  auto kept = columns;
  if (kept.empty()) {
    kept.resize(static_cast<std::size_t>(table->columns()));
    std::iota(kept.begin(), kept.end(), 0);
  }
  Raster raster(table->rows(), std::ssize(kept));
  Silence silence;
  for_each_row(*table, [&](std::int64_t row, std::span<double const> values) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      double const value = values[static_cast<std::size_t>(kept[i])];
      if (value == 1) raster.activate(static_cast<int>(row), static_cast<int>(i));
      else if (silence != value) silence.learn(value, *table, row, kept[i]);
    }
  });
  return raster;
}

std::vector<int> read_labels(std::string const& path, std::string const& dataset, int samples) {
  auto const table = open_table(path, dataset);
  auto const& shape = table->shape();
  if (shape.empty() || shape.size() > 2 || (shape.size() == 2 && std::min(shape[0], shape[1]) != 1))
    table->fail("has " + shape_text(*table) + ", but labels are one-dimensional, one a sample");
  if (auto const count = table->rows() * table->columns(); count != samples)
    table->fail("holds " + std::to_string(count) + " labels, but the raster has " + std::to_string(samples) +
                " samples; there must be one label a sample");

  std::vector<int> labels;
  for_each_row(*table, [&](std::int64_t row, std::span<double const> values) {
    for (std::size_t column = 0; column < values.size(); ++column) {
      double const value = values[column];
      if (value != std::trunc(value) || std::abs(value) > std::numeric_limits<int>::max())
        table->fail("the label at " + table->place(row, static_cast<std::int64_t>(column)) + " is " +
                    format_number(value) + ", but labels are integers below 2^31");
      labels.push_back(static_cast<int>(value));
    }
  });
  return labels;
}

}  // namespace hypnos

#include "hypnos/data/couplings.hpp"

#include <cmath>
#include <limits>

#include "hypnos/base/text.hpp"
#include "table.hpp"

namespace hypnos {

namespace {

constexpr std::int64_t most_neurons = 100'000;

// The number of rows before those that are NaN as a whole.
std::int64_t filled_rows(std::vector<double> const& values, std::int64_t width) {
  auto rows = std::ssize(values) / width;
  auto const empty = [&](std::int64_t row) {
    for (std::int64_t column = 0; column < width; ++column)
      if (!std::isnan(values[static_cast<std::size_t>(row * width + column)])) return false;
    return true;
  };
  while (rows > 0 && empty(rows - 1)) --rows;
  return rows;
}

}  // namespace

CouplingTable read_couplings(std::string const& path, std::string const& dataset, std::int64_t task) {
  auto const table = open_table(path, dataset);
  if (table->shape().size() < 2) table->fail("has " + shape_text(*table) + ", but couplings are a matrix, N x N");
  if (task >= table->tables())
    table->fail("has " + std::to_string(table->tables()) + " matrices, so there is no task " + std::to_string(task) +
                "; give task=0 to " + std::to_string(table->tables() - 1));
  table->select(task);
  auto const width = table->columns();
  if (table->shape().size() != 2 || table->rows() != width || width == 0 || width > most_neurons)
    table->fail("has " + shape_text(*table) + ", but couplings are a square matrix, N x N");
  std::vector<double> values(static_cast<std::size_t>(width * width));
  table->next_rows(values);

  auto const neurons = filled_rows(values, width);
  if (neurons == 0)
    table->fail("has only NaN at task " + std::to_string(task) + ": it was not computed, or its couplings not stored");
  CouplingTable couplings{static_cast<int>(neurons), {}};
  for (std::int64_t row = 0; row < neurons; ++row)
    for (std::int64_t column = 0; column < width; ++column) {
      double const value = values[static_cast<std::size_t>(row * width + column)];
      if (column < neurons ? !std::isfinite(value) : !std::isnan(value))
        table->fail("the value at " + table->place(row, column) + " is " + format_number(value) +
                    ", but couplings are finite numbers, as many rows as columns");
      if (column < neurons) couplings.J.push_back(value);
    }
  return couplings;
}

}  // namespace hypnos

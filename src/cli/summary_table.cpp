#include "summary_table.hpp"

#include <algorithm>
#include <cmath>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/summary.hpp"
#include "store_counts.hpp"
#include "table.hpp"

namespace hypnos::cli {

namespace {

using Row = std::vector<std::string>;

std::string csv_number(double value) { return std::isnan(value) ? "" : format_number(value); }

Row csv_cells(Summary const& summary, std::size_t k) {
  return {csv_number(summary.mean[k]), csv_number(summary.stderr_of_mean[k]), std::to_string(summary.count[k])};
}

// The axes of an array in /summary: those of the sweep, then its own.
std::vector<SweepAxis> axes_of(StoreDescription const& description, StoredObservable const& observable) {
  auto axes = description.sweep();
  for (auto const& name : observable.info.dims)
    axes.push_back({name, {*std::ranges::find(description.axes(), name, &Dimension::name)}});
  return axes;
}

// Coordinates of element number k of an array over these axes.
Row labels(std::vector<SweepAxis> const& axes, std::uint64_t k) {
  std::vector<Row> cells(axes.size());
  for (auto a = axes.size(); a-- > 0;) {
    for (auto const& member : axes[a].members) cells[a].push_back(member.label(k % axes[a].size()));
    k /= axes[a].size();
  }
  Row row;
  for (auto const& more : cells) row.insert(row.end(), more.begin(), more.end());
  return row;
}

Row names(std::vector<SweepAxis> const& axes) {
  Row cells;
  for (auto const& axis : axes)
    for (auto const& member : axis.members) cells.push_back(member.name);
  return cells;
}

void append(Row& row, Row const& more) { row.insert(row.end(), more.begin(), more.end()); }

void warn_if_stale(StoreReader const& store) {
  auto const counts = counts_of(store);
  auto const rows = summarized_rows(store);
  if (rows != counts.done)
    std::fprintf(stderr, "the summary is made of %llu of %llu done tasks; `hypnos reduce %s` brings it up to date\n",
                 static_cast<unsigned long long>(rows), static_cast<unsigned long long>(counts.done),
                 store.path().c_str());
}

}  // namespace

void print_scalars(StoreReader const& store, bool csv, std::uint64_t most_lines, std::FILE* stream) {
  warn_if_stale(store);
  auto const description = store.description();
  std::vector<std::string> shown;
  std::vector<Summary> summaries;
  for (auto const& observable : description.observables()) {
    if (!observable.extents.empty()) continue;
    auto summary = read_summary(store, observable.info.name);
    // nowhere measured (no generating model, no test set): nothing to show
    if (!csv && std::ranges::all_of(summary.count, [](auto n) { return n == 0; })) continue;
    shown.push_back(observable.info.name);
    summaries.push_back(std::move(summary));
  }

  if (csv) {
    auto head = names(description.sweep());
    for (auto const& name : shown) append(head, {name + "_mean", name + "_stderr", name + "_count"});
    std::fprintf(stream, "%s\n", joined(head, ",").c_str());
    for (std::uint64_t k = 0; k < description.points(); ++k) {
      auto row = labels(description.sweep(), k);
      for (auto const& summary : summaries) append(row, csv_cells(summary, k));
      std::fprintf(stream, "%s\n", joined(row, ",").c_str());
    }
    return;
  }
  if (description.sweep().empty()) {
    Table table;
    for (std::size_t s = 0; s < shown.size(); ++s)
      table.add({shown[s], with_error(summaries[s].mean[0], summaries[s].stderr_of_mean[0])});
    table.print(stream);
    return;
  }
  // as many columns side by side as a terminal shows
  constexpr std::size_t columns = 7;
  for (std::size_t first = 0; first < shown.size(); first += columns) {
    auto const last = std::min(first + columns, shown.size());
    if (first > 0) std::fputs("\n", stream);
    Table table;
    auto head = names(description.sweep());
    head.insert(head.end(), shown.begin() + static_cast<std::ptrdiff_t>(first),
                shown.begin() + static_cast<std::ptrdiff_t>(last));
    table.add(head);
    for (std::uint64_t k = 0; k < std::min(description.points(), most_lines); ++k) {
      auto row = labels(description.sweep(), k);
      for (auto s = first; s < last; ++s)
        row.push_back(with_error(summaries[s].mean[k], summaries[s].stderr_of_mean[k]));
      table.add(row);
    }
    table.print(stream);
    if (description.points() > most_lines)
      std::fprintf(stream, "... %llu more lines: hypnos show %s\n",
                   static_cast<unsigned long long>(description.points() - most_lines), store.path().c_str());
  }
}

void print_observable(StoreReader const& store, std::string const& observable, bool csv, std::FILE* stream) {
  auto const description = store.description();
  auto const found =
      std::ranges::find(description.observables(), observable, [](auto const& o) { return o.info.name; });
  if (found == description.observables().end()) {
    std::vector<std::string> known;
    for (auto const& other : description.observables()) known.push_back(other.info.name);
    throw BadInput(store.path() + " has no observable '" + observable + "'" + suggestion(observable, known) +
                   "; there are " + joined(known, ", "));
  }
  warn_if_stale(store);
  auto const axes = axes_of(description, *found);
  auto const summary = read_summary(store, observable);
  auto head = names(axes);
  if (csv) {
    append(head, {"mean", "stderr", "count"});
    std::fprintf(stream, "%s\n", joined(head, ",").c_str());
  }
  Table table;
  append(head, {observable + (found->info.unit == "1" ? "" : " (" + found->info.unit + ")"), "realizations"});
  table.add(head);
  for (std::size_t k = 0; k < summary.mean.size(); ++k) {
    auto row = labels(axes, k);
    if (csv) {
      append(row, csv_cells(summary, k));
      std::fprintf(stream, "%s\n", joined(row, ",").c_str());
    } else {
      append(row, {with_error(summary.mean[k], summary.stderr_of_mean[k]), std::to_string(summary.count[k])});
      table.add(row);
    }
  }
  if (!csv) table.print(stream);
}

}  // namespace hypnos::cli

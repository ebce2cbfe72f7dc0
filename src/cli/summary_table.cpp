#include "summary_table.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/summary.hpp"
#include "hypnos/runtime/terminal.hpp"
#include "store_counts.hpp"
#include "table.hpp"

namespace hypnos::cli {

std::string reason_of_nan(std::string const& description) {
  auto const begin = description.find("NaN ");
  if (begin == description.npos) return {};
  return description.substr(begin, description.find_first_of(";)", begin) - begin);
}

namespace {

using Row = std::vector<std::string>;

// The axes of an array in /summary: those of the sweep, then its own.
std::vector<SweepAxis> axes_of(StoreDescription const& description, StoredObservable const& observable) {
  auto axes = description.sweep();
  for (auto const& name : observable.info.dims)
    axes.push_back({name, {*std::ranges::find(description.axes(), name, &Dimension::name)}});
  return axes;
}

// A coordinate as it is printed, and whether it is a text.
struct Label {
  std::string text;
  bool is_text = false;
};

// Coordinates of element number k of an array over these axes.
std::vector<Label> labels(std::vector<SweepAxis> const& axes, std::uint64_t k) {
  std::vector<std::vector<Label>> cells(axes.size());
  for (auto a = axes.size(); a-- > 0;) {
    auto const at = k % axes[a].size();
    for (auto const& member : axes[a].members)
      cells[a].push_back({member.label(at), std::holds_alternative<std::vector<std::string>>(member.coordinates)});
    k /= axes[a].size();
  }
  std::vector<Label> row;
  for (auto const& more : cells) row.insert(row.end(), more.begin(), more.end());
  return row;
}

Row names(std::vector<SweepAxis> const& axes) {
  Row cells;
  for (auto const& axis : axes)
    for (auto const& member : axis.members) cells.push_back(member.name);
  return cells;
}

Row texts(std::vector<Label> const& labels) {
  Row row;
  for (auto const& label : labels) row.push_back(label.text);
  return row;
}

void append(Row& row, Row const& more) { row.insert(row.end(), more.begin(), more.end()); }

void warn(std::string const& message) {
  std::fprintf(stderr, "%s\n", painted(message, Paint::warning, stderr).c_str());
}

void warn_if_stale(StoreReader const& store) {
  auto const counts = counts_of(store);
  if (auto const rows = summarized_rows(store); rows != counts.done)
    warn("the summary is made of " + std::to_string(rows) + " of " + std::to_string(counts.done) +
         " done tasks; `hypnos reduce " + store.path() + "` brings it up to date");
}

// --- for other programs ---

std::string quoted(std::string const& text) {
  std::string result = "\"";
  for (char const c : text) {
    auto const code = static_cast<unsigned char>(c);
    char escape[8];
    if (c == '"' || c == '\\') result += std::string("\\") + c;
    else if (code < ' ') std::snprintf(escape, sizeof escape, "\\u%04x", code), result += escape;
    else result += c;
  }
  return result + '"';
}

std::string csv_cell(Label const& label) {
  if (label.text.find_first_of(",\"\n") == label.text.npos) return label.text;
  std::string result = "\"";
  for (char const c : label.text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + '"';
}

// Records of named values: lines of CSV, or a list of JSON.
class Records {
 public:
  Records(Format format, Row head, std::FILE* stream) : format_(format), head_(std::move(head)), stream_(stream) {
    std::fprintf(stream_, "%s", is_csv() ? (joined(head_, ",") + "\n").c_str() : "[");
  }
  void add(std::vector<Label> const& coordinates, std::vector<Summary> const& summaries, std::size_t k) {
    Row cells;
    for (auto const& label : coordinates)
      cells.push_back(is_csv() ? csv_cell(label) : label.is_text ? quoted(label.text) : label.text);
    for (auto const& summary : summaries)
      append(cells, {number(summary.mean[k]), number(summary.stderr_of_mean[k]), std::to_string(summary.count[k])});
    if (is_csv()) {
      std::fprintf(stream_, "%s\n", joined(cells, ",").c_str());
      return;
    }
    for (std::size_t c = 0; c < cells.size(); ++c) cells[c] = quoted(head_[c]) + ": " + cells[c];
    std::fprintf(stream_, "%s\n{%s}", first_ ? "" : ",", joined(cells, ", ").c_str());
    first_ = false;
  }
  void end() {
    if (!is_csv()) std::fprintf(stream_, "\n]\n");
  }

 private:
  bool is_csv() const { return format_ == Format::csv; }
  std::string number(double value) const {
    return !std::isnan(value) && std::isfinite(value) ? format_number(value) : is_csv() ? "" : "null";
  }

  Format format_;
  Row head_;
  std::FILE* stream_;
  bool first_ = true;
};

// --- for readers ---

// The cells of a table, and the lines below it that explain some of them.
class Cells {
 public:
  explicit Cells(StoreReader const& store) {
    auto const description = store.description();
    realizations_ = description.realizations();
    auto const states = store.states();
    for (std::uint64_t point = 0; point < description.points(); ++point) {
      auto const first = states.begin() + static_cast<std::ptrdiff_t>(point * realizations_);
      done_.push_back(static_cast<std::uint64_t>(
          std::count(first, first + static_cast<std::ptrdiff_t>(realizations_), TaskState::done)));
    }
  }

  std::uint64_t done(std::uint64_t point) const { return done_[point]; }

  /// The mean and its error, the number of values if there are fewer than realizations, or why there is none.
  std::string cell(ObservableInfo const& info, Summary const& summary, std::size_t k, std::uint64_t point) {
    auto const count = static_cast<std::uint64_t>(summary.count[k]);
    if (count == 0) {
      if (done_[point] == 0) return "no samples";
      auto const reason = reason_of_nan(info.description);
      if (!reason.empty()) reasons_.insert(info.name + ": " + reason);
      return reason.find("never") == reason.npos ? "not measured" : "never";
    }
    auto text = with_error(summary.mean[k], summary.stderr_of_mean[k]);
    if (count == realizations_) return text;
    fewer_ = true;
    return text + " [" + std::to_string(count) + "]";
  }

  void print_legend(std::FILE* stream) const {
    if (fewer_)
      std::fprintf(stream, "[n]: only n of %llu realizations have a value\n",
                   static_cast<unsigned long long>(realizations_));
    for (auto const& reason : reasons_) std::fprintf(stream, "%s\n", reason.c_str());
  }

 private:
  std::uint64_t realizations_ = 0;
  std::vector<std::uint64_t> done_;  // by sweep point
  bool fewer_ = false;
  std::set<std::string> reasons_;
};

// Nothing that is measured differs between realizations, so no error can be estimated from them.
bool realizations_are_identical(std::vector<Summary> const& summaries) {
  bool several = false;
  for (auto const& summary : summaries)
    for (std::size_t k = 0; k < summary.count.size(); ++k) {
      if (summary.count[k] < 2) continue;
      several = true;
      if (summary.stderr_of_mean[k] > 1e-13 * std::abs(summary.mean[k])) return false;
    }
  return several;
}

struct Scalars {
  std::vector<ObservableInfo> infos;
  std::vector<Summary> summaries;
};

void print_records(StoreDescription const& description, Scalars const& scalars, Format format, std::FILE* stream) {
  auto head = names(description.sweep());
  for (auto const& info : scalars.infos)
    append(head, {info.name + "_mean", info.name + "_stderr", info.name + "_count"});
  Records records(format, head, stream);
  for (std::uint64_t k = 0; k < description.points(); ++k)
    records.add(labels(description.sweep(), k), scalars.summaries, k);
  records.end();
}

// What was measured at no point is left out, unless it could have happened and never did.
bool is_shown(ObservableInfo const& info, Summary const& summary) {
  return std::ranges::any_of(summary.count, [](auto n) { return n > 0; }) ||
         reason_of_nan(info.description).find("never") != std::string::npos;
}

}  // namespace

void print_scalars(StoreReader const& store, Format format, std::uint64_t most_lines, std::FILE* stream) {
  warn_if_stale(store);
  auto const description = store.description();
  Scalars scalars;
  for (auto const& observable : description.observables()) {
    if (!observable.extents.empty()) continue;
    auto summary = read_summary(store, observable.info.name);
    if (format == Format::table && !is_shown(observable.info, summary)) continue;
    scalars.infos.push_back(observable.info);
    scalars.summaries.push_back(std::move(summary));
  }
  if (format != Format::table) return print_records(description, scalars, format, stream);

  auto const& [infos, summaries] = scalars;
  Cells cells(store);
  if (description.sweep().empty()) {
    Table table;
    for (std::size_t s = 0; s < infos.size(); ++s) table.add({infos[s].name, cells.cell(infos[s], summaries[s], 0, 0)});
    table.print(stream);
  }
  // as many columns side by side as a terminal shows
  constexpr std::size_t columns = 7;
  for (std::size_t first = 0; first < infos.size() && !description.sweep().empty(); first += columns) {
    auto const last = std::min(first + columns, infos.size());
    if (first > 0) std::fputs("\n", stream);
    Table table;
    auto head = names(description.sweep());
    for (auto s = first; s < last; ++s) head.push_back(infos[s].name);
    table.add(head);
    for (std::uint64_t k = 0; k < std::min(description.points(), most_lines); ++k) {
      auto row = texts(labels(description.sweep(), k));
      for (auto s = first; s < last; ++s) row.push_back(cells.cell(infos[s], summaries[s], k, k));
      table.add(row);
    }
    table.print(stream);
    if (description.points() > most_lines)
      std::fprintf(stream, "... %llu more lines: hypnos show %s\n",
                   static_cast<unsigned long long>(description.points() - most_lines), store.path().c_str());
  }
  cells.print_legend(stream);
  if (realizations_are_identical(summaries))
    warn("all realizations are identical, so no errors can be estimated from them");
}

void print_observable(StoreReader const& store, std::string const& observable, Format format, std::FILE* stream) {
  auto const description = store.description();
  auto const* const found = description.find_observable(observable);
  if (!found) {
    std::vector<std::string> known;
    for (auto const& other : description.observables()) known.push_back(other.info.name);
    throw BadInput(store.path() + " has no observable '" + observable + "'" + suggestion(observable, known) +
                   "; there are " + joined(known, ", "));
  }
  warn_if_stale(store);
  auto const axes = axes_of(description, *found);
  std::vector<Summary> const summaries{read_summary(store, observable)};
  auto const& summary = summaries.front();
  auto head = names(axes);
  if (format != Format::table) {
    append(head, {"mean", "stderr", "count"});
    Records records(format, head, stream);
    for (std::size_t k = 0; k < summary.mean.size(); ++k) records.add(labels(axes, k), summaries, k);
    return records.end();
  }
  Cells cells(store);
  Table table;
  append(head, {observable + (found->info.unit == "1" || found->info.unit.empty() ? "" : " (" + found->info.unit + ")"),
                "realizations"});
  table.add(head);
  for (std::size_t k = 0; k < summary.mean.size(); ++k) {
    auto row = texts(labels(axes, k));
    auto const point = k / found->size;
    // the number of values has a column of its own
    auto const cell = summary.count[k] == 0 ? cells.cell(found->info, summary, k, point)
                                            : with_error(summary.mean[k], summary.stderr_of_mean[k]);
    append(row, {cell, std::to_string(summary.count[k])});
    table.add(row);
  }
  table.print(stream);
  cells.print_legend(stream);
}

}  // namespace hypnos::cli

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "hypnos/experiment/experiment.hpp"

namespace hypnos {

using Coordinates = std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>>;

/// A named, labelled direction of the arrays in a store.
struct Dimension {
  std::string name, unit, description;
  Coordinates coordinates;
  std::string symbol = {};  ///< in LaTeX, without dollar signs; empty: the name
  bool flag = false;        ///< the coordinates 0 and 1 mean false and true

  std::uint64_t size() const;
  Value value(std::uint64_t k) const;        ///< coordinate number k; a flag as 0 or 1
  std::string label(std::uint64_t k) const;  ///< coordinate number k as a text
};

/// An axis of the sweep: one parameter, or several that are walked side by side (`together`).
struct SweepAxis {
  std::string name;                ///< of the dimension: "a", or "alpha_k" of alpha and k together
  std::vector<Dimension> members;  ///< of equal length, one a parameter

  std::uint64_t size() const { return members.front().size(); }
  bool joint() const { return members.size() > 1; }
};

/// An observable with its place in a store.
struct StoredObservable {
  ObservableInfo info;
  std::vector<std::uint64_t> extents;  ///< within one task
  std::uint64_t size;                  ///< their product
};

/// The version of the layout that this program writes.
///   1  hypnos 0.1: checksums cover the numbers of a row only; failure messages are strings of fixed length, which
///      netCDF-C cannot read.
///   2  (programs between releases) checksums cover row_label too; failure messages are characters.
///   3  checksums cover job_label too; metadata_checksum.
constexpr std::int64_t layout_version = 3;

/// What stands in a store beside its rows: the job, the axes of the sweep, the realizations, the own axes of the
/// experiment, and the observables. It is either derived from a job and an experiment (Plan), or read from a file
/// (StoreReader::description), where neither the experiment nor its parameters need to be known to this program.
/// A task is one (sweep point, realization); tasks are numbered row by row, the realization running fastest.
class StoreDescription {
 public:
  struct Texts {
    std::string experiment, source;
    std::string job;  ///< Job::text of the job that made the store
    std::uint64_t seed = 1;
  };

  StoreDescription(Texts texts, std::int64_t layout, std::vector<SweepAxis> sweep, Dimension realization,
                   std::vector<Dimension> axes, std::vector<StoredObservable> observables);

  Texts const& texts() const { return texts_; }
  std::int64_t layout() const { return layout_; }
  std::vector<SweepAxis> const& sweep() const { return sweep_; }
  /// The parameters of the sweep, axis by axis.
  std::vector<Dimension> swept() const;
  Dimension const& realization() const { return realization_; }
  /// The experiment's axes that have coordinates.
  std::vector<Dimension> const& axes() const { return axes_; }
  /// Those that have a place in the store, in the order in which a row's checksum takes them.
  std::vector<StoredObservable> const& observables() const { return observables_; }
  /// Null if there is none of this name.
  StoredObservable const* find_observable(std::string const& name) const;

  std::uint64_t points() const { return points_; }
  std::uint64_t realizations() const { return realization_.size(); }
  std::uint64_t tasks() const { return points_ * realizations(); }
  std::uint32_t realization(std::uint64_t task) const;
  /// All of them, ascending.
  std::vector<std::uint32_t> realization_numbers() const;
  /// Where the task stands in the arrays: one index an axis of the sweep, then the realization.
  std::vector<std::uint64_t> position(std::uint64_t task) const;
  /// "a = 0.3, rule = l1, realization 7"
  std::string describe(std::uint64_t task) const;
  /// "a = 0.3, rule = l1"; "its only point" without a sweep.
  std::string describe_point(std::uint64_t point) const;
  /// The identity of a row as bytes, within its job: see row_label.
  std::string label(std::uint64_t task) const;
  /// That of its job: see job_label.
  std::string job_label() const;

  /// Bytes of the observables of one task.
  std::uint64_t row_bytes() const;
  /// Bytes of the store, about: realizations, summary, coordinates, and a kilobyte of labels an array.
  std::uint64_t bytes() const;

  /// The same with these observables only, in this order, and in this layout. Throws std::out_of_range.
  StoreDescription restricted(std::vector<std::string> const& observables, std::int64_t layout) const;
  /// The same job with other realizations (ascending), in today's layout.
  StoreDescription with_realizations(std::vector<std::uint32_t> const& numbers) const;

 protected:
  StoreDescription() = default;

  Texts texts_;
  std::int64_t layout_ = layout_version;
  std::vector<SweepAxis> sweep_;
  Dimension realization_;
  std::vector<Dimension> axes_;
  std::vector<StoredObservable> observables_;
  std::uint64_t points_ = 1;
};

/// The dimension of realizations with these numbers.
Dimension realization_dimension(std::vector<std::uint32_t> const& numbers);

/// The identity of a row within its job: the values of the swept parameters in the order of the axes, then the number
/// of the realization. Numbers have the 8 bytes of their coordinates (flags those of 0 and 1), texts their UTF-8.
std::string row_label(std::vector<Value> const& swept, std::uint32_t realization);

/// What all rows of a job have in common: the lines of its text, each with its line end, except those of
/// `realizations`, `together` and the swept parameters. The exceptions say which rows there are; the values that belong
/// to one row are in its row_label. So experiment, seed and all parameters of a row are covered by its checksum.
std::string job_label(std::string const& job_text, std::vector<Dimension> const& swept);

/// Checksums of the rows of one store: CRC-32 of the label of the job (from layout 3 on), the label of the row (from
/// layout 2 on) and the bytes of its observables. A row at the place of another one, or of another job, does not have
/// the right one.
class RowChecksum {
 public:
  RowChecksum(std::int64_t layout, std::string const& job_label);
  std::uint32_t operator()(std::string const& row_label, std::vector<std::span<double const>> const& observables) const;

 private:
  std::int64_t layout_;
  std::uint32_t after_job_;  // state of the CRC behind the label of the job, which may be long
};

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "hypnos/base/stream.hpp"
#include "hypnos/experiment/parameter.hpp"
#include "hypnos/experiment/realization.hpp"

namespace hypnos {

/// One value for every parameter, in the order of declaration.
using Point = std::vector<Value>;

struct AxisInfo {
  std::string name, unit, description;
  bool padded = false;      ///< extents may differ between sweep points; shorter rows are filled up with NaN
  std::string symbol = {};  ///< in LaTeX, without dollar signs; empty: the name
};

struct ObservableInfo {
  std::string name;
  std::vector<std::string> dims;  ///< names of axes
  std::string unit, description;
  std::string symbol = {};  ///< in LaTeX, without dollar signs; empty: the name
};

/// The numbers of one observable in row-major order. No extents at all (and no values) for an observable with
/// dimensions means "not measured".
struct Block {
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

/// An experiment without its types, for the runtime and the command line.
struct Experiment {
  std::string name, summary, source;
  std::vector<ParameterInfo> parameters;
  std::vector<AxisInfo> axes;
  std::vector<ObservableInfo> observables;
  std::vector<Stream> streams;      ///< all random streams it draws from, each for one purpose
  std::vector<std::string> trials;  ///< settings of small tasks that together measure every observable
  bool shared_by_team = false;      ///< whether the ranks of a team share a task; if not, teams have one rank

  /// Throws BadInput if the parameters do not fit together or a file they name cannot be used.
  std::function<void(Point const&)> check;
  /// The coordinates along axis number k.
  std::function<std::vector<double>(Point const&, std::size_t k)> coordinates;
  /// What a task costs, in any unit that is the same for all points: the costliest are begun first.
  std::function<double(Point const&)> cost;
  /// Names of the parameters that have no effect at this point.
  std::function<std::vector<std::string>(Point const&)> unused;
  /// One block an observable, in the order of declaration, each no larger than its axes.
  std::function<std::vector<Block>(Point const&, Realization&)> run;

  std::size_t parameter_index(std::string const& parameter) const;  ///< throws std::out_of_range
  std::size_t axis_index(std::string const& axis) const;            ///< throws std::out_of_range
};

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <concepts>
#include <stdexcept>
#include <utility>

#include "hypnos/experiment/experiment.hpp"

/// The declaration of an experiment: two typed structs and one table.
///
///   struct Parameters  { int N = 100; double alpha = 0.3; };
///   struct Observables { Eigen::ArrayXd overlap; double steps; };
///   Observables run(Parameters const& p, Realization& realization);
///
///   Experiment my_experiment() {
///     using P = Parameters;  using O = Observables;
///     return define(Definition<P, O>{
///         .name = "my-experiment", .summary = "…", .source = "Author, Journal 1, 2 (2026), Eq. 3",
///         .parameters  = {parameter("N", &P::N, "1", {1, 1000}, "neurons"), …},
///         .axes        = {{"time", "1", "sweeps", [](P const& p) { … }}},
///         .observables = {observable("overlap", &O::overlap, {"time"}, "1", "overlap with the first pattern"), …},
///         .run = run});
///   }
///
/// Defaults are the initial values of the members of Parameters. Every observable is stored as float64; NaN, or an
/// empty array, says that it was not measured.
namespace hypnos {

template <class P>
struct Parameter {
  ParameterInfo info;
  std::function<void(P&, Value const&)> set;
};

template <class P>
struct Axis {
  std::string name, unit, description;
  std::function<std::vector<double>(P const&)> coordinates;
  bool padded = false;
};

template <class O>
struct Observable {
  ObservableInfo info;
  std::function<Block(O const&)> block;
};

template <class P, class O>
struct Definition {
  std::string name, summary, source;
  std::vector<Parameter<P>> parameters;
  std::vector<Axis<P>> axes;
  std::vector<Observable<O>> observables;
  /// Optional: conditions between parameters, files; throws BadInput(parameter name, message).
  std::function<void(P const&)> check = [](P const&) {};
  /// Optional: what a task costs, in any unit; helps to begin the longest tasks first.
  std::function<double(P const&)> cost = [](P const&) { return 1.0; };
  std::function<O(P const&, Realization&)> run;
};

namespace detail {

template <class T>
constexpr Kind kind_of() {
  if constexpr (std::integral<T>) return Kind::integer;
  else if constexpr (std::floating_point<T>) return Kind::real;
  else if constexpr (std::same_as<T, std::string>) return Kind::text;
  else if constexpr (std::same_as<T, std::vector<int>>) return Kind::integers;
  else {
    static_assert(std::same_as<T, std::vector<double>>, "a parameter is a number, a text or a list of numbers");
    return Kind::reals;
  }
}

template <class T>
Value to_value(T const& member) {
  if constexpr (std::integral<T>) return static_cast<std::int64_t>(member);
  else if constexpr (std::same_as<T, std::vector<int>>) return std::vector<double>(member.begin(), member.end());
  else return member;
}

template <class T>
void assign(T& member, Value const& value) {
  if constexpr (std::integral<T>) {
    member = static_cast<T>(std::get<std::int64_t>(value));
  } else if constexpr (std::same_as<T, std::vector<int>>) {
    member.clear();
    for (double const number : std::get<std::vector<double>>(value)) member.push_back(static_cast<int>(number));
  } else {
    member = std::get<T>(value);
  }
}

inline Block to_block(double value) { return {{}, {value}}; }

/// For more than two dimensions.
inline Block to_block(Block const& block) { return block; }

inline Block to_block(Eigen::ArrayXd const& values) {
  if (values.size() == 0) return {};
  return {{static_cast<std::size_t>(values.size())}, {values.begin(), values.end()}};
}

inline Block to_block(Eigen::ArrayXXd const& values) {
  if (values.size() == 0) return {};
  Block block{{static_cast<std::size_t>(values.rows()), static_cast<std::size_t>(values.cols())}, {}};
  for (auto const row : values.rowwise()) block.values.insert(block.values.end(), row.begin(), row.end());
  return block;
}

}  // namespace detail

/// A number, a text or a list of numbers. `unit` "1" says dimensionless.
template <class P, class T>
Parameter<P> parameter(std::string name, T P::*member, std::string unit, Range range, std::string description) {
  return {{std::move(name),
           detail::kind_of<T>(),
           std::move(unit),
           range,
           {},
           std::move(description),
           detail::to_value(P{}.*member)},
          [member](P& p, Value const& value) { detail::assign(p.*member, value); }};
}

template <class T>
concept Enumeration = std::is_enum_v<T>;

/// One of several named choices.
template <class P, Enumeration E>
Parameter<P> parameter(std::string name, E P::*member, std::vector<std::pair<E, Choice>> choices,
                       std::string description) {
  Parameter<P> declared{{std::move(name), Kind::choice, "", {}, {}, std::move(description), {}}, {}};
  for (auto const& [value, choice] : choices) {
    declared.info.choices.push_back(choice);
    if (value == P{}.*member) declared.info.preset = choice.name;
  }
  declared.set = [member, choices = std::move(choices)](P& p, Value const& value) {
    for (auto const& [candidate, choice] : choices)
      if (choice.name == std::get<std::string>(value)) p.*member = candidate;
  };
  return declared;
}

template <class O, class T>
Observable<O> observable(std::string name, T O::*member, std::vector<std::string> dims, std::string unit,
                         std::string description) {
  return {{std::move(name), std::move(dims), std::move(unit), std::move(description)},
          [member](O const& o) { return detail::to_block(o.*member); }};
}

/// Erases the types of a definition.
template <class P, class O>
Experiment define(Definition<P, O> definition) {
  Experiment experiment{definition.name, definition.summary, definition.source, {}, {}, {}, {}, {}, {}, {}};
  for (auto const& declared : definition.parameters) experiment.parameters.push_back(declared.info);
  for (auto const& axis : definition.axes)
    experiment.axes.push_back({axis.name, axis.unit, axis.description, axis.padded});
  for (auto const& declared : definition.observables) experiment.observables.push_back(declared.info);

  auto const typed = [parameters = definition.parameters](Point const& point) {
    P p;
    for (std::size_t k = 0; k < parameters.size(); ++k) parameters[k].set(p, point.at(k));
    return p;
  };
  experiment.check = [typed, check = definition.check](Point const& point) { check(typed(point)); };
  experiment.cost = [typed, cost = definition.cost](Point const& point) { return cost(typed(point)); };
  experiment.coordinates = [typed, axes = definition.axes](Point const& point, std::size_t k) {
    return axes.at(k).coordinates(typed(point));
  };
  experiment.run = [typed, run = definition.run, observables = definition.observables](Point const& point,
                                                                                       Realization& realization) {
    O const measured = run(typed(point), realization);
    std::vector<Block> blocks;
    for (auto const& declared : observables) blocks.push_back(declared.block(measured));
    return blocks;
  };
  return experiment;
}

}  // namespace hypnos

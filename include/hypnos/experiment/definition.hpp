#pragma once

#include <Eigen/Core>
#include <concepts>
#include <functional>
#include <stdexcept>
#include <utility>

#include "hypnos/experiment/experiment.hpp"

/// The declaration of an experiment: two typed structs and one table.
///
///   struct Parameters  { RandomPatterns patterns; RetrievalMaps retrieval; double k = 1; };
///   struct Observables { double steps; Eigen::ArrayXd delta_min; Retrieved retrieved; };
///   Observables run(Parameters const& p, Realization& realization);
///
///   Experiment my_experiment() {
///     using P = Parameters;  using O = Observables;
///     return define(Definition<P, O>{
///         .name = "my-experiment", .summary = "…", .source = "Author, Journal 1, 2 (2026), Eq. 3",
///         .parameters  = {part(&P::patterns), parameter("k", &P::k, "1", {0, 10}, "stability"),
///                         part(&P::retrieval, &P::patterns)},
///         .axes        = {{"step", "", "steps", [](P const& p) { … }}},
///         .observables = {observable("steps", &O::steps, {}, "1", "steps done"),
///                         observable("delta_min", &O::delta_min, {"step"}, "1", "minimum stability", "\\Delta_\\min"),
///                         group(&O::retrieved)},
///         .streams     = {streams::initial_couplings},
///         .trials      = {"N=40 k=0.5"},
///         .run = run});
///   }
///
/// Defaults are the initial values of the members of Parameters. Every observable is stored as float64; NaN, or an
/// empty array, says that it was not measured.
///
/// A part is a struct with parameters that several experiments have in common. It declares them once, with their axes,
/// streams, check and cost, in a static function `declaration()` that returns a Part. A group is a struct of observables
/// that is measured by several experiments, or at several moments of one; it declares them once in a static function
/// `observables()` that returns a list like that of the experiment.
namespace hypnos {

// --- parameters ---

/// A parameter of a struct S.
template <class S>
struct Parameter {
  ParameterInfo info;
  std::function<Value(S const&)> get;
  std::function<void(S&, Value const&)> set;
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

}  // namespace detail

/// A number, a text or a list of numbers. `unit` "1" says dimensionless, "" a count or a text.
template <class S, class T>
Parameter<S> parameter(std::string name, T S::*member, std::string unit, Range range, std::string description,
                       std::string symbol = {}) {
  static_assert(!std::same_as<T, bool>, "declare a flag by flag(name, member, description)");
  return {{std::move(name),
           detail::kind_of<T>(),
           std::move(unit),
           range,
           {},
           std::move(description),
           detail::to_value(S{}.*member),
           std::move(symbol)},
          [member](S const& s) { return detail::to_value(s.*member); },
          [member](S& s, Value const& value) { detail::assign(s.*member, value); }};
}

/// One of several named choices.
template <class S, class E>
requires std::is_enum_v<E> Parameter<S> parameter(std::string name, E S::*member,
                                                  std::vector<std::pair<E, Choice>> choices, std::string description) {
  Parameter<S> declared{{std::move(name), Kind::choice, "", {}, {}, std::move(description)}, {}, {}};
  for (auto const& [value, choice] : choices) declared.info.choices.push_back(choice);
  declared.get = [member, choices](S const& s) -> Value {
    for (auto const& [value, choice] : choices)
      if (value == s.*member) return choice.name;
    throw std::logic_error("a choice without a name");
  };
  declared.set = [member, choices](S& s, Value const& value) {
    for (auto const& [candidate, choice] : choices)
      if (choice.name == std::get<std::string>(value)) s.*member = candidate;
  };
  declared.info.preset = declared.get(S{});
  return declared;
}

/// True or false.
template <class S>
Parameter<S> flag(std::string name, bool S::*member, std::string description) {
  return {{std::move(name), Kind::flag, "", {}, {}, std::move(description), Value(S{}.*member)},
          [member](S const& s) { return Value(s.*member); },
          [member](S& s, Value const& value) { s.*member = std::get<bool>(value); }};
}

// --- axes ---

/// An axis whose coordinates follow from the parameters: one struct, or a part and those it needs.
template <class... S>
struct Axis {
  std::string name, unit, description;
  std::function<std::vector<double>(S const&...)> coordinates;
  bool padded = false;
  std::string symbol = {};
};

/// 0, 1, ..., count - 1: the coordinates of what is counted.
inline std::vector<double> counted(int count, int first = 0) {
  std::vector<double> numbers;
  for (int k = 0; k < count; ++k) numbers.push_back(first + k);
  return numbers;
}

// --- parts ---

/// What a struct S of parameters brings to every experiment that has it as a member. Its axes, check and cost may need
/// other parts.
template <class S, class... Needed>
struct Part {
  std::vector<Parameter<S>> parameters;
  std::vector<Axis<S, Needed...>> axes = {};
  std::vector<Stream> streams = {};
  /// Throws BadInput(parameter name, message).
  std::function<void(S const&, Needed const&...)> check = [](S const&, Needed const&...) {};
  /// Its share of the cost of a task, multiplications of two numbers.
  std::function<double(S const&, Needed const&...)> cost = [](S const&, Needed const&...) { return 0.0; };
  /// Names of its parameters that have no effect with these values.
  std::function<std::vector<std::string>(S const&)> unused = [](S const&) { return std::vector<std::string>{}; };
};

/// A parameter of an experiment's own, or all that a part brings.
template <class P>
struct Declared {
  std::vector<Parameter<P>> parameters;
  std::vector<Axis<P>> axes = {};
  std::vector<Stream> streams = {};
  std::function<void(P const&)> check = [](P const&) {};
  std::function<double(P const&)> cost = [](P const&) { return 0.0; };
  std::function<std::vector<std::string>(P const&)> unused = [](P const&) { return std::vector<std::string>{}; };

  Declared(Parameter<P> own) : parameters{std::move(own)} {}
  Declared() = default;
};

/// The part that is a member of P, and the members it needs, in the order of its declaration: parts, or structs derived
/// from them.
template <class P, class S, class... Needed>
Declared<P> part(S P::*member, Needed P::*... needed) {
  auto const declared = S::declaration();
  Declared<P> bound;
  for (auto const& own : declared.parameters) {
    auto info = own.info;
    info.preset = own.get(P{}.*member);
    bound.parameters.push_back({info, [member, get = own.get](P const& p) { return get(p.*member); },
                                [member, set = own.set](P& p, Value const& value) { set(p.*member, value); }});
  }
  for (auto const& axis : declared.axes)
    bound.axes.push_back(
        {axis.name, axis.unit, axis.description,
         [=, coordinates = axis.coordinates](P const& p) { return coordinates(p.*member, p.*needed...); }, axis.padded,
         axis.symbol});
  bound.streams = declared.streams;
  bound.check = [=, check = declared.check](P const& p) { check(p.*member, p.*needed...); };
  bound.cost = [=, cost = declared.cost](P const& p) { return cost(p.*member, p.*needed...); };
  bound.unused = [=, unused = declared.unused](P const& p) { return unused(p.*member); };
  return bound;
}

// --- observables ---

/// Some observables of a struct O.
template <class O>
struct Observed {
  struct One {
    ObservableInfo info;
    std::function<Block(O const&)> block;
  };
  std::vector<One> all;
};

namespace detail {

template <class T>
requires std::is_arithmetic_v<T> Block to_block(T value) { return {{}, {static_cast<double>(value)}}; }

/// For more than two dimensions.
inline Block to_block(Block const& block) { return block; }

template <class Derived>
Block to_block(Eigen::DenseBase<Derived> const& values) {
  if (values.size() == 0) return {};
  Block block{{static_cast<std::size_t>(values.rows())}, {}};
  if constexpr (Derived::ColsAtCompileTime != 1) block.shape.push_back(static_cast<std::size_t>(values.cols()));
  for (Eigen::Index i = 0; i < values.rows(); ++i)
    for (Eigen::Index j = 0; j < values.cols(); ++j) block.values.push_back(static_cast<double>(values(i, j)));
  return block;
}

}  // namespace detail

template <class O, class T>
Observed<O> observable(std::string name, T O::*member, std::vector<std::string> dims, std::string unit,
                       std::string description, std::string symbol = {}) {
  return {{{{std::move(name), std::move(dims), std::move(unit), std::move(description), std::move(symbol)},
            [member](O const& o) { return detail::to_block(o.*member); }}}};
}

/// The observables of a member: NAME + suffix, described as measured at `moment` ("after dreams_in dreams").
template <class O, class G>
Observed<O> group(G O::*member, std::string const& suffix = {}, std::string const& moment = {}) {
  Observed<O> observed;
  std::vector<Observed<G>> const declared = G::observables();
  for (auto const& some : declared)
    for (auto const& [info, block] : some.all) {
      auto named = info;
      named.name += suffix;
      if (!moment.empty()) named.description += ' ' + moment;
      observed.all.push_back({named, [member, block = block](O const& o) { return block(o.*member); }});
    }
  return observed;
}

// --- the whole ---

template <class P, class O>
struct Definition {
  std::string name, summary, source;
  std::vector<Declared<P>> parameters;  ///< its own and those of its parts, in the order of `hypnos describe`
  std::vector<Axis<P>> axes = {};       ///< its own; those of the parts come with them
  std::vector<Observed<O>> observables;
  /// Random streams of its own; those of the parts come with them.
  std::vector<Stream> streams = {};
  /// Settings of small tasks ("N=20 init=random") that together measure every observable and draw from every stream;
  /// {recording} stands for the path of a small recording of 4 neurons.
  std::vector<std::string> trials = {};
  /// Whether the ranks of a team share a task.
  bool shared_by_team = false;
  /// Optional: conditions between parameters, files; throws BadInput(parameter name, message).
  std::function<void(P const&)> check = [](P const&) {};
  /// Optional: what a task costs beside its parts, multiplications of two numbers. The costliest tasks begin first, and
  /// `hypnos plan` scales with it from the tasks that it measures to all others.
  std::function<double(P const&)> cost = [](P const&) { return 1.0; };
  /// Optional: names of parameters that have no effect with these values, beside those of its parts.
  std::function<std::vector<std::string>(P const&)> unused = [](P const&) { return std::vector<std::string>{}; };
  std::function<O(P const&, Realization&)> run;
};

/// Erases the types of a definition.
template <class P, class O>
Experiment define(Definition<P, O> definition) {
  Experiment experiment;
  experiment.name = definition.name;
  experiment.summary = definition.summary;
  experiment.source = definition.source;
  auto parts = std::move(definition.parameters);
  std::vector<Parameter<P>> parameters;
  auto axes = std::move(definition.axes);
  experiment.streams = std::move(definition.streams);
  for (auto const& some : parts) {
    parameters.insert(parameters.end(), some.parameters.begin(), some.parameters.end());
    axes.insert(axes.end(), some.axes.begin(), some.axes.end());
    experiment.streams.insert(experiment.streams.end(), some.streams.begin(), some.streams.end());
  }
  for (auto const& declared : parameters) experiment.parameters.push_back(declared.info);
  for (auto const& axis : axes)
    experiment.axes.push_back({axis.name, axis.unit, axis.description, axis.padded, axis.symbol});
  for (auto const& some : definition.observables)
    for (auto const& one : some.all) experiment.observables.push_back(one.info);
  experiment.trials = std::move(definition.trials);
  experiment.shared_by_team = definition.shared_by_team;

  auto const typed = [parameters](Point const& point) {
    P p;
    for (std::size_t k = 0; k < parameters.size(); ++k) parameters[k].set(p, point.at(k));
    return p;
  };
  experiment.check = [typed, parts, check = definition.check](Point const& point) {
    auto const p = typed(point);
    for (auto const& some : parts) some.check(p);
    check(p);
  };
  experiment.cost = [typed, parts, cost = definition.cost](Point const& point) {
    auto const p = typed(point);
    double sum = cost(p);
    for (auto const& some : parts) sum += some.cost(p);
    return sum;
  };
  experiment.unused = [typed, parts, unused = definition.unused](Point const& point) {
    auto const p = typed(point);
    auto names = unused(p);
    for (auto const& some : parts)
      for (auto& name : some.unused(p)) names.push_back(std::move(name));
    return names;
  };
  experiment.coordinates = [typed, axes](Point const& point, std::size_t k) {
    return axes.at(k).coordinates(typed(point));
  };
  experiment.run = [typed, run = definition.run, observables = definition.observables](Point const& point,
                                                                                       Realization& realization) {
    O const measured = run(typed(point), realization);
    std::vector<Block> blocks;
    for (auto const& some : observables)
      for (auto const& one : some.all) blocks.push_back(one.block(measured));
    return blocks;
  };
  return experiment;
}

}  // namespace hypnos

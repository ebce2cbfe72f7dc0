#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "hypnos/runtime/job.hpp"
#include "table.hpp"

namespace hypnos::cli {

namespace {

std::string expected(ParameterInfo const& parameter) {
  switch (parameter.kind) {
    case Kind::choice: return "choice";
    case Kind::text: return "text";
    case Kind::flag: return "true or false";
    case Kind::integer: return "integer in " + describe_range(parameter);
    case Kind::real: return "number in " + describe_range(parameter);
    case Kind::integers: return "integers in " + describe_range(parameter);
    case Kind::reals: return "numbers in " + describe_range(parameter);
  }
  return {};
}

std::string preset(ParameterInfo const& parameter) {
  auto const text = format_value(parameter.preset);
  auto const* grid = std::get_if<std::vector<double>>(&parameter.preset);
  if (grid && grid->size() > 4)
    return format_number(grid->front()) + ", ..., " + format_number(grid->back()) + " (" +
           std::to_string(grid->size()) + ")";
  return text.empty() ? "-" : text;
}

void add_parameter(Table& table, ParameterInfo const& parameter) {
  table.add({parameter.name, preset(parameter), parameter.unit, expected(parameter), parameter.description});
  for (auto const& choice : parameter.choices) table.add({"", "", "", "  " + choice.name, choice.description});
}

int print_description(Words const& words) {
  Arguments const arguments(describe(), words);
  auto const& experiment = find_experiment(catalogue(), arguments.positional()[0]);

  std::printf("%s: %s\n\nsource  %s\n", experiment.name.c_str(), experiment.summary.c_str(), experiment.source.c_str());

  std::puts(
      "\nPARAMETERS  write `key = value` in a job file or key=value on the command line; several values make a sweep\n"
      "            axis, but where integers or numbers are expected, a list is one value");
  Table parameters;
  parameters.add({"name", "default", "unit", "expected", "meaning"});
  for (auto const& key : job_keys()) add_parameter(parameters, key);
  for (auto const& parameter : experiment.parameters) add_parameter(parameters, parameter);
  parameters.print(stdout, "  ", 140);

  std::puts(
      "\nOBSERVABLES  of each task; the store has them as NAME[swept parameters..., realization, axes...],\n"
      "             their means and standard errors over realizations as NAME_mean, NAME_stderr");
  Table observables;
  observables.add({"name", "axes", "unit", "meaning"});
  for (auto const& observable : experiment.observables)
    observables.add({observable.name, observable.dims.empty() ? "" : "[" + joined(observable.dims, ", ") + "]",
                     observable.unit, observable.description});
  observables.print(stdout, "  ", 140);

  if (!experiment.axes.empty()) std::puts("\nAXES");
  Table axes;
  for (auto const& axis : experiment.axes) axes.add({axis.name, axis.unit, axis.description});
  axes.print(stdout, "  ", 140);
  return exit_done;
}

}  // namespace

Command const& describe() {
  static Command const command{.name = "describe",
                               .words = "EXPERIMENT",
                               .summary = "parameters, observables, units and source of an experiment",
                               .least = 1,
                               .most = 1,
                               .run = print_description};
  return command;
}

}  // namespace hypnos::cli

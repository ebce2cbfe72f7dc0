#include "hypnos/runtime/declaration.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

namespace {

std::string made_by(StoreReader const& store) {
  auto const& file = store.file();
  auto const version = file.has_attribute("version") ? file.text_attribute("version") : "";
  return version.empty() ? "the program that made it" : "the program that made it (hypnos " + version + ")";
}

// Coordinates of an axis are computed, so other processors may round them otherwise.
bool same_coordinates(Coordinates const& one, Coordinates const& other) {
  auto const* reals = std::get_if<std::vector<double>>(&one);
  auto const* others = std::get_if<std::vector<double>>(&other);
  if (!reals || !others) return one == other;
  return std::ranges::equal(*reals, *others, [](double a, double b) {
    return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
  });
}

std::string text_of(std::vector<Value> const& values) {
  std::vector<std::string> texts;
  for (auto const& value : values) texts.push_back(format_value(value));
  auto const text = joined(texts, ", ");
  return text.empty() ? "(empty)" : text;
}

std::string names_of(std::vector<std::size_t> const& parameters, Experiment const& experiment) {
  std::vector<std::string> names;
  for (auto const k : parameters) names.push_back(experiment.parameters[k].name);
  return names.empty() ? "(empty)" : joined(names, ", ");
}

}  // namespace

Plan plan_of(StoreReader const& store, std::vector<Experiment> const& catalogue) {
  auto const name = store.experiment();
  auto const found = std::ranges::find(catalogue, name, &Experiment::name);
  if (found == catalogue.end())
    throw BadInput(store.path() + " holds the experiment '" + name + "', which this program does not have; use " +
                   made_by(store) + " to compute its rows");
  auto settings = settings_of(store.job_text());
  for (auto& setting : settings) {
    setting.where = store.path();
    auto const is_named = [&](ParameterInfo const& info) { return info.name == setting.key; };
    if (std::ranges::none_of(job_keys(), is_named) && std::ranges::none_of(found->parameters, is_named))
      throw BadInput(store.path() + " has " + setting.key + " = " + setting.text + ", but " + name +
                     " of this program has no parameter '" + setting.key + "'; use " + made_by(store) +
                     " to compute its rows");
  }
  return Plan(make_job(catalogue, settings, store.path()), Checks::shapes);
}

std::string with_defaults(std::string job_text, std::vector<Experiment> const& catalogue) {
  auto const settings = settings_of(job_text);
  auto const value_of = [&](std::string const& key) {
    auto const found = std::ranges::find(settings, key, &Setting::key);
    return found == settings.end() ? std::nullopt : std::optional(found->text);
  };
  auto const experiment = std::ranges::find(catalogue, value_of("experiment").value_or(""), &Experiment::name);
  if (experiment == catalogue.end()) return job_text;
  for (auto const& parameter : experiment->parameters)
    if (!value_of(parameter.name)) job_text += parameter.name + " = " + format_value(parameter.preset) + '\n';
  return job_text;
}

void require_declared(StoreReader const& store, Plan const& plan) {
  auto const stored = store.description();
  auto const refuse = [&](std::string const& what) {
    throw BadInput(store.path() + " has " + what + "; use " + made_by(store) + " to compute its rows");
  };
  auto const& experiment = plan.experiment().name;
  for (auto const& [info, extents, size] : stored.observables()) {
    auto const* const declared = plan.find_observable(info.name);
    if (!declared)
      refuse("the observable '" + info.name + "', which " + experiment + " of this program does not measure");
    if (declared->info.dims != info.dims || declared->extents != extents)
      refuse("'" + info.name + "' over the axes [" + joined(info.dims, ", ") + "], which has other axes in " +
             experiment + " of this program");
    if (declared->info.unit != info.unit)
      refuse("'" + info.name + "' in the unit '" + info.unit + "', which has the unit '" + declared->info.unit +
             "' in " + experiment + " of this program");
  }
  for (auto const& axis : stored.axes()) {
    auto const declared = std::ranges::find(plan.axes(), axis.name, &Dimension::name);
    if (declared == plan.axes().end() || !same_coordinates(declared->coordinates, axis.coordinates))
      refuse("other coordinates of the axis '" + axis.name + "' than " + experiment + " of this program");
  }
}

std::vector<std::string> differences(Job const& stored, Job const& wanted) {
  std::vector<std::string> lines;
  auto const compare = [&](std::string const& key, std::string const& there, std::string const& here) {
    if (there != here) lines.push_back(key + ": " + there + " in the file, " + here + " in the job");
  };
  compare("experiment", stored.experiment->name, wanted.experiment->name);
  if (!lines.empty()) return lines;
  compare("realizations", format_realizations(stored.realizations), format_realizations(wanted.realizations));
  compare("seed", std::to_string(stored.seed), std::to_string(wanted.seed));
  compare("together", names_of(stored.together, *stored.experiment), names_of(wanted.together, *wanted.experiment));
  for (std::size_t k = 0; k < stored.values.size(); ++k)
    if (stored.values[k] != wanted.values[k])
      compare(stored.experiment->parameters[k].name, text_of(stored.values[k]), text_of(wanted.values[k]));
  return lines;
}

}  // namespace hypnos

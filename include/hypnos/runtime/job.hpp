#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hypnos/base/error.hpp"
#include "hypnos/experiment/experiment.hpp"

namespace hypnos {

/// One `key = text` of the user, with its place: "jobs/x.ini:7" or "command line".
struct Setting {
  std::string key, text, where;
};

/// A job: an experiment, the realizations of the disorder, and one or several values for every parameter.
struct Job {
  Experiment const* experiment = nullptr;
  std::vector<std::uint32_t> realizations = {0};  ///< ascending
  std::uint64_t seed = 1;
  std::vector<std::vector<Value>> values;  ///< one list per parameter, in the order of declaration
  std::vector<std::size_t> together;       ///< parameters whose values are varied side by side, not multiplied
  std::string path;                        ///< the job file, for messages
  std::vector<Setting> settings;           ///< as given, for messages

  /// The complete effective settings, defaults included, one `key = value` line each, in a fixed order. Two jobs are
  /// the same if and only if these texts are.
  std::string text() const;
  /// The error with the place of its setting in front of its message.
  BadInput located(BadInput const& error) const;
};

/// "8" for 0 to 7, otherwise runs of consecutive numbers, "100:199, 300:399". Throws BadInput.
std::vector<std::uint32_t> parse_realizations(std::string const& text);
std::string format_realizations(std::vector<std::uint32_t> const& realizations);

/// The keys of every job besides the parameters of its experiment.
std::vector<ParameterInfo> const& job_keys();

/// The settings of an INI file: keys, `=`, values. `#` begins a comment, and so does `;` at the begin of a line or
/// after a blank. Throws BadInput.
std::vector<Setting> read_settings(std::string const& path);
/// The same of a text that comes from `source`.
std::vector<Setting> parse_settings(std::string text, std::string const& source);
/// The settings in a text as Job::text() gives it.
std::vector<Setting> settings_of(std::string const& job_text);
/// Replaces settings of the file by `key=value` words. Throws BadInput, also for a key given twice.
void override_settings(std::vector<Setting>& settings, std::vector<std::string> const& words);

/// Checks every key and value against the experiment's declaration. Throws BadInput with the place in front.
Job make_job(std::vector<Experiment> const& catalogue, std::vector<Setting> settings, std::string const& path);

/// " is a sweep over two values; the number is written 0.3", for the text 0,3 of a real parameter; for any other text
/// empty.
std::string decimal_comma(ParameterInfo const& parameter, std::string const& text);

/// Whether two texts of a setting mean the same values, as far as it is decidable without the declaration of its
/// parameter: numbers compare as numbers, and `true` and `false` as 1 and 0, by which hypnos 0.1 wrote them.
bool same_setting(std::string const& one, std::string const& other);

/// The keys in which two job texts differ: "a: 0.1, 0.2 in x.h5, 0.3 in y.h5", one per line; empty if none.
/// `here` and `there` are their places.
std::vector<std::string> differences(std::string const& one, std::string const& here, std::string const& other,
                                     std::string const& there);

/// The experiment called `name`. Throws BadInput with a suggestion.
Experiment const& find_experiment(std::vector<Experiment> const& catalogue, std::string const& name);

}  // namespace hypnos

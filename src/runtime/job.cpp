#include "hypnos/runtime/job.hpp"

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>

#include "hypnos/base/text.hpp"
#include "hypnos/runtime/sweep.hpp"

namespace hypnos {

namespace po = boost::program_options;

namespace {

// The parser of Boost.Program_options reports no line numbers, so they are searched afterwards.
std::vector<int> lines_of(std::string const& text, auto const& matches) {
  std::istringstream lines(text);
  std::string line;
  std::vector<int> found;
  for (int number = 1; std::getline(lines, line); ++number)
    if (matches(line)) found.push_back(number);
  return found;
}

std::string place(std::string const& path, std::vector<int> const& lines) {
  return lines.empty() ? path : path + ':' + std::to_string(lines.back());
}

// The lines that set each key.
std::map<std::string, std::vector<int>> lines_of_keys(std::string const& text) {
  std::istringstream file(text);
  std::map<std::string, std::vector<int>> lines;
  int number = 1;
  for (std::string line; std::getline(file, line); ++number)
    if (auto const equals = line.find('='); equals != line.npos)
      lines[trimmed(line.substr(0, equals))].push_back(number);
  return lines;
}

Setting const* find(std::vector<Setting> const& settings, std::string const& key) {
  auto const found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? nullptr : &*found;
}

// Parameters varied side by side may repeat values, as long as no two points are the same.
std::vector<Value> values_of(ParameterInfo const& parameter, std::string const& text, bool side_by_side) {
  if (parameter.kind == Kind::text && text.empty()) return {Value(std::string())};
  // a text may contain ':' and parentheses (paths do); only lists of texts are split
  auto const texts =
      parameter.is_text() || parameter.kind == Kind::flag ? split(text, ',') : expand_values(parameter.name, text);
  if (parameter.takes_list() && texts.size() == 1 && texts[0].empty()) return {Value(std::vector<double>{})};
  std::vector<Value> values;
  std::set<Value> seen;
  for (auto const& one : texts) {
    values.push_back(parse_value(parameter, one));
    if (!seen.insert(values.back()).second && (parameter.takes_list() || !side_by_side))
      throw BadInput(parameter.name, parameter.name + " = " + text + ", but " + one + " is given twice");
  }
  if (!parameter.takes_list()) return values;
  std::vector<double> numbers;
  for (auto const& value : values) numbers.push_back(std::get<std::vector<double>>(value)[0]);
  return {numbers};
}

std::map<std::string, std::string> as_map(std::string const& job_text) {
  std::map<std::string, std::string> texts;
  for (auto const& [key, text, where] : settings_of(job_text)) texts[key] = text;
  return texts;
}

}  // namespace

std::vector<ParameterInfo> const& job_keys() {
  static std::vector<ParameterInfo> const keys{
      {"experiment", Kind::text, "", {}, {}, "which experiment to run", std::string()},
      {"realizations",
       Kind::text,
       "",
       {},
       {},
       "realizations of the disorder: 8 for numbers 0 to 7, or 100:199, or 100:199, 300:399",
       std::string("1")},
      {"seed", Kind::integer, "", {0, 0x1p53}, {}, "seed of all randomness", std::int64_t{1}},
      {"together",
       Kind::text,
       "",
       {},
       {},
       "swept parameters of equal length, varied side by side instead of multiplied: alpha, k",
       std::string()}};
  return keys;
}

std::vector<std::uint32_t> parse_realizations(std::string const& text) {
  constexpr double most = 0x1p31;
  constexpr std::size_t most_realizations = 10'000'000;
  auto const refuse = [&] {
    return BadInput("realizations", "realizations = " + text +
                                        ", but must be a number of realizations from 1 on, or runs " +
                                        "of different numbers as in 100:199, 300:399");
  };
  auto const whole = [&](std::string const& digits) {
    auto const number = parse_number(digits);
    if (!number || *number != std::trunc(*number) || *number < 0 || *number > most) throw refuse();
    return static_cast<std::uint32_t>(*number);
  };
  std::vector<std::uint32_t> numbers;
  auto const add = [&](std::uint32_t first, std::uint32_t last) {
    if (last < first) throw refuse();
    if (numbers.size() + (last - first) >= most_realizations)
      throw BadInput("realizations", "realizations = " + text + ", but at most 10000000 fit one store; use several");
    numbers.resize(numbers.size() + last - first + 1);
    std::iota(numbers.end() - (last - first) - 1, numbers.end(), first);
  };
  auto const pieces = split(text, ',');
  for (auto const& piece : pieces) {
    auto const ends = split(piece, ':');
    if (ends.size() == 1 && pieces.size() == 1 && whole(piece) > 0) add(0, whole(piece) - 1);
    else if (ends.size() == 2) add(whole(ends[0]), whole(ends[1]));
    else throw refuse();
  }
  std::ranges::sort(numbers);
  if (std::ranges::adjacent_find(numbers) != numbers.end()) throw refuse();
  return numbers;
}

std::string format_realizations(std::vector<std::uint32_t> const& realizations) {
  if (realizations.front() == 0 && realizations.back() + 1 == realizations.size())
    return std::to_string(realizations.size());
  std::vector<std::string> runs;
  for (std::size_t first = 0, k = 0; k < realizations.size(); ++k)
    if (k + 1 == realizations.size() || realizations[k + 1] != realizations[k] + 1) {
      runs.push_back(std::to_string(realizations[first]) + ':' + std::to_string(realizations[k]));
      first = k + 1;
    }
  return joined(runs, ", ");
}

std::string Job::text() const {
  std::string text = "experiment = " + experiment->name + "\nrealizations = " + format_realizations(realizations) +
                     "\nseed = " + std::to_string(seed) + '\n';
  std::vector<std::string> side_by_side;
  for (auto const k : together) side_by_side.push_back(experiment->parameters[k].name);
  text += trimmed("together = " + joined(side_by_side, ", ")) + '\n';
  for (std::size_t k = 0; k < values.size(); ++k) {
    std::vector<std::string> texts;
    for (auto const& value : values[k]) texts.push_back(format_value(value));
    text += trimmed(experiment->parameters[k].name + " = " + joined(texts, ", ")) + '\n';
  }
  return text;
}

BadInput Job::located(BadInput const& error) const {
  auto const* setting = find(settings, error.key());
  auto const& where = setting ? setting->where : path;
  std::string comma;
  if (setting && experiment) {
    auto const parameter = std::ranges::find(experiment->parameters, error.key(), &ParameterInfo::name);
    if (parameter != experiment->parameters.end()) comma = decimal_comma(*parameter, setting->text);
  }
  if (!comma.empty()) comma = "; " + setting->key + " = " + setting->text + comma;
  return {error.key(), (where.empty() ? "" : where + ": ") + error.what() + comma};
}

std::vector<Setting> read_settings(std::string const& path) {
  if (std::filesystem::is_directory(path)) throw BadInput(path + " is a folder, but a job file was expected");
  std::ifstream file(path);
  if (!file)
    throw BadInput("cannot read the job file " + path + "; give the path of an .ini file, as in jobs/quickstart.ini");
  return parse_settings({std::istreambuf_iterator<char>(file), {}}, path);
}

namespace {

// Semicolons at the begin of a line or after a blank begin comments, as # does everywhere.
std::string without_semicolon_comments(std::string const& text) {
  std::string kept;
  char before = '\n';
  bool comment = false;
  for (char const c : text) {
    if (c == ';' && (before == '\n' || before == ' ' || before == '\t')) comment = true;
    if (c == '\n') comment = false;
    if (!comment) kept += c;
    before = c;
  }
  return kept;
}

void refuse_sections(std::string const& text, std::string const& source) {
  auto const lines = lines_of(text, [](auto const& line) {
    auto const content = trimmed(line.substr(0, line.find('#')));
    return content.starts_with('[') && content.ends_with(']');
  });
  if (!lines.empty())
    throw BadInput(source + ':' + std::to_string(lines.front()) +
                   ": a line in brackets begins a section, but a job has no sections; remove the line");
}

}  // namespace

std::vector<Setting> parse_settings(std::string text, std::string const& source) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);  // the byte order mark that some editors put before UTF-8
  text = without_semicolon_comments(text);
  refuse_sections(text, source);
  std::vector<Setting> settings;
  std::set<std::string> seen;
  try {
    auto lines_of_key = lines_of_keys(text);
    po::options_description const nothing_registered;
    std::istringstream lines(text);
    for (auto const& option : po::parse_config_file(lines, nothing_registered, true).options) {
      auto const& key = option.string_key;
      auto const& places = lines_of_key[key];
      if (!seen.insert(key).second)
        throw BadInput(place(source, places) + ": " + key + " is set already" +
                       (places.empty() ? "" : " in line " + std::to_string(places.front())) + "; keep one of them");
      settings.push_back({key, option.value.empty() ? "" : trimmed(option.value[0]), place(source, places)});
    }
  } catch (po::invalid_config_file_syntax const& error) {
    auto const bad = error.tokens();
    auto const places =
        lines_of(text, [&](auto const& line) { return trimmed(line.substr(0, line.find('#'))) == bad; });
    throw BadInput(place(source, places) + ": '" + bad + "' is not of the form key = value");
  } catch (po::error const& error) {
    throw BadInput(source + ": " + error.what());
  }
  return settings;
}

std::vector<Setting> settings_of(std::string const& job_text) {
  std::vector<Setting> settings;
  std::istringstream lines(job_text);
  for (std::string line; std::getline(lines, line);) {
    auto const equals = line.find('=');
    if (equals != line.npos)
      settings.push_back({trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)), ""});
  }
  return settings;
}

void override_settings(std::vector<Setting>& settings, std::vector<std::string> const& words) {
  std::map<std::string, std::string> given;
  for (auto const& word : words) {
    auto const equals = word.find('=');
    if (equals == word.npos || equals == 0) throw BadInput("command line: '" + word + "' is not of the form key=value");
    auto const key = trimmed(word.substr(0, equals));
    if (auto const [before, is_new] = given.emplace(key, word); !is_new)
      throw BadInput(key + " is given twice on the command line: " + before->second + " and " + word +
                     "; give it once (a list or range makes a sweep)");
    std::erase_if(settings, [&](auto const& setting) { return setting.key == key; });
    settings.push_back({key, trimmed(word.substr(equals + 1)), "command line"});
  }
}

Experiment const& find_experiment(std::vector<Experiment> const& catalogue, std::string const& name) {
  std::vector<std::string> names;
  for (auto const& experiment : catalogue) {
    if (experiment.name == name) return experiment;
    names.push_back(experiment.name);
  }
  auto const similar = suggestion(name, names);
  throw BadInput("experiment",
                 "unknown experiment '" + name + "'" + (similar.empty() ? "; `hypnos list` shows them all" : similar));
}

namespace {

std::vector<std::size_t> parse_together(Job const& job, std::string const& text) {
  std::vector<std::size_t> parameters;
  std::vector<std::string> names;
  for (auto const& parameter : job.experiment->parameters) names.push_back(parameter.name);
  std::vector<std::string> lengths;
  for (auto const& name : split(text, ',')) {
    auto const found = std::ranges::find(names, name);
    if (found == names.end())
      throw BadInput("together",
                     "together = " + text + ", but there is no parameter '" + name + "'" + suggestion(name, names));
    auto const k = static_cast<std::size_t>(found - names.begin());
    if (std::ranges::find(parameters, k) != parameters.end())
      throw BadInput("together", "together = " + text + ", but " + name + " is given twice");
    parameters.push_back(k);
    lengths.push_back(name + " has " + std::to_string(job.values[k].size()));
  }
  auto const length = job.values[parameters.front()].size();
  bool const equal = std::ranges::all_of(parameters, [&](auto const k) { return job.values[k].size() == length; });
  if (parameters.size() < 2 || length < 2 || !equal)
    throw BadInput("together", "together = " + text +
                                   ", but must name two or more parameters with equally many values (" +
                                   joined(lengths, ", ") + ")");
  std::ranges::sort(parameters);
  std::set<std::vector<Value>> seen;
  for (std::size_t at = 0; at < length; ++at) {
    std::vector<Value> point;
    std::vector<std::string> pieces;
    for (auto const k : parameters) {
      point.push_back(job.values[k][at]);
      pieces.push_back(names[k] + " = " + format_value(point.back()));
    }
    if (!seen.insert(point).second)
      throw BadInput("together", "together = " + text + ", but " + joined(pieces, ", ") + " is given twice");
  }
  return parameters;
}

}  // namespace

Job make_job(std::vector<Experiment> const& catalogue, std::vector<Setting> settings, std::string const& path) {
  Job job;
  job.path = path;
  job.settings = std::move(settings);
  try {
    auto const* chosen = find(job.settings, "experiment");
    if (!chosen)
      throw BadInput("experiment", "no experiment is named; write experiment = NAME (`hypnos list` shows them)");
    job.experiment = &find_experiment(catalogue, chosen->text);

    std::vector<std::string> names;
    for (auto const& key : job_keys()) names.push_back(key.name);
    for (auto const& parameter : job.experiment->parameters) names.push_back(parameter.name);
    for (auto const& setting : job.settings)
      if (std::ranges::find(names, setting.key) == names.end()) {
        auto const similar = suggestion(setting.key, names);
        auto const& experiment = job.experiment->name;
        throw BadInput(setting.key,
                       "unknown parameter '" + setting.key + "' of " + experiment +
                           (similar.empty() ? "; `hypnos describe " + experiment + "` shows them all" : similar));
      }

    if (auto const* given = find(job.settings, "realizations")) job.realizations = parse_realizations(given->text);
    if (auto const* given = find(job.settings, "seed"))
      job.seed = static_cast<std::uint64_t>(std::get<std::int64_t>(parse_value(job_keys()[2], given->text)));
    auto const* together = find(job.settings, "together");
    auto const side_by_side = together ? split(together->text, ',') : std::vector<std::string>{};
    for (auto const& parameter : job.experiment->parameters) {
      auto const* given = find(job.settings, parameter.name);
      bool const joint = std::ranges::find(side_by_side, parameter.name) != side_by_side.end();
      job.values.push_back(given ? values_of(parameter, given->text, joint) : std::vector{parameter.preset});
    }
    if (together && !together->text.empty()) job.together = parse_together(job, together->text);
  } catch (BadInput const& error) {
    throw job.located(error);
  }
  return job;
}

std::string decimal_comma(ParameterInfo const& parameter, std::string const& text) {
  if (parameter.kind != Kind::real && parameter.kind != Kind::reals) return "";
  // two whole numbers without a blank between them
  auto const digits = [](std::string const& piece) {
    return !piece.empty() && std::ranges::all_of(piece, [](unsigned char c) { return std::isdigit(c) != 0; });
  };
  auto const comma = text.find(',');
  if (comma == text.npos) return "";
  bool const has_sign = text.starts_with('-') || text.starts_with('+');
  if (!digits(text.substr(has_sign, comma - has_sign)) || !digits(text.substr(comma + 1))) return "";
  auto decimal = text;
  decimal[comma] = '.';
  return std::string(parameter.takes_list() ? " is a list of two numbers" : " is a sweep over two values") +
         "; the number is written " + decimal;
}

bool same_setting(std::string const& one, std::string const& other) {
  auto const number = [](std::string const& text) -> std::optional<double> {
    if (text == "true" || text == "false") return text == "true" ? 1 : 0;
    return text.empty() ? std::nullopt : parse_number(text);
  };
  auto const same = [&](std::string const& a, std::string const& b) {
    return a == b || (number(a) && number(a) == number(b));
  };
  return std::ranges::equal(split(one, ','), split(other, ','), same);
}

std::vector<std::string> differences(std::string const& one, std::string const& here, std::string const& other,
                                     std::string const& there) {
  auto const first = as_map(one), second = as_map(other);
  auto const or_nothing = [](auto const& texts, std::string const& key) -> std::string {
    auto const found = texts.find(key);
    return found == texts.end() ? "(absent)" : found->second.empty() ? "(empty)" : found->second;
  };
  auto keys = first;
  keys.insert(second.begin(), second.end());
  std::vector<std::string> lines;
  for (auto const& [key, text] : keys) {
    auto const a = or_nothing(first, key), b = or_nothing(second, key);
    if (!same_setting(a, b)) lines.push_back(key + ": " + a + " in " + here + ", " + b + " in " + there);
  }
  return lines;
}

}  // namespace hypnos

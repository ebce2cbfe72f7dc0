#include "user_job.hpp"

#include <filesystem>
#include <iostream>
#include <iterator>

#include "hypnos/base/error.hpp"
#include "hypnos/experiments/catalogue.hpp"

namespace hypnos::cli {

namespace {

constexpr auto standard_input = "standard input";

// key=value; any other word is the path of a file, as is one with a slash before the equals sign.
bool is_setting(std::string const& word) {
  auto const equals = word.find('=');
  return equals != word.npos && word.find('/') >= equals;
}

std::vector<Setting> settings_in(std::string const& path) {
  if (path != "-") return read_settings(path);
  std::string const text{std::istreambuf_iterator<char>(std::cin), {}};
  return parse_settings(text, standard_input);
}

}  // namespace

Job user_job(Words const& words) {
  Words given;
  std::string path;
  for (auto const& word : words) {
    if (is_setting(word)) given.push_back(word);
    else if (path.empty()) path = word;
    else
      throw BadInput("command line: '" + word + "' is not of the form key=value, and the job file is " + path +
                     "; give one job file");
  }
  auto settings = path.empty() ? std::vector<Setting>{} : settings_in(path);
  override_settings(settings, given);
  auto job = make_job(catalogue(), std::move(settings),
                      path.empty()  ? "command line"
                      : path == "-" ? standard_input
                                    : path);
  return job;
}

std::string default_output(Job const& job) {
  bool const has_file = job.path != "command line" && job.path != standard_input;
  return (has_file ? std::filesystem::path(job.path).stem().string() : job.experiment->name) + ".h5";
}

}  // namespace hypnos::cli

#pragma once

#include <boost/program_options/options_description.hpp>
#include <functional>
#include <string>
#include <vector>

namespace hypnos::cli {

using Words = std::vector<std::string>;

constexpr int exit_done = 0, exit_failed = 1, exit_bad_input = 2, exit_incomplete = 75;

/// A command of the program. Its help, its completion in shells and its part of the manual page are made from this
/// declaration.
struct Command {
  std::string name;
  /// The words after the name besides the options, as usage shows them: "FILE [OBSERVABLE]". Completion offers job
  /// files for JOB, stores for FILE, names for EXPERIMENT and COMMAND, and either word for "A | B".
  std::string words;
  std::string summary;       ///< one line
  std::string details = {};  ///< further paragraphs of its help
  boost::program_options::options_description options = {};
  std::size_t least = 0, most = 0;  ///< how many words there may be
  /// Takes the words after the name and returns the exit code. A mistake of the user throws BadInput.
  std::function<int(Words const&)> run = {};

  /// "hypnos show FILE [OBSERVABLE] [--csv] [--json]"
  std::string usage() const;
};

/// For a number of words without a limit.
constexpr std::size_t any_number = static_cast<std::size_t>(-1);

}  // namespace hypnos::cli

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "command.hpp"

/// What help, completion and manual page have in common.
namespace hypnos::cli {

constexpr auto about_program = "distributed simulations of recurrent neural networks and Boltzmann machines";

constexpr auto about_jobs =
    "A JOB is an .ini file, as in jobs/quickstart.ini. A value is 0.3, a fraction 1/3, a list 0.1, 0.2, a range "
    "0.1:0.9:0.1 or log(1e-4:1e-1:4); a parameter with several values is swept. Options and settings may stand in any "
    "order.";

/// Code and meaning.
std::vector<std::pair<int, std::string>> const& exit_codes();

/// Name and value of an option, "-o [ --output ] FILE" as "-o, --output FILE".
struct OptionText {
  std::string short_name, long_name;  ///< with dashes; the short one may be empty
  std::string value;                  ///< how usage names its value, "FILE"; empty for switches
  std::string description;            ///< with the default
  bool required = false;
};
std::vector<OptionText> option_texts(Command const& command);

}  // namespace hypnos::cli

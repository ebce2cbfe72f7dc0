#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include "commands.hpp"

namespace hypnos::cli {

struct Arguments {
  boost::program_options::variables_map options;
  Words positional;
};

/// Splits the words of a command into its options and the rest. `usage` is what a user sees who gives fewer than
/// `least` or more than `most` words. Throws BadInput.
Arguments parse_arguments(Words const& words, boost::program_options::options_description const& options,
                          std::string const& usage, std::size_t least, std::size_t most);

}  // namespace hypnos::cli

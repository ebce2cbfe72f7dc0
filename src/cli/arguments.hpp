#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include "commands.hpp"

namespace hypnos::cli {

struct Arguments {
  boost::program_options::variables_map options;
  Words positional;
};

/// Splits the words of a command into its options and the rest. Throws BadInput; `usage` is its message if there are
/// fewer than `least` or more than `most` words in the rest.
Arguments parse_arguments(Words const& words, boost::program_options::options_description const& options,
                          std::string const& usage, std::size_t least, std::size_t most);

}  // namespace hypnos::cli

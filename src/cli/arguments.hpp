#pragma once

#include <boost/program_options/variables_map.hpp>

#include "command.hpp"

namespace hypnos::cli {

/// The words of a command, split into its options and the rest. Both may stand in any order.
class Arguments {
 public:
  /// Throws BadInput with the usage of the command.
  Arguments(Command const& command, Words const& words);

  Words const& positional() const { return positional_; }
  bool flag(std::string const& option) const { return options_[option].as<bool>(); }
  bool given(std::string const& option) const { return options_.count(option) > 0; }
  template <class T>
  T value(std::string const& option) const {
    return options_[option].as<T>();
  }

 private:
  boost::program_options::variables_map options_;
  Words positional_;
};

}  // namespace hypnos::cli

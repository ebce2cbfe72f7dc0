#pragma once

#include "command.hpp"

namespace hypnos::cli {

Command const& list();
Command const& describe();
Command const& plan();
Command const& run();
Command const& status();
Command const& info();
Command const& show();
Command const& reduce();
Command const& verify();
Command const& replay();
Command const& merge();
Command const& help();
Command const& completion();
Command const& manual();

/// All commands, in the order in which they are listed.
std::vector<Command const*> const& commands();

/// Throws BadInput with a suggestion.
Command const& find_command(std::string const& name);

}  // namespace hypnos::cli

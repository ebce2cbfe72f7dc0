#include "commands.hpp"

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos::cli {

std::vector<Command const*> const& commands() {
  static std::vector<Command const*> const all = {&list(),  &describe(), &plan(),       &run(),    &status(),
                                                  &info(),  &show(),     &reduce(),     &verify(), &replay(),
                                                  &merge(), &help(),     &completion(), &manual()};
  return all;
}

Command const& find_command(std::string const& name) {
  std::vector<std::string> names;
  for (auto const* command : commands()) {
    if (command->name == name) return *command;
    names.push_back(command->name);
  }
  throw BadInput("unknown command '" + name + "'" + suggestion(name, names) + "; `hypnos help` shows them all");
}

}  // namespace hypnos::cli

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "table.hpp"

namespace hypnos::cli {

namespace {

int print_list(Words const& words) {
  Arguments const arguments(list(), words);
  Table table;
  for (auto const& experiment : catalogue()) table.add({experiment.name, experiment.summary});
  table.print(stdout);
  return exit_done;
}

}  // namespace

Command const& list() {
  static Command const command{
      .name = "list", .words = "", .summary = "all experiments, a line each", .run = print_list};
  return command;
}

}  // namespace hypnos::cli

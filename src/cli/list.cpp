#include "arguments.hpp"
#include "hypnos/experiments/catalogue.hpp"
#include "table.hpp"

namespace hypnos::cli {

int list(Words const& words) {
  parse_arguments(words, {}, "hypnos list", 0, 0);
  Table table;
  for (auto const& experiment : catalogue()) table.add({experiment.name, experiment.summary});
  table.print(stdout);
  return exit_done;
}

}  // namespace hypnos::cli

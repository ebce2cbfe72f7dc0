#include "hypnos/runtime/verify.hpp"

#include <algorithm>

#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/terminal.hpp"
#include "own_process.hpp"
#include "store_counts.hpp"

namespace hypnos::cli {

namespace {

int verify_store(Words const& words) {
  Arguments const arguments(verify(), words);
  constexpr std::size_t most_lines = 50;
  auto const& path = arguments.positional()[0];
  if (auto const code = code_of_own_process(path)) return *code;
  limit_to_reading(path);
  StoreReader const store(path);
  auto const lines = hypnos::verify(store);
  for (std::size_t k = 0; k < std::min(lines.size(), most_lines); ++k) std::printf("%s\n", printable(lines[k]).c_str());
  if (lines.size() > most_lines) std::printf("... and %zu more\n", lines.size() - most_lines);
  auto const counts = counts_of(store);
  if (store.unclean())
    std::printf("%s: a job is writing to it, or ended uncleanly; the next `hypnos run` checks its rows\n",
                store.path().c_str());
  auto const verdict =
      lines.empty() ? painted("all is well", Paint::good, stdout) : painted("damaged", Paint::bad, stdout);
  std::printf("%s: %llu rows done, %s\n", store.path().c_str(), static_cast<unsigned long long>(counts.done),
              verdict.c_str());
  return lines.empty() ? exit_done : exit_bad_input;
}

}  // namespace

Command const& verify() {
  static Command const command{.name = "verify",
                               .words = "FILE",
                               .summary = "checks layout, flags and checksums of a store",
                               .details = "Exit code 0: all is well, 2: damaged. Each damage is a line.",
                               .least = 1,
                               .most = 1,
                               .run = verify_store};
  return command;
}

}  // namespace hypnos::cli

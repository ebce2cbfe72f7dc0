#include "hypnos/runtime/verify.hpp"

#include <algorithm>

#include "arguments.hpp"
#include "hypnos/base/text.hpp"
#include "own_process.hpp"
#include "store_counts.hpp"

namespace hypnos::cli {

int verify(Words const& words) {
  auto const arguments = parse_arguments(words, {}, "hypnos verify FILE", 1, 1);
  constexpr std::size_t most_lines = 50;
  auto const& path = arguments.positional[0];
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
  std::printf("%s: %llu rows done, %s\n", store.path().c_str(), static_cast<unsigned long long>(counts.done),
              lines.empty() ? "all is well" : "damaged");
  return lines.empty() ? exit_done : exit_bad_input;
}

}  // namespace hypnos::cli

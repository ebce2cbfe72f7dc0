#include "hypnos/runtime/verify.hpp"

#include "arguments.hpp"
#include "store_counts.hpp"

namespace hypnos::cli {

int verify(Words const& words) {
  auto const arguments = parse_arguments(words, {}, "hypnos verify FILE", 1, 1);
  StoreReader const store(arguments.positional[0]);
  auto const lines = hypnos::verify(store);
  for (auto const& line : lines) std::printf("%s\n", line.c_str());
  auto const counts = counts_of(store);
  if (store.unclean())
    std::printf("%s: a job is writing to it, or ended uncleanly; the next `hypnos run` checks its rows\n",
                store.path().c_str());
  std::printf("%s: %llu rows done, %s\n", store.path().c_str(), static_cast<unsigned long long>(counts.done),
              lines.empty() ? "all is well" : "damaged");
  return lines.empty() ? exit_done : exit_failed;
}

}  // namespace hypnos::cli

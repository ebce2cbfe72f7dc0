#include "arguments.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/runtime/lock.hpp"
#include "hypnos/runtime/summary.hpp"
#include "store_counts.hpp"

namespace hypnos::cli {

int reduce(Words const& words) {
  auto const arguments = parse_arguments(words, {}, "hypnos reduce FILE", 1, 1);
  auto const& path = arguments.positional[0];
  auto const counts = [&] {
    StoreReader const store(path);
    store.description();  // what is damaged is not locked
    return counts_of(store);
  }();
  Lock const lock(path);
  reduce_store(path);
  sync_file(path);
  std::printf("%s: summary of %llu of %llu tasks\n", path.c_str(), static_cast<unsigned long long>(counts.done),
              static_cast<unsigned long long>(counts.tasks));
  return exit_done;
}

}  // namespace hypnos::cli

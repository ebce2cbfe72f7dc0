#include "arguments.hpp"
#include "commands.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/runtime/lock.hpp"
#include "hypnos/runtime/store_path.hpp"
#include "hypnos/runtime/summary.hpp"
#include "own_process.hpp"
#include "store_counts.hpp"

namespace hypnos::cli {

namespace {

int reduce_file(Words const& words) {
  Arguments const arguments(reduce(), words);
  auto const path = store_path(arguments.positional()[0]);
  if (auto const code = code_of_own_process(path)) return *code;
  auto const counts = [&] {
    StoreReader const store(path);
    store.description();  // what is damaged is not locked
    return counts_of(store);
  }();
  Lock const lock(path);
  auto const left_out = reduce_store(path);
  sync_file(path);
  std::printf("%s: summary of %llu of %llu tasks\n", path.c_str(),
              static_cast<unsigned long long>(counts.done - left_out), static_cast<unsigned long long>(counts.tasks));
  if (left_out == 0) return exit_done;
  std::fprintf(stderr,
               "%s: %llu done rows do not have their checksum and are left out; `hypnos run` computes them anew\n",
               path.c_str(), static_cast<unsigned long long>(left_out));
  return exit_bad_input;
}

}  // namespace

Command const& reduce() {
  static Command const command{.name = "reduce",
                               .words = "FILE",
                               .summary = "means and errors over the tasks done so far",
                               .details = "`hypnos run` does this at its end; a job that was stopped has not.",
                               .least = 1,
                               .most = 1,
                               .run = reduce_file};
  return command;
}

}  // namespace hypnos::cli

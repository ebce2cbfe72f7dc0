#pragma once

#include "hypnos/runtime/store.hpp"

namespace hypnos::cli {

/// The state of a store's tasks, counted.
struct Counts {
  std::uint64_t tasks = 0, done = 0, failed = 0;
  std::uint64_t left() const { return tasks - done - failed; }
  int exit_code() const;
};
Counts counts_of(StoreReader const& store);

}  // namespace hypnos::cli

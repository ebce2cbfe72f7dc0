#pragma once

#include <mpi.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "example.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/runtime/store.hpp"

// What tests of files need: a folder that is deleted, rows as a job computes them, and the message of a refusal.
namespace hypnos::fixture {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("hypnos_store_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(std::string const& name) const { return (path / name).string(); }
};

// A store is written through MPI-IO; one process without mpirun is a world of one.
inline void begin_mpi() {
  struct Session {
    Session() {
      int provided = 0;
      MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided);
    }
    ~Session() { MPI_Finalize(); }
  };
  static Session const session;
}

inline std::vector<Block> computed(Plan const& plan, std::uint64_t task) {
  Alone team;
  NoCheckpoints checkpoints;
  Realization realization(plan.job().seed, plan.realization(task), team, checkpoints);
  return plan.experiment().run(plan.point(task), realization);
}

inline StoreWriter::Row row(Plan const& plan, std::uint64_t task, double seconds = 1, int rank = 0) {
  return {computed(plan, task), seconds, rank, plan.label(task)};
}

inline std::string message(auto const& action) {
  try {
    action();
  } catch (BadInput const& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace hypnos::fixture

#include "hypnos/runtime/run.hpp"

#include <mpi.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "desk.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/lock.hpp"
#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/progress.hpp"
#include "hypnos/runtime/provenance.hpp"
#include "hypnos/runtime/schedule.hpp"
#include "hypnos/runtime/store.hpp"
#include "hypnos/runtime/summary.hpp"
#include "mpi_team.hpp"

namespace hypnos {

namespace {

class MpiSession {
 public:
  MpiSession() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (provided < MPI_THREAD_MULTIPLE) {
      std::fprintf(stderr, "hypnos: this MPI library has no MPI_THREAD_MULTIPLE, which handing out tasks needs\n");
      MPI_Abort(MPI_COMM_WORLD, 1);
    }
  }
  ~MpiSession() { MPI_Finalize(); }
  MpiSession(MpiSession const&) = delete;

  int rank = 0, size = 1;
};

// The communicators that a run needs; freed before MPI ends.
class Communicator {
 public:
  explicit Communicator(MPI_Comm communicator) : communicator_(communicator) {}
  ~Communicator() { MPI_Comm_free(&communicator_); }
  Communicator(Communicator const&) = delete;
  operator MPI_Comm() const { return communicator_; }

 private:
  MPI_Comm communicator_;
};

MPI_Comm duplicated() {
  MPI_Comm communicator = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &communicator);
  return communicator;
}

MPI_Comm split_into_teams(int rank, int ranks_per_task) {
  MPI_Comm communicator = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, rank / ranks_per_task, rank, &communicator);
  return communicator;
}

void broadcast(std::string& text) {
  auto length = static_cast<unsigned long long>(text.size());
  MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG_LONG, 0, MPI_COMM_WORLD);
  text.resize(length);
  MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, 0, MPI_COMM_WORLD);
}

// What every rank has to know; an empty job says that there is nothing to do.
struct Assignment {
  std::string job_text, output;
  int ranks_per_task = 1;
  bool quiet = true;

  void share() {
    broadcast(job_text);
    broadcast(output);
    MPI_Bcast(&ranks_per_task, 1, MPI_INT, 0, MPI_COMM_WORLD);
  }
};

void require_same_job(StoreReader const& store, Plan const& plan) {
  auto const lines = differences(store.job_text(), plan.job().text());
  if (lines.empty()) return;
  throw BadInput(store.path() + " was made by another job; choose another place with -o FILE. They differ in " +
                 joined(lines, "; "));
}

// What rank 0 does before anybody computes: afterwards the store exists and nobody else writes to it. Members are
// made in this order; whatever fails leaves nothing behind.
struct Preparation {
  Plan plan;
  Lock lock;
  Schedule schedule;

  Preparation(RunRequest const& request, int ranks)
      : plan(checked_plan(request, ranks)), lock(request.output), schedule(opened_store(plan, request.output, ranks)) {}

  static Plan checked_plan(RunRequest const& request, int ranks) {
    if (request.ranks_per_task < 1 || ranks % request.ranks_per_task != 0)
      throw BadInput("--ranks-per-task " + std::to_string(request.ranks_per_task) + " does not divide the " +
                     std::to_string(ranks) + " ranks of this run; choose a divisor");
    auto const folder = std::filesystem::absolute(request.output).parent_path();
    if (!std::filesystem::is_directory(folder))
      throw BadInput("there is no folder " + folder.string() + " for the store " + request.output +
                     "; create it or choose another place with -o FILE");
    Plan plan(request.job);
    if (std::filesystem::exists(request.output)) require_same_job(StoreReader(request.output), plan);
    return plan;
  }

  static Schedule opened_store(Plan const& plan, std::string const& path, int ranks) {
    if (std::filesystem::exists(path)) reopen_failed_tasks(path);
    else create_store(path, plan, provenance(ranks));
    return Schedule(StoreReader(path).states());
  }
};

class Worker {
 public:
  Worker(Plan const& plan, std::string const& path, int rank, MPI_Comm team, MPI_Comm desk)
      : plan_(plan), rank_(rank), team_communicator_(team), team_(team), desk_(desk), store_(path, plan) {}

  void work() {
    std::optional<TaskState> last;
    while (auto const task = next(last)) {
      current_ = *task;
      last = carry_out(*task);
    }
  }

  std::string where() const {
    if (!current_) return "before the first task";
    return "task " + std::to_string(*current_) + " (" + plan_.describe(*current_) + ")";
  }

 private:
  bool leads() const { return team_.rank() == 0; }

  std::optional<std::uint64_t> next(std::optional<TaskState> last) {
    std::int64_t number = -1;
    if (leads())
      if (auto const task = desk_.next_task(last)) number = static_cast<std::int64_t>(*task);
    MPI_Bcast(&number, 1, MPI_INT64_T, 0, team_communicator_);
    if (number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(number);
  }

  TaskState carry_out(std::uint64_t task) {
    using Clock = std::chrono::steady_clock;
    auto const start = Clock::now();
    auto const seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    std::vector<Block> blocks;
    try {
      compute(task, blocks);
    } catch (TeamFailure const& failure) {
      if (leads()) store_.write_failed(task, desk_.failure_slot(), failure.what(), seconds(), rank_);
      return TaskState::failed;
    }
    if (leads()) store_.write_done(task, blocks, seconds(), rank_);
    return TaskState::done;
  }

  // Either all members of the team return, or all throw TeamFailure.
  void compute(std::uint64_t task, std::vector<Block>& blocks) {
    std::string error;
    try {
      Realization realization(plan_.job().seed, plan_.realization(task), team_);
      blocks = plan_.experiment().run(plan_.point(task), realization);
    } catch (TeamFailure const&) {
      throw;
    } catch (std::exception const& exception) {
      error = message_of(exception);
    }
    team_.agree(error);
  }

  Plan const& plan_;
  int rank_;
  MPI_Comm team_communicator_;
  MpiTeam team_;
  DeskClient desk_;
  StoreWriter store_;
  std::optional<std::uint64_t> current_;
};

// An error on one rank alone would leave the others waiting for ever.
template <class Where, class Action>
void or_abort(MpiSession const& mpi, Where const& where, Action const& action) {
  try {
    action();
  } catch (std::exception const& error) {
    std::fprintf(stderr, "hypnos: rank %d, %s: %s\n", mpi.rank, std::string(where()).c_str(), error.what());
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
}

// Opening and closing the store are collective, so all ranks come and go together. Only rank 0 has a schedule.
void work_together(Plan const& plan, Assignment const& assignment, MpiSession const& mpi, Schedule* schedule) {
  Communicator const desk_communicator(duplicated());
  Communicator const team(split_into_teams(mpi.rank, assignment.ranks_per_task));
  std::optional<Worker> worker;
  or_abort(
      mpi, [] { return "opening the store"; },
      [&] { worker.emplace(plan, assignment.output, mpi.rank, team, desk_communicator); });
  Progress progress(assignment.quiet);
  std::optional<Desk> desk;
  if (schedule) desk.emplace(desk_communicator, *schedule, progress, mpi.size / assignment.ranks_per_task);
  or_abort(
      mpi, [&] { return worker->where(); }, [&] { worker->work(); });
}

}  // namespace

RunResult run(std::vector<Experiment> const& catalogue, std::function<RunRequest()> const& read_request) {
  MpiSession const mpi;
  Assignment assignment;
  if (mpi.rank != 0) {
    assignment.share();
    if (assignment.job_text.empty()) return {2, false};
    or_abort(
        mpi, [] { return "planning"; },
        [&] {
          Plan const plan(make_job(catalogue, settings_of(assignment.job_text), ""), Checks::shapes);
          work_together(plan, assignment, mpi, nullptr);
        });
    return {0, false};
  }

  std::optional<Preparation> prepared;
  try {
    auto const request = read_request();
    prepared.emplace(request, mpi.size);
    assignment = {request.job.text(), request.output, request.ranks_per_task, request.quiet};
  } catch (...) {
    assignment.share();
    throw;
  }
  assignment.share();
  auto& [plan, lock, schedule] = *prepared;
  work_together(plan, assignment, mpi, &schedule);
  reduce_store(assignment.output, plan);
  sync_file(assignment.output);
  return {schedule.failed() > 0 ? 1 : 0, true};
}

}  // namespace hypnos

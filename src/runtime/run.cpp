#include "hypnos/runtime/run.hpp"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "dispatcher.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/checkpoint_file.hpp"
#include "hypnos/runtime/declaration.hpp"
#include "hypnos/runtime/lock.hpp"
#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/progress.hpp"
#include "hypnos/runtime/provenance.hpp"
#include "hypnos/runtime/schedule.hpp"
#include "hypnos/runtime/stop.hpp"
#include "hypnos/runtime/store.hpp"
#include "hypnos/runtime/store_guard.hpp"
#include "hypnos/runtime/store_path.hpp"
#include "hypnos/runtime/summary.hpp"
#include "hypnos/runtime/terminal.hpp"
#include "hypnos/runtime/transfer.hpp"
#include "hypnos/runtime/verify.hpp"
#include "mpi_team.hpp"
#include "worker.hpp"

namespace hypnos {

namespace fs = std::filesystem;

namespace {

// The same as for bad input: 1 means that tasks failed.
constexpr int exit_trouble = 2;

class MpiSession {
 public:
  MpiSession() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (provided < MPI_THREAD_MULTIPLE) {
      std::fprintf(stderr,
                   "hypnos: this MPI library has no MPI_THREAD_MULTIPLE, which is needed to distribute tasks\n");
      MPI_Abort(MPI_COMM_WORLD, exit_trouble);
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

// What rank 0 sends to all ranks; an empty job means that there is nothing to do.
struct Assignment {
  std::string job_text = {}, output = {};
  struct Numbers {
    int ranks_per_task = 1;
    double sync_interval = 0;
    double checkpoint_interval = 0;
    double seconds_left = -1;  // none: no limit
    std::uint32_t checkpoint_identity = 0;
  } numbers = {};
  bool quiet = true;

  void share() {
    broadcast(job_text);
    broadcast(output);
    MPI_Bcast(&numbers, sizeof numbers, MPI_BYTE, 0, MPI_COMM_WORLD);
  }
  std::optional<double> seconds_left() const {
    return numbers.seconds_left < 0 ? std::nullopt : std::optional(numbers.seconds_left);
  }
};

// Whether a store has to grow before the job's rows can be written to it. Throws BadInput if it is of another job.
bool must_grow(StoreReader const& store, Plan const& plan, RunRequest const& request,
               std::vector<Experiment> const& catalogue) {
  if (auto const name = store.experiment(); name != plan.experiment().name && !request.extend)
    throw BadInput(store.path() + " was made by another job; choose another place with -o FILE. They differ in " +
                   "experiment: " + name + " in the file, " + plan.experiment().name + " in the job");
  auto const old = plan_of(store, catalogue);
  require_declared(store, old);
  if (request.extend) require_extension(store, old, plan);
  auto const lines = differences(old.job(), plan.job());
  if (!request.extend && !lines.empty())
    throw BadInput(store.path() + " was made by another job; choose another place with -o FILE, or let it grow with " +
                   "--extend if it lacks only realizations or values. They differ in " + joined(lines, "; "));
  return !lines.empty();
}

// What rank 0 does before the ranks compute: afterwards the store exists and no other job writes to it. Members are
// initialized in this order; a failure leaves no files behind.
struct Preparation {
  Plan plan;
  Lock lock;
  Schedule schedule;

  Preparation(RunRequest const& request, std::vector<Experiment> const& catalogue, int ranks)
      : plan(checked_plan(request, catalogue, ranks)),
        lock(request.output),
        schedule(opened_store(plan, request, catalogue, ranks)) {}

  static Plan checked_plan(RunRequest const& request, std::vector<Experiment> const& catalogue, int ranks) {
    if (request.ranks_per_task > 1 && !request.job.experiment->shared_by_team)
      throw BadInput("--ranks-per-task " + std::to_string(request.ranks_per_task) + ", but a task of " +
                     request.job.experiment->name + " cannot be shared among ranks; leave --ranks-per-task out, so " +
                     "that every rank computes tasks of its own");
    if (request.ranks_per_task < 1 || ranks % request.ranks_per_task != 0)
      throw BadInput("--ranks-per-task " + std::to_string(request.ranks_per_task) + " does not divide the " +
                     std::to_string(ranks) + " ranks of this run; choose a divisor");
    auto const folder = fs::absolute(request.output).parent_path();
    if (!fs::is_directory(folder))
      throw BadInput("there is no folder " + folder.string() + " for the store " + request.output +
                     "; create it or choose another place with -o FILE");
    Plan plan(request.job);
    if (!fs::exists(request.output)) {
      if (request.extend) throw BadInput("there is no file " + request.output + " to extend; leave --extend out");
      return plan;
    }
    must_grow(StoreReader(request.output), plan, request, catalogue);
    return plan;
  }

  static Schedule opened_store(Plan const& plan, RunRequest const& request, std::vector<Experiment> const& catalogue,
                               int ranks) {
    auto const& path = request.output;
    if (!fs::exists(path)) {
      create_store(path, plan, provenance(ranks));
    } else {
      auto const damaged = rows_to_repeat(path, request.quiet);
      if (must_grow(StoreReader(path), plan, request, catalogue)) extend(plan, request, catalogue, ranks);
      else if (!damaged.empty() || StoreReader(path).unclean()) reopen_tasks(path, damaged);
      reopen_failed_tasks(path);
    }
    mark_writing(path, true);
    std::vector<double> costs;
    for (std::uint64_t point = 0; point < plan.points(); ++point) costs.push_back(plan.cost(point));
    return {StoreReader(path).states(), costs};
  }

  // Rows that are not taken over, since they do not have their checksum: a job that ended uncleanly may leave some. If
  // not one of several rows has it, the job that is stored beside them is not theirs; then nothing is overwritten.
  static std::vector<std::uint64_t> rows_to_repeat(std::string const& path, bool quiet) {
    StoreReader const store(path);
    auto const damaged = damaged_rows(store);
    if (damaged.empty()) return damaged;
    auto const states = store.states();
    auto const done = static_cast<std::size_t>(std::ranges::count(states, TaskState::done));
    if (!store.unclean() && done > 1 && damaged.size() == done)
      throw BadInput(path + " is damaged: none of its " + std::to_string(done) +
                     " done rows has its checksum, so its job, seed or experiment is not that of its rows; `hypnos " +
                     "verify " + path + "` says more; choose another place with -o FILE");
    if (!quiet)
      std::fprintf(stderr, "%s: %s%zu damaged rows are computed anew\n", path.c_str(),
                   store.unclean() ? "the last run ended uncleanly; " : "", damaged.size());
    return damaged;
  }

  static void extend(Plan const& plan, RunRequest const& request, std::vector<Experiment> const& catalogue, int ranks) {
    auto const& path = request.output;
    auto const added = extend_store(path, plan_of(StoreReader(path), catalogue), plan, provenance(ranks));
    if (!added.empty() && !request.quiet)
      std::fprintf(stderr, "%s: extended without %s, which its rows do not have; a new store has everything\n",
                   path.c_str(), joined(added, ", ").c_str());
  }
};

// After an error on one rank alone the others would wait without end.
template <class Where, class Action>
void or_abort(MpiSession const& mpi, Where const& where, Action const& action) {
  try {
    action();
  } catch (std::exception const& error) {
    std::fprintf(stderr, "hypnos: rank %d, %s: %s\n", mpi.rank, std::string(where()).c_str(),
                 message_of(error).c_str());
    MPI_Abort(MPI_COMM_WORLD, exit_trouble);
  }
}

// Opening and closing the store are collective, so all ranks do both together. Only rank 0 has a schedule. Returns why
// the job was stopped, if it was; known to rank 0.
StopCause work_together(Plan const& plan, Assignment const& assignment, MpiSession const& mpi, Preparation* prepared) {
  StopRequest const stop(assignment.seconds_left());
  auto const& numbers = assignment.numbers;
  Communicator const dispatcher_communicator(duplicated());
  Communicator const team_communicator(split_into_teams(mpi.rank, numbers.ranks_per_task));
  MpiTeam team(team_communicator);
  std::optional<Worker> worker;
  auto const teams = static_cast<std::uint64_t>(mpi.size / numbers.ranks_per_task);
  Worker::Settings const settings{assignment.output, numbers.checkpoint_identity,
                                  std::chrono::duration<double>(numbers.checkpoint_interval),
                                  std::chrono::duration<double>(numbers.sync_interval), 4 * chunk_seconds(teams)};
  or_abort(
      mpi, [] { return "opening the store"; },
      [&] { worker.emplace(plan, settings, stop, team, dispatcher_communicator); });
  Progress progress(assignment.quiet);
  std::optional<Dispatcher> dispatcher;
  if (prepared)
    dispatcher.emplace(dispatcher_communicator, prepared->schedule, progress, stop,
                       Dispatcher::Settings{static_cast<int>(teams), plan.row_bytes()});
  or_abort(
      mpi, [&] { return worker->where(); }, [&] { worker->work(); });
  return dispatcher ? dispatcher->stopped_by() : no_stop;
}

std::optional<TimeLimit> limit_of(RunRequest const& request) {
  if (!request.time_limit) return slurm_time_limit();
  return TimeLimit{*request.time_limit, "--time-limit"};
}

std::string reason_of(StopCause cause, std::optional<TimeLimit> const& limit) {
  if (cause != limit_near || !limit) return signal_name(cause);
  auto const& [seconds, origin] = *limit;
  if (seconds <= 0)
    return "the time limit of " + origin + " had passed " + duration_text(-seconds) +
           " before the start; --time-limit replaces it";
  return "the time limit is near, " + duration_text(seconds) + " from the start, by " + origin;
}

// Whether a launcher such as mpirun or srun started this process, which may then be one of several.
bool has_launcher() {
  auto const names = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"};
  return std::ranges::any_of(names, [](auto const* name) { return std::getenv(name) != nullptr; });
}

int exit_code(Schedule const& schedule) {
  if (schedule.left() > 0) return 75;
  return schedule.failed() > 0 ? 1 : 0;
}

}  // namespace

RunResult run(std::vector<Experiment> const& catalogue, std::function<RunRequest()> const& read_request) {
  auto const start = std::chrono::steady_clock::now();
  listen_to_signals();  // signals during the preparations count too
  // Without a launcher mistakes are found before MPI begins, since its start and end take longer than the rest.
  std::optional<RunRequest> request;
  auto const read = [&] {
    request = read_request();
    request->output = store_path(request->output);
  };
  if (!has_launcher()) read();
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
  std::optional<StoreGuard> guard;
  std::optional<TimeLimit> limit;
  try {
    if (!request) read();
    limit = limit_of(*request);
    prepared.emplace(*request, catalogue, mpi.size);
    guard.emplace(request->output, hdf5::File::open_read(request->output));
    // the preparations have taken some of it
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    auto const left = limit ? std::optional(limit->seconds_left - seconds) : std::nullopt;
    assignment = {request->job.text(),
                  request->output,
                  {request->ranks_per_task, request->sync_interval, request->checkpoint_interval,
                   left ? std::max(0.0, *left) : -1, checkpoint_identity(request->job.text(), program_identity())},
                  request->quiet};
  } catch (...) {
    assignment.share();
    throw;
  }
  if (!request->quiet)
    for (auto const& note : prepared->plan.notes())
      std::fprintf(stderr, "%s %s\n", painted("note:", Paint::warning, stderr).c_str(), note.c_str());
  assignment.share();
  auto const cause = work_together(prepared->plan, assignment, mpi, &*prepared);
  guard->require_same();
  int const code = exit_code(prepared->schedule);
  // a job that was stopped has no time for means; `hypnos reduce` computes them
  if (code != 75) {
    reduce_store(assignment.output);
    remove_checkpoints(assignment.output);
  }
  guard->require_same();
  mark_writing(assignment.output, false);
  return {code, true, code == 75 ? reason_of(cause, limit) : ""};
}

}  // namespace hypnos

#include "worker.hpp"

#include <algorithm>
#include <utility>

#include "task_checkpoints.hpp"

namespace hypnos {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

Worker::Worker(Plan const& plan, Settings settings, StopRequest const& stop, MpiTeam& team, MPI_Comm dispatcher)
    : plan_(plan),
      settings_(std::move(settings)),
      stop_(stop),
      team_(team),
      communicator_(team.communicator()),
      dispatcher_(dispatcher),
      store_(StoreWriter::open_parallel(settings_.store, plan)),
      checkpoints_exist_(have_checkpoints(settings_.store)) {
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
}

std::string Worker::where() const {
  if (!current_) return "before the first task";
  return "task " + std::to_string(*current_) + " (" + plan_.describe(*current_) + ")";
}

void Worker::work() {
  // The request for the next chunk before this one is computed hides the delay of the dispatcher's answer. With long
  // tasks it would block a task here while another team is idle. The leader's time decides for all members, since they
  // must make the same calls and their times differ: only the leader writes.
  constexpr double ask_ahead_below = 0.5;
  double last_seconds = ask_ahead_below;
  auto const ask = [&] {
    report_.stop = must_stop();
    auto const report = std::exchange(report_, Report{});
    if (leads()) dispatcher_.ask(report);
  };
  auto const answer = [&] { return shared(leads() ? dispatcher_.answer() : Chunk{}); };

  ask();
  for (auto chunk = answer(); chunk.count > 0;) {
    // a report has room for the rest of one chunk
    bool const ahead = shared(last_seconds < ask_ahead_below || report_.returned.count > 0);
    if (ahead) ask();
    auto const start = Clock::now();
    bool interrupted = false;
    try {
      report_.returned = carry_out(chunk);
    } catch (Interrupted const&) {
      interrupted = true;
      report_.stop = must_stop();
    }
    write_rows();
    last_seconds = seconds_since(start);
    if (!ahead) ask();
    chunk = answer();
    if (chunk.count == 0 && ahead) {  // a team, perhaps this one, may have returned tasks since the request
      ask();
      chunk = answer();
    }
    if (interrupted) break;  // a chunk that was requested ahead stays open
  }
  if (!leads()) return;
  sync_rows();
  dispatcher_.leave(report_);
}

// The value of the leader.
template <class T>
T Worker::shared(T value) {
  MPI_Bcast(&value, sizeof value, MPI_BYTE, 0, communicator_);
  return value;
}

// A signal may have been sent to any member of the team.
StopCause Worker::must_stop() { return team_.largest(stop_.cause()); }

// Returns the tasks that were not begun.
Chunk Worker::carry_out(Chunk chunk) {
  enum { go_on, late, stop };
  auto const start = Clock::now();
  for (bool begun = false; chunk.count > 0; begun = true) {
    bool const lost_patience = begun && seconds_since(start) > settings_.patience;
    switch (team_.largest(stop_.asked() ? stop : lost_patience ? late : go_on)) {
      case stop: throw Interrupted{};
      case late: return chunk;
      default: break;
    }
    auto const task = chunk.first++;
    --chunk.count;
    current_ = task;
    if (task % plan_.realizations() == 0) write_rows();  // only rows of one sweep point are adjacent in the file
    if (rows_.empty()) first_row_ = task;
    if (!carry_out(task)) write_rows();
  }
  return chunk;
}

// Returns whether the row may be written together with the next one.
bool Worker::carry_out(std::uint64_t task) {
  auto const start = Clock::now();
  TaskCheckpoints checkpoints(CheckpointFile(settings_.store, settings_.checkpoint_identity, task), checkpoints_exist_,
                              cost_of(task), team_, dispatcher_, stop_,
                              std::chrono::duration_cast<Clock::duration>(settings_.checkpoint_interval));
  std::vector<Block> blocks;
  // Either all members of the team complete it, or all throw TeamFailure, or all are interrupted.
  try {
    team_.agree(MpiTeam::outcome_of([&] {
      Realization realization(plan_.job().seed, plan_.realization(task), team_, checkpoints);
      blocks = plan_.experiment().run(plan_.point(task), realization);
    }));
  } catch (TeamFailure const& failure) {
    write_rows();
    report_.cost += cost_of(task);
    write_failure(task, failure.what(), seconds_since(start));
    checkpoints.forget();
    return false;
  }
  report_.keeps = report_.keeps != 0 || checkpoints.used() ? 1 : 0;
  double const seconds = seconds_since(start);
  report_.cost += cost_of(task);
  count(report_.done, seconds);
  if (leads()) rows_.push_back({std::move(blocks), seconds, rank_, plan_.label(task)});
  if (!checkpoints.kept()) return true;
  write_rows();  // the row must stand before its checkpoint goes
  checkpoints.forget();
  return false;
}

double Worker::cost_of(std::uint64_t task) {
  auto const point = task / plan_.realizations();
  if (!cost_ || cost_->first != point) cost_ = {point, plan_.cost(point)};
  return cost_->second;
}

void Worker::write_rows() {
  if (rows_.empty()) return;
  store_.write_done(first_row_, rows_);
  rows_.clear();
  if (Clock::now() - synced_ >= settings_.sync_interval) sync_rows();
}

void Worker::sync_rows() {
  store_.sync();
  synced_ = Clock::now();
}

void Worker::write_failure(std::uint64_t task, std::string const& message, double seconds) {
  count(report_.failed, seconds);
  if (leads()) store_.write_failed(task, dispatcher_.failure_slot(), message, seconds, rank_);
}

void Worker::count(std::int64_t& tasks, double seconds) {
  ++tasks;
  report_.seconds += seconds;
  report_.longest_seconds = std::max(report_.longest_seconds, seconds);
}

}  // namespace hypnos

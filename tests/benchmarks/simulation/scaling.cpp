#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "hypnos/runtime/schedule.hpp"

// The time of a job on many ranks. Tasks are distributed by the runtime's own code (Schedule, chunk_size, requests
// ahead of time as in its worker). Time is simulated: the dispatcher answers one request after the other, the file
// system performs one write after the other, the network has no limits. Teams have one rank; durations of tasks are
// gamma distributed.

using namespace hypnos;

namespace {

struct Costs {
  double request;  // of the dispatcher, s
  double pause;    // of the dispatcher without requests, s
  double latency;  // of a message, s
  double row;      // of a team for a chunk, beside its tasks, s
  double writes;   // a chunk
  double a_write;  // of the file system, s; 0: no limit
};

struct Outcome {
  double seconds, busy, chunks, dispatcher_load, storage_load;
};

class Simulation {
 public:
  Simulation(Costs costs, std::size_t teams, double task_seconds, double spread, std::uint64_t tasks,
             std::uint64_t realizations)
      : costs_(costs),
        task_seconds_(task_seconds),
        shape_(1 / (spread * spread)),
        schedule_(std::vector<TaskState>(tasks), std::vector<double>(tasks / realizations, 1.0)),
        teams_(teams) {}

  Outcome run() {
    for (std::size_t team = 0; team < teams_.size(); ++team) ask(team, 0);
    while (!events_.empty()) {
      auto const event = events_.top();
      events_.pop();
      if (event.is_request) serve(event.team, event.time);
      else store(event.team, event.time);
    }
    double const end = std::max(end_, dispatcher_.free);  // saying that there is no more takes the dispatcher time, too
    return {end_, busy_, chunks_, dispatcher_.busy / end, storage_.busy / end};
  }

 private:
  struct Event {
    double time;
    std::size_t team;
    bool is_request;
    bool operator<(Event const& other) const { return time > other.time; }  // earliest on top
  };
  struct Server {
    double free = 0, busy = 0;
    double serve(double from, double cost) {
      busy += cost;
      return free = std::max(free, from) + cost;
    }
  };
  struct Team {
    std::optional<Chunk> answer;
    double answered = 0, begun = 0, last_seconds = 0.5;
    bool working = false, ahead = false;
    std::uint64_t report = 0;  // tasks
    double report_seconds = 0;
    double seconds = 0;  // of the chunk in work
    std::uint64_t count = 0;
    double free = 0;
  };

  void ask(std::size_t team, double time) { events_.push({time + costs_.latency, team, true}); }

  void serve(std::size_t number, double time) {
    auto& team = teams_[number];
    schedule_.finished(TaskState::done, team.report);
    pace_.took(team.report, team.report_seconds);
    team.report = 0;
    team.report_seconds = 0;
    // an idle dispatcher polls for requests once per pause
    if (time > dispatcher_.free)
      time = dispatcher_.free + std::ceil((time - dispatcher_.free) / costs_.pause) * costs_.pause;
    auto const size = chunk_size(pace_.task_seconds(), schedule_.not_handed_out(), teams_.size());
    team.answer = schedule_.next(size).value_or(Chunk{});
    team.answered = dispatcher_.serve(time, costs_.request) + costs_.latency;
    if (!team.working) begin(number);
  }

  void begin(std::size_t number) {
    auto& team = teams_[number];
    double const time = std::max(team.answered, team.free);
    team.count = team.answer->count;
    team.answer.reset();
    if (team.count == 0) return;
    ++chunks_;
    team.working = true;
    team.begun = time;
    team.ahead = team.last_seconds < 0.5;
    if (team.ahead) ask(number, time);
    // a sum of gamma distributed durations is also gamma distributed
    auto const shape = shape_ * static_cast<double>(team.count);
    team.seconds = std::gamma_distribution(shape, task_seconds_ / shape_)(random_);
    events_.push({time + team.seconds, number, false});
  }

  void store(std::size_t number, double time) {
    auto& team = teams_[number];
    busy_ += team.seconds;
    team.report = team.count;
    team.report_seconds = team.seconds;
    if (costs_.a_write > 0) time = storage_.serve(time, costs_.writes * costs_.a_write);
    team.free = time + costs_.row;
    end_ = std::max(end_, team.free);
    team.last_seconds = team.free - team.begun;
    team.working = false;
    if (!team.ahead) ask(number, team.free);
    else if (team.answer) begin(number);
  }

  Costs costs_;
  double task_seconds_, shape_;
  Schedule schedule_;
  std::vector<Team> teams_;
  std::priority_queue<Event> events_;
  std::mt19937_64 random_{1};
  Server dispatcher_, storage_;
  Pace pace_;
  double busy_ = 0, end_ = 0, chunks_ = 0;
};

}  // namespace

int main(int count, char** words) {
  if (count != 7) {
    std::fprintf(
        stderr,
        "usage: simulate_scaling REQUEST PAUSE LATENCY ROW WRITES A_WRITE\n"
        "  REQUEST  s of the dispatcher for an answer       PAUSE    s between two polls of an idle dispatcher\n"
        "  LATENCY  s of a message                    ROW      s of a rank for a chunk, beside its tasks\n"
        "  WRITES   a chunk                           A_WRITE  s of the file system for one; 0: no limit\n");
    return 2;
  }
  auto const number = [&](int k) { return std::atof(words[k]); };
  Costs const costs{number(1), number(2), number(3), number(4), number(5), number(6)};
  constexpr double least_seconds = 30;          // a job lasts at least as long,
  constexpr std::uint64_t least_tasks = 100;    // and has at least as many tasks a rank
  constexpr std::uint64_t realizations = 1000;  // of a sweep point
  std::puts("task_seconds,ranks,efficiency,seconds,chunks_a_second,dispatcher_load,storage_load");
  for (double const task_seconds : {1e-3, 1e-2, 1e-1, 1.0, 1e2})
    for (std::uint64_t const ranks : {1, 3, 10, 30, 100, 300, 1000, 3000, 10000}) {
      auto const each = std::max(least_tasks, static_cast<std::uint64_t>(least_seconds / task_seconds));
      auto const tasks = (each * ranks + realizations - 1) / realizations * realizations;
      auto const [seconds, busy, chunks, dispatcher, storage] =
          Simulation(costs, ranks, task_seconds, 0.3, tasks, realizations).run();
      std::printf("%g,%llu,%.4f,%.3f,%.1f,%.4f,%.4f\n", task_seconds, static_cast<unsigned long long>(ranks),
                  busy / (static_cast<double>(ranks) * seconds), seconds, chunks / seconds, dispatcher, storage);
    }
}

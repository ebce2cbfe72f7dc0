#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "hypnos/base/streams.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/experiments/catalogue.hpp"

// An experiment for tests of all that surrounds experiments: its answer is known, and its costs, failures and
// checkpoints are parameters. While the environment has HYPNOS_MOCK_WELL, it does not fail, so that the same command
// may succeed the next time.
namespace hypnos {

namespace {

using Eigen::ArrayXd;

enum class Place { task, block, item };

struct Parameters {
  int steps = 10;
  double factor = 1;
  int size = 1;
  int blocks = 0;
  double step_seconds = 0;
  std::vector<int> slow{-1};
  double slow_seconds = 0;
  bool checkpoint = true;
  std::vector<int> fail{-1};
  int fail_rank = -1;
  Place fail_place = Place::task;
  double gigabytes = 0;
  int stop_in = -1;
  std::string trace;
};

struct Observables {
  double sum = 0, walk = 0, shared = 0, gathered = 0;
  ArrayXd multiples;
};

bool is_well() { return std::getenv("HYPNOS_MOCK_WELL") != nullptr; }

bool is_rank(int rank) {
  int running = 0, mine = 0;
  MPI_Initialized(&running);
  if (running != 0) MPI_Comm_rank(MPI_COMM_WORLD, &mine);
  return mine == rank;
}

// What any task does at its beginning and end: a line in a file, if one is wanted; a single write, so that the lines of
// several processes do not mix.
void trace(Parameters const& p, Realization const& realization, char const* word, int step) {
  if (p.trace.empty()) return;
  std::ofstream(p.trace, std::ios::app) << std::string(word) + ' ' + std::to_string(realization.index()) + ' ' +
                                               std::to_string(step) + '\n';
}

void fail_as_asked(Parameters const& p, Realization const& realization) {
  if (is_well()) return;
  for (int const index : p.fail)
    if (index == static_cast<int>(realization.index()))
      throw std::runtime_error("realization " + std::to_string(index) + " fails as it was asked to");
  if (p.fail_place == Place::task && is_rank(p.fail_rank)) throw std::runtime_error("a member fails alone");
  std::vector<char> const memory(static_cast<std::size_t>(p.gigabytes * 1e9), 'x');
}

void fail_in(Place place, Parameters const& p, char const* where) {
  if (p.fail_place == place && is_rank(p.fail_rank) && !is_well())
    throw std::runtime_error(std::string("a member fails alone in ") + where);
}

double sum_of_blocks(Parameters const& p, Realization const& realization) {
  return ordered_sum(realization.blocks(), p.blocks, 1, [&](int k, std::span<double> block) {
    fail_in(Place::block, p, "a block");
    block[0] = k + 1;
  })[0];
}

// Item k has k numbers, all of them k + 1.
double sum_of_items(Parameters const& p, Realization const& realization) {
  auto const items = realization.items()(p.blocks, [&](int k) {
    fail_in(Place::item, p, "an item");
    return std::vector<double>(static_cast<std::size_t>(k), k + 1.0);
  });
  double total = 0;
  for (auto const& item : items)
    for (double const number : item) total += number;
  return total;
}

class Steps {
 public:
  Steps(Parameters const& p, Realization const& realization)
      : p_(p), realization_(realization), random_(realization.stream(streams::couplings)) {}

  // Once an attempt, when its state has been restored.
  void begin() {
    if (std::exchange(begun_, true)) return;
    trace(p_, realization_, "begin", step);
    fail_as_asked(p_, realization_);
    if (p_.stop_in == static_cast<int>(realization_.index()) && !is_well()) std::raise(SIGUSR1);
  }

  bool done() const { return step >= p_.steps; }
  double fraction() const { return 1.0 * step / p_.steps; }
  void advance() {
    begin();
    if (step == 0 && std::ranges::count(p_.slow, static_cast<int>(realization_.index())) > 0)
      std::this_thread::sleep_for(std::chrono::duration<double>(p_.slow_seconds));
    if (p_.step_seconds > 0) std::this_thread::sleep_for(std::chrono::duration<double>(p_.step_seconds));
    if (p_.blocks > 0) {
      o.shared += sum_of_blocks(p_, realization_);
      o.gathered += sum_of_items(p_, realization_);
    }
    o.sum += p_.factor * (step + 1);
    o.walk += random_.normal() * std::sqrt(1 + random_.uniform());
    ++step;
  }
  template <class Archive>
  void archive(Archive& members) {
    auto position = random_.position();
    members(step, o.sum, o.walk, o.shared, o.gathered, position);
    random_.seek(position);
  }

  int step = 0;
  Observables o;

 private:
  Parameters const& p_;
  Realization const& realization_;
  Rng random_;
  bool begun_ = false;
};

Observables run(Parameters const& p, Realization& realization) {
  Steps steps(p, realization);
  if (p.checkpoint) realization.complete(steps);
  else
    while (!steps.done()) steps.advance();
  steps.begin();
  auto o = steps.o;
  o.multiples = o.sum * ArrayXd::LinSpaced(p.size, 1, p.size);
  trace(p, realization, "end", steps.step);
  return o;
}

std::vector<double> count_from_one(int size) {
  std::vector<double> numbers;
  for (int k = 1; k <= size; ++k) numbers.push_back(k);
  return numbers;
}

Experiment mock() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "mock",
      .summary = "Adds the first whole numbers, as slowly as it is told",
      .source = "C. F. Gauss, at school",
      .parameters = {parameter("steps", &P::steps, "", {0, 1e9}, "numbers to add"),
                     parameter("factor", &P::factor, "1", {}, "factor of all numbers"),
                     parameter("size", &P::size, "", {1, 1e9}, "multiples of the sum to store"),
                     parameter("blocks", &P::blocks, "", {0, 1e6}, "blocks of a sum that the team shares in each step"),
                     parameter("step_seconds", &P::step_seconds, "s", {0, 1e3}, "time of a step"),
                     parameter("slow", &P::slow, "", {}, "realizations that take longer than they are said to cost"),
                     parameter("slow_seconds", &P::slow_seconds, "s", {0, 1e3}, "how much longer"),
                     flag("checkpoint", &P::checkpoint, "whether the state is kept"),
                     parameter("fail", &P::fail, "", {}, "realizations that throw"),
                     parameter("fail_rank", &P::fail_rank, "", {}, "the rank that throws, -1: none"),
                     parameter("fail_place", &P::fail_place,
                               {{Place::task, {"task", "at the beginning"}},
                                {Place::block, {"block", "in a shared sum"}},
                                {Place::item, {"item", "in a shared list"}}},
                               "where that rank throws"),
                     parameter("gigabytes", &P::gigabytes, "GB", {0, 1e6}, "memory to fill"),
                     parameter("stop_in", &P::stop_in, "", {}, "the realization that asks its process to stop"),
                     parameter("trace", &P::trace, "", {}, "file that gets a line for each begin and end of a task")},
      .axes = {{"multiple", "1", "multiple", [](P const& p) { return count_from_one(p.size); }}},
      .observables = {observable("sum", &O::sum, {}, "1", "factor times steps (steps + 1) / 2"),
                      observable("walk", &O::walk, {}, "1", "end of a random walk"),
                      observable("shared", &O::shared, {}, "1", "steps times blocks (blocks + 1) / 2"),
                      observable("gathered", &O::gathered, {}, "1",
                                 "steps times (blocks^3 - blocks) / 3: item k = 0, 1, ... has k numbers k + 1"),
                      observable("multiples", &O::multiples, {"multiple"}, "1", "1, 2, ... size times the sum")},
      .streams = {streams::couplings},
      .trials = {"blocks=3"},
      .shared_by_team = true,
      .cost = [](P const& p) { return p.steps * (1e-6 + p.step_seconds); },
      .run = run});
}

}  // namespace

std::vector<Experiment> const& catalogue() {
  static std::vector<Experiment> const experiments = {mock()};
  return experiments;
}

}  // namespace hypnos

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "hypnos/base/streams.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/experiments/catalogue.hpp"

// A deliberately silly experiment for tests of all that surrounds experiments: its answer is known, and it costs, fails
// and remembers as it is told. While the environment has HYPNOS_SILLY_WELL, it does not fail, so that the same command
// may succeed the next time.
namespace hypnos {

namespace {

using Eigen::ArrayXd;

enum class Place { task, block };

struct Parameters {
  int steps = 10;
  double factor = 1;
  int size = 1;
  int blocks = 0;
  double step_seconds = 0;
  std::vector<int> slow{-1};
  double slow_seconds = 0;
  int checkpoint = 1;
  std::vector<int> fail{-1};
  int fail_rank = -1;
  Place fail_place = Place::task;
  double gigabytes = 0;
  int stop_in = -1;
  std::string trace;
};

struct Observables {
  double sum = 0, walk = 0, shared = 0;
  ArrayXd multiples;
};

bool is_well() { return std::getenv("HYPNOS_SILLY_WELL") != nullptr; }

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

double sum_of_blocks(Parameters const& p, Realization const& realization) {
  double total = 0;
  for (double const number : realization.blocks()(p.blocks, 1, [&](int k, std::span<double> block) {
         if (p.fail_place == Place::block && is_rank(p.fail_rank) && !is_well())
           throw std::runtime_error("a member fails alone in a block");
         block[0] = k + 1;
       }))
    total += number;
  return total;
}

Observables run(Parameters const& p, Realization& realization) {
  Observables o;
  auto random = realization.stream(streams::couplings);
  int step = 0;
  if (p.checkpoint != 0)
    if (auto const kept = realization.restored(); !kept.empty()) {
      step = static_cast<int>(kept.at(0));
      o.sum = kept.at(1);
      o.walk = kept.at(2);
      o.shared = kept.at(3);
      random.seek({kept.at(4), kept.at(5)});
    }
  trace(p, realization, "begin", step);
  fail_as_asked(p, realization);
  if (p.stop_in == static_cast<int>(realization.index()) && !is_well()) std::raise(SIGUSR1);
  for (; step < p.steps; ++step) {
    if (p.checkpoint != 0)
      realization.checkpoint(1.0 * step / p.steps, [&]() -> std::vector<double> {
        auto const [words, spare] = random.position();
        return {1.0 * step, o.sum, o.walk, o.shared, words, spare};
      });
    if (step == 0 && std::ranges::count(p.slow, static_cast<int>(realization.index())) > 0)
      std::this_thread::sleep_for(std::chrono::duration<double>(p.slow_seconds));
    if (p.step_seconds > 0) std::this_thread::sleep_for(std::chrono::duration<double>(p.step_seconds));
    o.sum += p.factor * (step + 1);
    o.walk += random.normal() * std::sqrt(1 + random.uniform());
    if (p.blocks > 0) o.shared += sum_of_blocks(p, realization);
  }
  o.multiples = o.sum * ArrayXd::LinSpaced(p.size, 1, p.size);
  trace(p, realization, "end", step);
  return o;
}

std::vector<double> count_from_one(int size) {
  std::vector<double> numbers;
  for (int k = 1; k <= size; ++k) numbers.push_back(k);
  return numbers;
}

Experiment silly() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "silly",
      .summary = "Adds the first whole numbers, as slowly as it is told",
      .source = "C. F. Gauss, at school",
      .parameters = {parameter("steps", &P::steps, "", {0, 1e9}, "numbers to add"),
                     parameter("factor", &P::factor, "1", {}, "factor of all numbers"),
                     parameter("size", &P::size, "", {1, 1e9}, "multiples of the sum to store"),
                     parameter("blocks", &P::blocks, "", {0, 1e6}, "blocks of a sum that the team shares in each step"),
                     parameter("step_seconds", &P::step_seconds, "s", {0, 1e3}, "time of a step"),
                     parameter("slow", &P::slow, "", {}, "realizations that take longer than they are said to cost"),
                     parameter("slow_seconds", &P::slow_seconds, "s", {0, 1e3}, "how much longer"),
                     parameter("checkpoint", &P::checkpoint, "", {0, 1}, "whether the state is kept: 0, 1"),
                     parameter("fail", &P::fail, "", {}, "realizations that throw"),
                     parameter("fail_rank", &P::fail_rank, "", {}, "the rank that throws, -1: none"),
                     parameter(
                         "fail_place", &P::fail_place,
                         {{Place::task, {"task", "at the beginning"}}, {Place::block, {"block", "in a shared sum"}}},
                         "where that rank throws"),
                     parameter("gigabytes", &P::gigabytes, "GB", {0, 1e6}, "memory to fill"),
                     parameter("stop_in", &P::stop_in, "", {}, "the realization that asks its process to stop"),
                     parameter("trace", &P::trace, "", {}, "file that gets a line for each begin and end of a task")},
      .axes = {{"multiple", "1", "multiple", [](P const& p) { return count_from_one(p.size); }}},
      .observables = {observable("sum", &O::sum, {}, "1", "factor times steps (steps + 1) / 2"),
                      observable("walk", &O::walk, {}, "1", "end of a random walk"),
                      observable("shared", &O::shared, {}, "1", "steps times blocks (blocks + 1) / 2"),
                      observable("multiples", &O::multiples, {"multiple"}, "1", "1, 2, ... size times the sum")},
      .cost = [](P const& p) { return p.steps * (1e-6 + p.step_seconds); },
      .run = run});
}

}  // namespace

std::vector<Experiment> const& catalogue() {
  static std::vector<Experiment> const experiments = {silly()};
  return experiments;
}

}  // namespace hypnos

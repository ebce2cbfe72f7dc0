#include "hypnos/runtime/schedule.hpp"

#include <doctest/doctest.h>

#include <set>

namespace hypnos::schedule_test {

TEST_CASE("every task that is not done is handed out exactly once, in order") {
  using enum TaskState;
  Schedule schedule({open, done, failed, open, done}, {1});
  CHECK(schedule.next() == Chunk{0, 1});
  CHECK(schedule.next() == Chunk{2, 1});
  CHECK(schedule.next() == Chunk{3, 1});
  CHECK_FALSE(schedule.next().has_value());
  CHECK_FALSE(schedule.next().has_value());
}

TEST_CASE("a chunk holds consecutive open tasks, also of several sweep points") {
  using enum TaskState;
  // two points of four tasks
  Schedule schedule({open, open, done, open, open, open, open, open}, {1, 1});
  CHECK(schedule.next(3) == Chunk{0, 2});
  CHECK(schedule.next(3) == Chunk{3, 3});
  CHECK(schedule.not_handed_out() == 2);
  CHECK(schedule.next(3) == Chunk{6, 2});
  CHECK_FALSE(schedule.next(3).has_value());
}

TEST_CASE("what is given back is handed out again before anything else") {
  using enum TaskState;
  Schedule schedule(std::vector<TaskState>(6, open), {1});
  CHECK(schedule.next(4) == Chunk{0, 4});
  schedule.take_back({1, 3});
  CHECK(schedule.not_handed_out() == 5);
  CHECK(schedule.next(2) == Chunk{1, 2});
  CHECK(schedule.next(2) == Chunk{3, 1});
  CHECK(schedule.next(2) == Chunk{4, 2});
  CHECK_FALSE(schedule.next(2).has_value());
  schedule.take_back({5, 1});
  schedule.take_back({});
  CHECK(schedule.next(2) == Chunk{5, 1});
  CHECK(schedule.not_handed_out() == 0);
}

TEST_CASE("the costliest sweep points are begun first, equal ones in order") {
  using enum TaskState;
  Schedule schedule(std::vector<TaskState>(8, open), {1, 5, 1, 5});
  std::vector<std::uint64_t> begun;
  while (auto const chunk = schedule.next()) begun.push_back(chunk->first);
  CHECK(begun == std::vector<std::uint64_t>{2, 3, 6, 7, 0, 1, 4, 5});
}

TEST_CASE("whatever is done and however tasks are asked for, none is missed and none comes twice") {
  for (unsigned pattern = 0; pattern < 4096; ++pattern)
    for (std::uint64_t most : {1, 2, 3, 100}) {
      std::vector<TaskState> states;
      std::set<std::uint64_t> expected, found;
      for (unsigned task = 0; task < 12; ++task) {
        states.push_back(pattern >> task & 1 ? TaskState::done : TaskState::open);
        if (states.back() == TaskState::open) expected.insert(task);
      }
      Schedule schedule(states, {1, 3, 2});
      while (auto const chunk = schedule.next(most)) {
        CHECK(chunk->count <= most);
        for (auto task = chunk->first; task < chunk->first + chunk->count; ++task) CHECK(found.insert(task).second);
      }
      CHECK(found == expected);
    }
}

TEST_CASE("what is done, failed and left always adds up") {
  using enum TaskState;
  Schedule schedule({open, done, open, open}, {1});
  CHECK(schedule.left() == 3);
  schedule.next(3);
  schedule.finished(done, 2);
  schedule.finished(failed);
  CHECK(schedule.done() == 3);
  CHECK(schedule.failed() == 1);
  CHECK(schedule.left() == 0);
  CHECK(schedule.finished_now() == 3);
}

TEST_CASE("short tasks are handed out by the handful, long ones singly, the last ones fairly") {
  CHECK(chunk_size(0, 1000, 2) == 1);        // nothing known yet
  CHECK(chunk_size(1e-3, 100000, 2) == 50);  // a twentieth of a second
  CHECK(chunk_size(10, 100000, 2) == 1);
  CHECK(chunk_size(1e-9, 1'000'000'000, 2) == 4096);
  CHECK(chunk_size(1e-3, 40, 2) == 5);  // a quarter of a fair share
  CHECK(chunk_size(1e-3, 3, 2) == 1);
}

TEST_CASE("many teams together ask no more than 2000 times a second") {
  CHECK(chunk_seconds(10) == 0.05);
  CHECK(chunk_seconds(10000) == doctest::Approx(5));
  CHECK(chunk_size(1e-2, 100'000'000, 10000) == 500);
  CHECK(chunk_size(1e-2, 1000, 10000) == 125);  // at the end a quarter of it
  CHECK(chunk_size(100, 1000, 10000) == 1);
}

TEST_CASE("the pace follows tasks that become longer within a few reports") {
  Pace pace;
  CHECK(pace.task_seconds() == 0);
  pace.took(1000, 1);
  CHECK(pace.task_seconds() == 1e-3);
  pace.took(0, 0);
  CHECK(pace.task_seconds() == 1e-3);
  for (int report = 0; report < 4; ++report) pace.took(1, 10);
  CHECK(pace.task_seconds() > 9);
}

}  // namespace hypnos::schedule_test

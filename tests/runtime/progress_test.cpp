#include "hypnos/runtime/progress.hpp"

#include <doctest/doctest.h>

namespace hypnos::progress_test {

TEST_CASE("durations are told in the units people use") {
  CHECK(duration_text(0.0123) == "0.012 s");
  CHECK(duration_text(3.21) == "3.2 s");
  CHECK(duration_text(42) == "42 s");
  CHECK(duration_text(185) == "3 min 05 s");
  CHECK(duration_text(7620) == "2 h 07 min");
  CHECK(duration_text(86400 * 3 + 4 * 3600) == "3 d 04 h");
}

TEST_CASE("progress counts this run's rate, not the rows found done") {
  using enum TaskState;
  Schedule schedule({done, done, open, open, open, open}, {1});
  CHECK(progress_text(schedule, {}, 5) == "2/6 done");
  schedule.finished(done);
  schedule.finished(failed);
  CHECK(progress_text(schedule, {}, 4) == "3/6 done, 1 failed, 0.5 tasks/s, 4.0 s left");
}

TEST_CASE("a long task counts by what is done of it") {
  Schedule const schedule({TaskState::open, TaskState::open}, {1});
  CHECK(progress_text(schedule, {.in_hand = 0.5}, 10) == "0/2 done, 0.05 tasks/s, 30 s left");
}

TEST_CASE("the load is that of all teams and of the least busy one") {
  using enum TaskState;
  Schedule schedule({open, open, open}, {1});
  schedule.finished(done, 3);
  CHECK(progress_text(schedule, {.busy_seconds = {10, 8}}, 10) == "3/3 done, 0.3 tasks/s, load 90 % (team 1: 80 %)");
  CHECK(progress_text(schedule, {.busy_seconds = {9}}, 10) == "3/3 done, 0.3 tasks/s, load 90 %");
}

TEST_CASE("a job that stops says so, and promises nothing") {
  using enum TaskState;
  Schedule schedule({open, open}, {1});
  schedule.finished(done);
  CHECK(progress_text(schedule, {.stopping = true}, 2) == "1/2 done, stopping, 0.5 tasks/s");
}

TEST_CASE("the time left is that of the cost that is left") {
  using enum TaskState;
  // one task of cost 9, two of cost 1; the dear one is done after 9 s
  Schedule schedule({open, open, done, open}, {9, 1, 5, 1});
  schedule.finished(done);
  schedule.worked_off(9);
  CHECK(progress_text(schedule, {}, 9) == "2/4 done, 0.111 tasks/s, 2.0 s left");
  CHECK(progress_text(schedule, {.in_hand = 0.5, .cost_in_hand = 0.5}, 9.5) == "2/4 done, 0.158 tasks/s, 1.5 s left");
}

TEST_CASE("lines of a log come soon at first, then seldom") {
  double elapsed = 0;
  std::vector<double> times;
  while (elapsed < 40) times.push_back(elapsed += seconds_between_lines(elapsed));
  CHECK(times == std::vector<double>{1, 2, 4, 8, 16, 26, 36, 46});
  CHECK(seconds_between_lines(3600) == 180);
  CHECK(seconds_between_lines(1e6) == 600);
}

}  // namespace hypnos::progress_test

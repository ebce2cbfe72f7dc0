#include "hypnos/runtime/progress.hpp"

#include <doctest/doctest.h>

using namespace hypnos;

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
  Schedule schedule({done, done, open, open, open, open});
  CHECK(progress_text(schedule, 5) == "2/6 done");
  schedule.next();
  schedule.finished(done);
  schedule.next();
  schedule.finished(failed);
  CHECK(progress_text(schedule, 4) == "3/6 done, 1 failed, 0.5 tasks/s, 4.0 s left");
}

#include "hypnos/runtime/schedule.hpp"

#include <doctest/doctest.h>

using namespace hypnos;

TEST_CASE("every task that is not done is handed out exactly once, in order") {
  using enum TaskState;
  Schedule schedule({open, done, failed, open, done});
  CHECK(schedule.next() == 0);
  CHECK(schedule.next() == 2);
  CHECK(schedule.next() == 3);
  CHECK_FALSE(schedule.next().has_value());
  CHECK_FALSE(schedule.next().has_value());
}

TEST_CASE("what is done, failed and left always adds up") {
  using enum TaskState;
  Schedule schedule({open, done, open});
  CHECK(schedule.left() == 2);
  schedule.next();
  schedule.finished(done);
  schedule.next();
  schedule.finished(failed);
  CHECK(schedule.done() == 2);
  CHECK(schedule.failed() == 1);
  CHECK(schedule.left() == 0);
  CHECK(schedule.finished_now() == 2);
}

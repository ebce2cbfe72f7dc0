#include "hypnos/runtime/stop.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <cmath>

#include "hypnos/base/error.hpp"

namespace hypnos::stop_test {

TEST_CASE("time limits are read as Slurm reads them") {
  CHECK(parse_time_limit("90") == 5400);
  CHECK(parse_time_limit("1:30") == 90);
  CHECK(parse_time_limit("2:00:01") == 7201);
  CHECK(parse_time_limit("1-12") == 129600);
  CHECK(parse_time_limit("1-12:30") == 131400);
  CHECK(parse_time_limit("1-00:00:05") == 86405);
  for (auto const* text : {"", "x", "1:2:3:4", "-1", "1-", "1-x", "1.5", "1:-2", "1:"})
    CHECK_THROWS_AS(parse_time_limit(text), BadInput);
}

TEST_CASE("a stop is asked for in good time before the limit, or by a signal") {
  listen_to_signals();
  CHECK_FALSE(StopRequest({}).asked());
  CHECK(std::isinf(StopRequest({}).seconds_left()));
  CHECK(StopRequest(1.0).asked());  // less than the two seconds that stopping takes
  StopRequest const hour(3600.0);
  CHECK_FALSE(hour.asked());
  CHECK(hour.seconds_left() <= 3540);
  CHECK(hour.seconds_left() > 3530);
  CHECK(StopRequest(1.0).cause() == limit_near);
  ::raise(SIGUSR1);
  CHECK(hour.asked());
  CHECK(hour.cause() == SIGUSR1);
  CHECK(hour.seconds_left() == 0);
  ::raise(SIGHUP);
  CHECK(signal_name(hour.cause()) == "SIGHUP");
  ::raise(SIGINT);  // a second one would end the program
  CHECK(signal_name(hour.cause()) == "SIGINT");
}

TEST_CASE("the time limit of Slurm is read with its origin") {
  ::setenv("SLURM_JOB_END_TIME", "12", 1);
  auto const limit = slurm_time_limit();
  ::unsetenv("SLURM_JOB_END_TIME");
  REQUIRE(limit);
  CHECK(limit->seconds_left < -1e9);
  CHECK(limit->origin == "Slurm, SLURM_JOB_END_TIME = 12");
}

}  // namespace hypnos::stop_test

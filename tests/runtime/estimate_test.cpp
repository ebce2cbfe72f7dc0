#include "hypnos/runtime/estimate.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <numeric>

#include "hypnos/experiment/definition.hpp"

namespace hypnos::estimate_test {

namespace {

// An experiment that computes for a given time. The declared cost is too large by `overdone`: work ends early, as learning
// does that converges.
struct Parameters {
  double seconds = 0.01;
  double overdone = 1;
  double unit = 1;  ///< of the declared cost
  bool fails = false;
};

struct Observables {
  double sum = 0;
};

// Pieces of half a millisecond of processor time.
struct Work {
  Parameters p;
  double sum = 0;
  std::clock_t spent = 0;

  double elapsed() const { return static_cast<double>(spent) / CLOCKS_PER_SEC; }
  bool done() const { return elapsed() >= p.seconds; }
  double fraction() const { return elapsed() / (p.overdone * p.seconds); }
  void advance() {
    auto const begin = std::clock();
    while (std::clock() - begin < CLOCKS_PER_SEC / 2000) sum += 1;
    spent += std::clock() - begin;
  }
  template <class Archive>
  void archive(Archive& members) {
    members(sum, spent);
  }
};

Observables run(Parameters const& p, Realization& realization) {
  if (p.fails) throw std::runtime_error("it cannot be done");
  Work work{p};
  realization.complete(work);
  return {work.sum};
}

std::vector<Experiment> catalogue() {
  using P = Parameters;
  using O = Observables;
  return {define(
      Definition<P, O>{.name = "work",
                       .summary = "",
                       .source = "",
                       .parameters = {parameter("seconds", &P::seconds, "s", {0, 1e6}, ""),
                                      parameter("overdone", &P::overdone, "1", {1, 1e6}, ""),
                                      parameter("unit", &P::unit, "1", {0, 1e6}, ""), flag("fails", &P::fails, "")},
                       .observables = {observable("sum", &O::sum, {}, "1", "")},
                       .cost = [](P const& p) { return p.seconds * p.unit; },
                       .run = run})};
}

Estimate estimate_of(std::vector<std::string> words, double seconds) {
  static auto const experiments = catalogue();
  std::vector<Setting> settings;
  words.insert(words.begin(), "experiment=work");
  override_settings(settings, words);
  return estimate(Plan(make_job(experiments, settings, "")), seconds);
}

Probe whole(std::uint64_t point, double seconds, std::vector<Probe::Moment> course = {}) {
  return {.point = point, .seconds = seconds, .fraction = 1, .whole = true, .course = std::move(course)};
}

Probe part(std::uint64_t point, double seconds, double fraction) {
  return {.point = point, .seconds = seconds, .fraction = fraction, .whole = false, .course = {{seconds, fraction}}};
}

}  // namespace

TEST_CASE("a task that is left is estimated by the part that was done") {
  auto const found = estimate_of({"seconds=1000", "realizations=4"}, 0.3);
  CHECK(found.seconds[0] == doctest::Approx(1000).epsilon(0.2));
  CHECK(found.total_seconds() == doctest::Approx(4000).epsilon(0.2));
  CHECK(found.wall_seconds(2) == doctest::Approx(2000).epsilon(0.2));
  CHECK(found.wall_seconds(100) == doctest::Approx(1000).epsilon(0.2));
}

TEST_CASE("measurement takes no longer than it may") {
  auto const start = std::chrono::steady_clock::now();
  auto const found = estimate_of({"seconds=0.01,0.1,1,10,100,1000", "realizations=50"}, 0.6);
  // on a busy machine three times as long, and a second for each of six classes
  CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < 10);
  CHECK(found.cheapest() == 0);
  CHECK(found.dearest() == 5);
  for (std::size_t k = 0; k < 6; ++k) CHECK(found.seconds[k] == doctest::Approx(std::pow(10, k) / 100).epsilon(0.3));
}

TEST_CASE("extrapolation is corrected by tasks that were computed whole") {
  // all tasks end after a tenth of the work that they may do
  auto const found = estimate_of({"seconds=0.02,10", "overdone=10", "realizations=50"}, 1);
  CHECK(found.seconds[1] == doctest::Approx(10).epsilon(0.3));
}

TEST_CASE("a task that fails is reported, and its time counts") {
  auto const found = estimate_of({"fails=true", "realizations=2"}, 0.1);
  REQUIRE(found.probes.size() == 2);
  CHECK(found.probes[0].error == "it cannot be done");
}

TEST_CASE("points that were not measured have the time per cost of their neighbours") {
  auto const seconds = seconds_of_points({1, 8, 64}, {whole(0, 0.1), whole(2, 3.2)});
  CHECK(seconds[0] == doctest::Approx(0.1));
  CHECK(seconds[1] == doctest::Approx(0.8));
  CHECK(seconds[2] == doctest::Approx(3.2));
}

TEST_CASE("tasks of one class are averaged") {
  auto const seconds = seconds_of_points({4, 5, 6}, {whole(0, 4), whole(1, 10), whole(2, 18)});
  CHECK(seconds[0] == doctest::Approx(8));
  CHECK(seconds[2] == doctest::Approx(12));
}

TEST_CASE("the correction compares at the fraction that was reached") {
  // at a quarter the cheap tasks promise 2 s and take 1; the dear one has reached a quarter after 100 s
  std::vector<Probe::Moment> const course = {{0.5, 0.25}, {0.8, 0.5}, {0.9, 0.8}};
  auto const seconds =
      seconds_of_points({1, 100}, {whole(0, 1, course), whole(0, 1, course), whole(0, 1, course), part(1, 100, 0.25)});
  CHECK(seconds[1] == doctest::Approx(200));
}

TEST_CASE("nothing is known if no part of any task was done") {
  CHECK(std::isnan(seconds_of_points({1}, {{.point = 0, .seconds = 5}})[0]));
}

}  // namespace hypnos::estimate_test

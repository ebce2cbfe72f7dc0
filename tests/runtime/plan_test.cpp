#include "hypnos/runtime/plan.hpp"

#include <doctest/doctest.h>

#include <set>

#include "example.hpp"

namespace hypnos::plan_test {

namespace {

auto const experiments = example::catalogue();
Plan plan_of(std::vector<std::string> const& words) { return Plan(example::job(experiments, words)); }

std::string message(std::vector<std::string> const& words) {
  try {
    plan_of(words);
  } catch (BadInput const& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("axes form a product in the order of declaration, the realization running fastest") {
  auto const plan = plan_of({"word=p, q", "x=1,2,3", "realizations=4"});
  CHECK(plan.points() == 6);
  CHECK(plan.tasks() == 24);
  CHECK(plan.sweep()[0].name == "x");
  CHECK(plan.sweep()[1].name == "word");
  std::set<std::vector<std::uint64_t>> places;
  for (std::uint64_t task = 0; task < plan.tasks(); ++task) {
    auto const at = plan.position(task);
    CHECK((at[0] * 2 + at[1]) * 4 + at[2] == task);
    auto const point = plan.point(task);
    CHECK(std::get<double>(point[0]) == static_cast<double>(1 + at[0]));
    CHECK(std::get<std::string>(point[2]) == (at[1] == 0 ? "p" : "q"));
    CHECK(plan.realization(task) == at[2]);
    places.insert(at);
  }
  CHECK(places.size() == 24);
  CHECK(plan.describe(13) == "x = 2, word = q, realization 1");
  CHECK(plan.describe_point(3) == "x = 2, word = q");
}

TEST_CASE("parameters that are walked together make one axis") {
  auto const plan = plan_of({"x=1,2,3", "N=4,5", "word=p,q,r", "together=word, x"});
  CHECK(plan.points() == 6);
  CHECK(plan.sweep()[0].name == "x_word");
  CHECK(plan.sweep()[1].name == "N");
  CHECK(plan.describe_point(3) == "x = 2, word = q, N = 5");
  for (std::uint64_t point = 0; point < 6; ++point) CHECK(plan.find_point(plan.point(point)) == point);
  auto mixed = plan.point(0);
  mixed[2] = std::string("q");
  CHECK_FALSE(plan.find_point(mixed).has_value());
}

TEST_CASE("parameters that are walked together may repeat their values, but no point") {
  auto const plan = plan_of({"x=1,1,2,2", "N=4,5,4,5", "word=p,q", "together=x, N"});
  CHECK(plan.points() == 8);
  for (std::uint64_t point = 0; point < 8; ++point) CHECK(plan.find_point(plan.point(point)) == point);
  auto elsewhere = plan.point(0);
  elsewhere[0] = 3.0;
  CHECK_FALSE(plan.find_point(elsewhere).has_value());
  CHECK(message({"x=1,1,2", "N=4,5,5", "together=N, x"}) == "accepted");
  CHECK(message({"x=1,2,1", "N=4,5,4", "together=N, x"}) ==
        "command line: together = N, x, but x = 1, N = 4 is given twice");
  CHECK(message({"x=1,2,1", "N=4,5,6", "word=p,q,q", "together=N, x"}) ==
        "command line: word = p,q,q, but q is given twice");
}

TEST_CASE("tasks know the number of their realization") {
  auto const plan = plan_of({"realizations=5:7"});
  CHECK(plan.tasks() == 3);
  CHECK(plan.realization(0) == 5);
  CHECK(plan.describe(2) == "realization 7");
}

TEST_CASE("a padded axis takes the longest extent of the sweep") {
  auto const plan = plan_of({"N=2,5,3"});
  CHECK(plan.axes()[0].size() == 5);
  CHECK(plan.observables()[1].extents == std::vector<std::uint64_t>{5});
  CHECK(std::holds_alternative<std::vector<std::int64_t>>(plan.axes()[0].coordinates));
}

TEST_CASE("an axis without coordinates has no place in the store, nor have its observables") {
  auto const plan = plan_of({"grid="});
  CHECK(plan.axes().size() == 1);
  CHECK(plan.observables().size() == 2);
}

TEST_CASE("what does not fit together is refused before anything is created") {
  CHECK(message({"word=good, bad"}) == "command line: word = bad, but must be good");
  CHECK(
      message({"x=1,2", "word=p,q,r", "together=x, word"}) ==
      "command line: together = x, word, but must name two or more parameters with equally many values (x has 2, word "
      "has 3)");
  CHECK(message({"x=1,2", "together=x"}).find("two or more parameters") != std::string::npos);
  CHECK(message({"x=1,2", "together=x, wrod"}) ==
        "command line: together = x, wrod, but there is no parameter 'wrod' (did you mean 'word'?)");
  CHECK(message({"x=0:1:1e-5", "realizations=1000000"}) ==
        "x.ini: the sweep has more than 1000000000 tasks; give fewer values or realizations");
}

TEST_CASE("what may have been meant otherwise is noted") {
  auto const note = [](std::vector<std::string> words) { return plan_of(std::move(words)).notes(); };
  CHECK(note({"x=0.3, 0.5", "N=3,4", "grid=1,2.5"}).empty());
  CHECK(note({"x=0,3"}) ==
        std::vector<std::string>{"command line: x = 0,3 is a sweep over two values; the number is written 0.3"});
  CHECK(note({"grid=0,05"}) ==
        std::vector<std::string>{"command line: grid = 0,05 is a list of two numbers; the number is written 0.05"});
  CHECK(note({"x=1,2,3"}).empty());
  CHECK(note({"x=1, 2"}).empty());
}

}  // namespace hypnos::plan_test

#include "hypnos/experiments/catalogue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <map>
#include <set>

#include "hypnos/base/error.hpp"
#include "settings.hpp"

namespace hypnos::catalogue_test {

namespace {

// One of two members, who gets all blocks from elsewhere, in another order.
class Backwards final : public Team {
 public:
  int rank() const override { return 1; }
  int size() const override { return 2; }
  std::vector<double> blocks(int count, int size, FillBlock const& fill) override {
    std::vector<double> values;
    for (int k = count - 1; k >= 0; --k) {
      std::vector<double> block(static_cast<std::size_t>(size));
      fill(k, block);
      values.insert(values.begin(), block.begin(), block.end());
    }
    return values;
  }
  std::vector<std::vector<double>> gather(int count, MakeItem const& make) override {
    std::vector<std::vector<double>> items;
    for (int k = count - 1; k >= 0; --k) items.insert(items.begin(), make(k));
    return items;
  }
};

std::vector<Block> run(Experiment const& subject, Point const& where, Team&& team = Alone()) {
  NoCheckpoints checkpoints;
  Realization world(1, 0, team, checkpoints);
  return subject.run(where, world);
}

// A line that says something: no line break, no full stop, more than a word.
void check_line(std::string const& text) {
  CAPTURE(text);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(!text.empty());
  CHECK(!text.ends_with('.'));
}

}  // namespace

TEST_CASE("every experiment documents itself") {
  for (auto const& subject : catalogue()) {
    CAPTURE(subject.name);
    check_line(subject.summary);
    check_line(subject.source);
    CHECK(!subject.parameters.empty());
    CHECK(!subject.observables.empty());
    for (auto const& parameter : subject.parameters) {
      CAPTURE(parameter.name);
      check_line(parameter.description);
      if (parameter.kind == Kind::real || parameter.kind == Kind::reals) CHECK(!parameter.unit.empty());
      if (parameter.kind == Kind::choice) CHECK(parameter.choices.size() > 1);
      for (auto const& choice : parameter.choices) check_line(choice.description);
    }
    for (auto const& axis : subject.axes) {
      CAPTURE(axis.name);
      check_line(axis.description);
      // an axis without unit counts things
    }
    for (auto const& observable : subject.observables) {
      CAPTURE(observable.name);
      check_line(observable.description);
      CHECK(!observable.unit.empty());
      for (auto const& dim : observable.dims) CHECK_NOTHROW(subject.axis_index(dim));
    }
  }
}

TEST_CASE("names are unique, and none is taken by the store") {
  std::set<std::string> experiments;
  for (auto const& subject : catalogue()) {
    CAPTURE(subject.name);
    CHECK(experiments.insert(subject.name).second);
    // Parameters may become dimensions of a file, beside its axes and observables. Lists cannot be swept: the axis that
    // a list describes may have its name.
    std::set<std::string> names = {"realization", "done", "seconds", "checksum", "rank", "seed", "realizations"}, lists;
    for (auto const& parameter : subject.parameters)
      CHECK_MESSAGE((parameter.takes_list() ? lists : names).insert(parameter.name).second, parameter.name);
    for (auto const& list : lists) CHECK_FALSE(names.contains(list));
    for (auto const& axis : subject.axes) CHECK_MESSAGE(names.insert(axis.name).second, axis.name);
    for (auto const& observable : subject.observables)
      CHECK_MESSAGE(names.insert(observable.name).second, observable.name);
  }
}

TEST_CASE("every experiment runs at its defaults in about a second") {
  for (auto const& subject : catalogue()) {
    CAPTURE(subject.name);
    auto const where = point(subject);
    CHECK_NOTHROW(subject.check(where));
    auto const start = std::clock();
    run(subject, where);
    [[maybe_unused]] double const seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
#ifdef NDEBUG
    CHECK(seconds < 2);
#endif
  }
}

TEST_CASE("every default is a value that a user may give") {
  for (auto const& subject : catalogue())
    for (auto const& parameter : subject.parameters) {
      CAPTURE(parameter.name);
      for (auto const& text : split(format_value(parameter.preset), ',')) CHECK_NOTHROW(parse_value(parameter, text));
    }
}

TEST_CASE("the trials of an experiment fill every observable, in the shapes it declares") {
  for (auto const& subject : catalogue()) {
    CAPTURE(subject.name);
    auto trials = subject.trials;
    trials.push_back("");  // the defaults
    std::set<std::string> filled;
    for (auto const& trial : trials) {
      CAPTURE(trial);
      auto const where = point(subject, trial);
      auto const blocks = task(subject, trial);
      REQUIRE(blocks.size() == subject.observables.size());
      for (std::size_t k = 0; k < blocks.size(); ++k) {
        auto const& observable = subject.observables[k];
        CAPTURE(observable.name);
        std::vector<std::size_t> declared;
        std::size_t numbers = 1;
        for (auto const& dim : observable.dims) {
          declared.push_back(subject.coordinates(where, subject.axis_index(dim)).size());
          numbers *= declared.back();
        }
        bool const unmeasured = !observable.dims.empty() && blocks[k].shape.empty();
        if (!unmeasured) CHECK(blocks[k].shape == declared);
        CHECK(blocks[k].values.size() == (unmeasured ? 0 : numbers));
        if (std::ranges::any_of(blocks[k].values, [](double value) { return !std::isnan(value); }))
          filled.insert(observable.name);
      }
    }
    for (auto const& observable : subject.observables)
      CHECK_MESSAGE(filled.contains(observable.name), observable.name, " is measured by no trial");
  }
}

TEST_CASE("the trials of an experiment draw from all streams it declares, and from no other") {
  for (auto const& subject : catalogue()) {
    CAPTURE(subject.name);
    std::vector<Stream> drawn;
    for (auto const& trial : subject.trials) task(subject, trial, 0, &drawn);
    for (auto const& stream : subject.streams)
      CHECK_MESSAGE(std::ranges::count(drawn, stream) > 0, std::string(stream.name()), " is never drawn from");
    for (auto const& stream : drawn)
      CHECK_MESSAGE(std::ranges::count(subject.streams, stream) == 1, std::string(stream.name()),
                    " is not declared, or declared twice");
  }
}

TEST_CASE("no two streams of all experiments have the same number") {
  std::map<std::uint32_t, std::string> names;
  for (auto const& subject : catalogue())
    for (auto const& stream : subject.streams) {
      auto const [place, is_new] = names.emplace(stream.number(), stream.name());
      CHECK(place->second == stream.name());
    }
}

TEST_CASE("every realization of a random experiment is another one") {
  for (auto const& subject : catalogue()) {
    if (subject.streams.empty()) continue;
    CAPTURE(subject.name);
    auto const& trial = subject.trials.front();
    auto const one = task(subject, trial, 0), other = task(subject, trial, 1);
    bool differ = false;
    for (std::size_t k = 0; k < one.size(); ++k) differ = differ || !same_bits(one[k].values, other[k].values);
    CHECK(differ);
  }
}

TEST_CASE("every experiment repeats itself bit for bit, whoever shares its work") {
  for (auto const& subject : catalogue()) {
    CAPTURE(subject.name);
    for (auto const& trial : subject.trials) {
      CAPTURE(trial);
      auto const where = point(subject, trial);
      auto const once = run(subject, where), again = run(subject, where), shared = run(subject, where, Backwards());
      for (std::size_t k = 0; k < once.size(); ++k) {
        CAPTURE(subject.observables[k].name);
        CHECK(same_bits(once[k].values, again[k].values));
        CHECK(same_bits(once[k].values, shared[k].values));
      }
    }
  }
}

TEST_CASE("every stage of every experiment can be interrupted and goes on to the same bits") {
  for (auto const& subject : catalogue())
    for (auto const& trial : subject.trials)
      for (double const operations : {operations_of_a_piece, 1e5})  // many pieces of the small stages of a trial
        for (int pieces = 1; check_that_it_goes_on(subject, trial, pieces, operations); pieces += 1 + pieces / 3) {
        }
}

TEST_CASE("every parameter accepts the ends of its range and nothing beyond") {
  for (auto const& subject : catalogue())
    for (auto const& parameter : subject.parameters) {
      CAPTURE(parameter.name);
      if (parameter.is_text() || parameter.kind == Kind::flag) continue;
      bool const whole = parameter.kind == Kind::integer || parameter.kind == Kind::integers;
      auto const beyond = [whole](double end, double side) {
        return whole ? end + side : std::nextafter(end, side * std::numeric_limits<double>::infinity());
      };
      for (auto const& [end, side] : {std::pair{parameter.range.lowest, -1.0}, {parameter.range.highest, 1.0}}) {
        if (std::isinf(end)) continue;
        CHECK_NOTHROW(parse_value(parameter, format_number(end)));
        CHECK_THROWS_AS(parse_value(parameter, format_number(beyond(end, side))), BadInput);
      }
    }
}

TEST_CASE("every choice is known by its name only") {
  for (auto const& subject : catalogue())
    for (auto const& parameter : subject.parameters) {
      CAPTURE(parameter.name);
      for (auto const& choice : parameter.choices) CHECK_NOTHROW(parse_value(parameter, choice.name));
      if (parameter.kind == Kind::choice) CHECK_THROWS_AS(parse_value(parameter, "no such choice"), BadInput);
    }
}

}  // namespace hypnos::catalogue_test

#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hypnos/base/text.hpp"
#include "hypnos/experiments/catalogue.hpp"

namespace hypnos {

inline Experiment const& experiment(std::string const& name) {
  auto const found = std::ranges::find(catalogue(), name, &Experiment::name);
  REQUIRE(found != catalogue().end());
  return *found;
}

/// The defaults, changed by settings as a user writes them: "N=8 neurons=0,2 a=0.3".
inline Point point(Experiment const& subject, std::string const& settings = {}) {
  Point values;
  for (auto const& parameter : subject.parameters) values.push_back(parameter.preset);
  for (auto const& setting : split(settings, ' ')) {
    if (setting.empty()) continue;
    auto const equals = setting.find('=');
    auto const text = setting.substr(equals + 1);
    auto const k = subject.parameter_index(setting.substr(0, equals));
    auto const& parameter = subject.parameters[k];
    if (!parameter.takes_list()) {
      values[k] = parse_value(parameter, text);
      continue;
    }
    std::vector<double> list;
    for (auto const& number : split(text, ','))
      list.push_back(std::get<std::vector<double>>(parse_value(parameter, number)).at(0));
    values[k] = list;
  }
  return values;
}

/// What an experiment measured, by name. Scalars have one value; what was not measured has none.
using Measured = std::map<std::string, std::vector<double>>;

inline Measured measured(std::string const& name, std::string const& settings = {}, std::uint32_t realization = 0) {
  auto const& subject = experiment(name);
  auto const where = point(subject, settings);
  subject.check(where);
  Alone team;
  NoKeeper keeper;
  Realization world(1, realization, team, keeper);
  auto const blocks = subject.run(where, world);
  Measured result;
  for (std::size_t k = 0; k < blocks.size(); ++k) result[subject.observables[k].name] = blocks[k].values;
  return result;
}

/// Stops a task at one of its checkpoints, from 0, and starts it again from what was kept there.
class Interrupting final : public Keeper {
 public:
  explicit Interrupting(int checkpoint) : left_(checkpoint) {}
  std::vector<double> restored() override { return kept_; }
  void checkpoint(double, State const& state) override {
    if (left_-- != 0) return;
    kept_ = state();
    throw 0;
  }

 private:
  int left_;
  std::vector<double> kept_;
};

/// A task that is interrupted at a checkpoint goes on to the bits of one that is not.
inline void check_that_it_goes_on(Experiment const& subject, Point const& where, int checkpoint) {
  Alone team;
  NoKeeper keeper;
  Realization world(1, 0, team, keeper);
  auto const whole = subject.run(where, world);
  Interrupting interrupting(checkpoint);
  Realization interrupted(1, 0, team, interrupting);
  CHECK_THROWS_AS(subject.run(where, interrupted), int);
  auto const resumed = subject.run(where, interrupted);
  for (std::size_t k = 0; k < whole.size(); ++k) {
    CAPTURE(subject.observables[k].name);
    CHECK(std::ranges::equal(whole[k].values, resumed[k].values, [](double a, double b) {
      return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
    }));
  }
}

}  // namespace hypnos

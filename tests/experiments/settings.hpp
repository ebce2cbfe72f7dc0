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
#include "recording.hpp"

namespace hypnos {

inline Experiment const& experiment(std::string const& name) {
  auto const found = std::ranges::find(catalogue(), name, &Experiment::name);
  REQUIRE(found != catalogue().end());
  return *found;
}

/// The defaults, changed by settings as a user writes them: "N=8 neurons=0,2 a=0.3". {recording} stands for the path of
/// a small recording.
inline Point point(Experiment const& subject, std::string const& settings = {}) {
  Point values;
  for (auto const& parameter : subject.parameters) values.push_back(parameter.preset);
  for (auto const& setting : split(settings, ' ')) {
    if (setting.empty()) continue;
    auto const equals = setting.find('=');
    auto text = setting.substr(equals + 1);
    if (text == "{recording}") {
      static Recording const recording;
      text = recording.path();
    }
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

/// One task in this process, with the settings as a user writes them; `drawn` receives the streams it draws from.
inline std::vector<Block> task(Experiment const& subject, std::string const& settings = {},
                               std::uint32_t realization = 0, std::vector<Stream>* drawn = nullptr) {
  auto const where = point(subject, settings);
  subject.check(where);
  Alone team;
  NoCheckpoints checkpoints;
  Realization world(1, realization, team, checkpoints, drawn);
  return subject.run(where, world);
}

/// What an experiment measured, by name. Scalars have one value; what was not measured has none.
using Measured = std::map<std::string, std::vector<double>>;

inline Measured measured(std::string const& name, std::string const& settings = {}, std::uint32_t realization = 0) {
  auto const& subject = experiment(name);
  auto const blocks = task(subject, settings, realization);
  Measured result;
  for (std::size_t k = 0; k < blocks.size(); ++k) result[subject.observables[k].name] = blocks[k].values;
  return result;
}

inline bool same_bits(std::vector<double> const& a, std::vector<double> const& b) {
  auto const bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  return std::ranges::equal(a, b, {}, bits, bits);
}

/// Stops a task between two pieces of its work, after `pieces` of them, and starts it again from what was kept there.
class Interrupting final : public Checkpoints {
 public:
  explicit Interrupting(int pieces) : left_(pieces) {}
  std::vector<std::byte> restored() override { return kept_; }
  Wish wish(double) override { return --left_ == 0 ? Wish::stop : Wish::go_on; }
  void keep(std::vector<std::byte> const& state) override { kept_ = state; }
  void poll() override {}

  bool has_stopped() const { return !kept_.empty(); }

 private:
  int left_;
  std::vector<std::byte> kept_;
};

/// A task that is interrupted after so many pieces of work, of so many operations, goes on to the bits of one that is
/// not. Returns whether it had that many.
inline bool check_that_it_goes_on(Experiment const& subject, std::string const& settings, int pieces,
                                  double operations = operations_of_a_piece) {
  CAPTURE(subject.name);
  CAPTURE(settings);
  CAPTURE(pieces);
  CAPTURE(operations);
  auto const where = point(subject, settings);
  Alone team;
  Interrupting interrupting(pieces);
  try {
    Realization realization(1, 0, team, interrupting, nullptr, operations);
    subject.run(where, realization);
    return false;
  } catch (Interrupted const&) {
    CHECK(interrupting.has_stopped());
  }
  Realization realization(1, 0, team, interrupting, nullptr, operations);
  auto const resumed = subject.run(where, realization);
  auto const whole = task(subject, settings);
  for (std::size_t k = 0; k < whole.size(); ++k) {
    CAPTURE(subject.observables[k].name);
    CHECK(same_bits(whole[k].values, resumed[k].values));
  }
  return true;
}

}  // namespace hypnos

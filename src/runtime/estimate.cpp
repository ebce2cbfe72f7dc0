#include "hypnos/runtime/estimate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

#include "hypnos/base/random.hpp"

namespace hypnos {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double processor_seconds() {
  std::timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Interrupts a task when its time is over, and notes how far it came.
class Bounded final : public Checkpoints {
 public:
  explicit Bounded(double seconds) : most_(seconds) {}

  std::vector<std::byte> restored() override { return {}; }
  void keep(std::vector<std::byte> const&) override {}
  Wish wish(double fraction) override {
    auto const now = Clock::now();
    if (now - noted_ < pause_) return Wish::go_on;
    noted_ = now;
    double const seconds = spent();
    course_.push_back({seconds, fraction});
    // a long task does not need more moments than a short one
    if (course_.size() % 256 == 0) pause_ *= 2;
    return seconds > most_ || is_late() ? Wish::stop : Wish::go_on;
  }
  void poll() override {
    // reading the time of the processor is slow
    auto const now = Clock::now();
    if (now - polled_ < std::chrono::milliseconds(5)) return;
    polled_ = now;
    if (spent() > most_ || is_late()) throw Interrupted{};
  }

  double spent() const { return processor_seconds() - begin_; }
  // by the clock: other programs run on this machine
  bool is_late() const { return seconds_since(start_) > 3 * most_ + 1; }
  std::vector<Probe::Moment> take_course() { return std::move(course_); }

 private:
  double most_, begin_ = processor_seconds();
  Clock::time_point start_ = Clock::now(), noted_ = start_, polled_ = start_;
  Clock::duration pause_ = std::chrono::microseconds(200);
  std::vector<Probe::Moment> course_;
};

double mean(std::vector<double> const& values) {
  return std::reduce(values.begin(), values.end()) / static_cast<double>(values.size());
}

// Classes of sweep points whose costs differ by less than a factor of two, from the cheapest on.
std::vector<std::vector<std::uint64_t>> classes_of(std::vector<double> const& costs) {
  std::map<int, std::vector<std::uint64_t>> by_power;
  for (std::uint64_t point = 0; point < costs.size(); ++point)
    by_power[costs[point] > 0 ? static_cast<int>(std::floor(std::log2(costs[point]))) : 0].push_back(point);
  std::vector<std::vector<std::uint64_t>> classes;
  for (auto& [power, points] : by_power) classes.push_back(std::move(points));
  return classes;
}

// The time of the whole task if it went on as so far.
double guessed_seconds(Probe const& one) {
  double const by_course = one.extrapolated();
  return by_course > 0 ? by_course : one.seconds / one.fraction;
}

// Time of whole tasks over the guess at the fraction up to which they are compared; nothing if too few were whole.
std::optional<double> correction(std::vector<Probe const*> const& probes, double fraction) {
  constexpr std::size_t enough = 3;
  std::vector<double> truth, guess;
  for (auto const* one : probes) {
    double const early = one->extrapolated(fraction);
    if (!one->whole || early <= 0) continue;
    truth.push_back(one->seconds);
    guess.push_back(early);
  }
  if (truth.size() < enough) return std::nullopt;
  return mean(truth) / mean(guess);
}

}  // namespace

double Probe::extrapolated(double until) const {
  double result = 0;
  for (auto const& [at, part] : course)
    if (part > 0 && (part <= until || result == 0)) result = at / part;
  return result;
}

Probe probe(Plan const& plan, std::uint64_t task, double seconds) {
  Alone team;
  Bounded bounds(seconds);
  Probe result{.point = task / plan.realizations()};
  try {
    Realization realization(plan.job().seed, plan.realization(task), team, bounds);
    plan.experiment().run(plan.point(task), realization);
    result.whole = true;
    result.fraction = 1;
  } catch (Interrupted const&) {
  } catch (std::exception const& error) {
    result.whole = true;
    result.fraction = 1;
    result.error = error.what();
  }
  result.seconds = bounds.spent();
  result.course = bounds.take_course();
  if (!result.whole && !result.course.empty()) result.fraction = result.course.back().fraction;
  return result;
}

std::vector<double> seconds_of_points(std::vector<double> const& costs, std::vector<Probe> const& probes) {
  auto const classes = classes_of(costs);
  auto const cost = [&](Probe const& one) { return std::max(costs[one.point], std::numeric_limits<double>::min()); };
  std::vector<std::vector<Probe const*>> known(classes.size());
  for (std::size_t c = 0; c < classes.size(); ++c)
    for (auto const& one : probes)
      if (one.fraction > 0 && std::ranges::binary_search(classes[c], one.point)) known[c].push_back(&one);

  std::vector<double> rates(classes.size(), std::numeric_limits<double>::quiet_NaN());  // seconds per unit of cost
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (known[c].empty()) continue;
    std::vector<double> direct, guessed;
    double reached = 1;  // the least fraction at which a task was left
    std::size_t parts = 0;
    for (auto const* one : known[c]) {
      direct.push_back((one->whole ? one->seconds : guessed_seconds(*one)) / cost(*one));
      guessed.push_back(guessed_seconds(*one) / cost(*one));
      if (one->whole) continue;
      reached = std::min(reached, one->fraction);
      ++parts;
    }
    rates[c] = mean(direct);
    if (4 * parts < known[c].size()) continue;
    for (auto below = c; below-- > 0;)
      if (auto const factor = correction(known[below], reached)) {
        rates[c] = *factor * mean(guessed);
        break;
      }
  }

  std::vector<double> seconds(costs.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t c = 0; c < classes.size(); ++c) {
    auto rate = rates[c];
    for (std::size_t away = 1; std::isnan(rate) && away < classes.size(); ++away) {
      if (away <= c) rate = rates[c - away];
      if (std::isnan(rate) && c + away < classes.size()) rate = rates[c + away];
    }
    for (auto const point : classes[c]) seconds[point] = rate * costs[point];
  }
  return seconds;
}

Estimate estimate(Plan const& plan, double seconds) {
  std::vector<double> costs;
  for (std::uint64_t point = 0; point < plan.points(); ++point) costs.push_back(plan.cost(point));
  auto const classes = classes_of(costs);
  Estimate result{.seconds = {}, .probes = {}, .realizations = plan.realizations()};
  auto const start = Clock::now();
  double const begin = processor_seconds();
  auto const spent = [&] { return std::max(processor_seconds() - begin, seconds_since(start) / 3); };
  for (std::size_t c = 0; c < classes.size(); ++c) {
    // points of a class in random order, each with another realization
    auto points = classes[c];
    Rng rng(1, static_cast<std::uint32_t>(c), Stream("plan"));
    rng.shuffle(std::span(points));
    double const until = spent() + (seconds - spent()) / static_cast<double>(classes.size() - c);
    constexpr std::uint64_t most = 60;
    double longest = 0;  // a task is begun only if it will probably end in time
    auto const tasks = std::min<std::uint64_t>(most, points.size() * plan.realizations());
    for (std::uint64_t k = 0; k < tasks; ++k) {
      double const left = until - spent();
      if (k > 0 && left < longest) break;
      auto const point = points[k % points.size()];
      auto const task = point * plan.realizations() + k % plan.realizations();
      result.probes.push_back(probe(plan, task, std::max(left, 0.05)));
      longest = std::max(longest, result.probes.back().seconds);
    }
  }
  result.seconds = seconds_of_points(costs, result.probes);
  return result;
}

std::uint64_t Estimate::cheapest() const {
  return static_cast<std::uint64_t>(std::ranges::min_element(seconds) - seconds.begin());
}

std::uint64_t Estimate::dearest() const {
  return static_cast<std::uint64_t>(std::ranges::max_element(seconds) - seconds.begin());
}

double Estimate::total_seconds() const {
  return static_cast<double>(realizations) * std::reduce(seconds.begin(), seconds.end());
}

double Estimate::wall_seconds(std::uint64_t ranks) const {
  return std::max(total_seconds() / static_cast<double>(ranks), seconds[dearest()]);
}

}  // namespace hypnos

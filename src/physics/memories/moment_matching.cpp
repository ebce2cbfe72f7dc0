#include "hypnos/physics/memories/moment_matching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;

namespace {

constexpr int least_exponent = 20, largest_exponent = 40;

// Samples that are taken together.
constexpr int of_an_item = 32;

// k of the units.
int exponent(int N, int P, Fraction lambda) {
  double const sum = static_cast<double>(lambda.q) * N * N * P;
  return std::min(largest_exponent, static_cast<int>(std::floor(std::log2(0x1p50 / sum))));
}

// Different states and how often each was given, in the order of their bits.
struct Tally {
  SpinStates states;
  std::vector<int> times;

  explicit Tally(SpinStates const& given) : states(given.size()) {
    std::vector<Index> order(static_cast<std::size_t>(given.count()));
    std::iota(order.begin(), order.end(), Index{0});
    std::ranges::sort(order, [&](Index k, Index l) {
      return std::ranges::lexicographical_compare(given[k].words(), given[l].words());
    });
    for (auto const k : order) {
      bool const known =
          states.count() > 0 && differing_spins(std::as_const(states)[states.count() - 1], given[k]) == 0;
      if (!known) {
        states.append(given[k]);
        times.push_back(0);
      }
      ++times.back();
    }
  }
};

SpinStates with_opposites(SpinStates const& states) {
  auto all = states;
  all.append(states);
  for (Index k = states.count(); k < all.count(); ++k) all[k].reverse();
  return all;
}

}  // namespace

bool MomentMatching::possible(int N, int P, Fraction lambda) { return exponent(N, P, lambda) >= least_exponent; }

MomentMatching::MomentMatching(MatrixXd const& xi, Fraction lambda, MatchingStart start, MatchingPlan plan,
                               std::optional<Rng> const& stream, ItemMap share)
    : N_(static_cast<int>(xi.cols())),
      P_(static_cast<int>(xi.rows())),
      sums_(hebbian_sums(xi)),
      lambda_(lambda),
      plan_(std::move(plan)),
      stream_(stream),
      share_(std::move(share)) {
  if (P_ < 1 || !possible(N_, P_, lambda))
    throw std::domain_error("moment matching: there are no patterns, or the rate has too large a denominator");
  if (plan_.samples > 0 && !stream_) throw std::domain_error("moment matching: samples need random numbers");
  resolution_ = std::ldexp(1, exponent(N_, P_, lambda));
  unit_ = 1 / (static_cast<double>(lambda_.q) * N_ * P_ * resolution_);
  K_ = MatrixXd::Zero(N_, N_);
  if (start == MatchingStart::hebb) K_ = static_cast<double>(lambda_.q) * N_ * resolution_ * sums_;
  distances_.setConstant(std::ssize(plan_.steps), std::numeric_limits<double>::quiet_NaN());
  counts_ = distances_;
}

double MomentMatching::fraction() const {
  return done() ? 1 : static_cast<double>(steps_) / static_cast<double>(plan_.steps.back());
}

void MomentMatching::advance(double operations) {
  if (evaluated_) step();
  if (plan_.samples > 0) {
    sample();
  } else if (too_many()) {
    fixed_points_ = SpinStates(N_);
    compare();
  } else {
    if (!search_) begin_search();
    search_->advance(operations);
    if (!search_->done()) return;
    fixed_points_ = search_->minima();
    search_.reset();
    compare();
  }
}

void MomentMatching::begin_search() { search_.emplace(K_, false, plan_.most_fixed_points, share_); }

void MomentMatching::sample() {
  Relaxation const network(K_);
  auto const items = share_((plan_.samples + of_an_item - 1) / of_an_item, [&](int item) {
    int const first = item * of_an_item, last = std::min(first + of_an_item, plan_.samples);
    std::vector<double> signs;
    for (int k = first; k < last; ++k) {
      auto numbers = numbers_of_dream(stream_->substream(static_cast<std::uint32_t>(k)), steps_);
      MatrixXd const start = random_state(N_, numbers).cast<double>().transpose();
      auto trajectory = network.start(SpinStates(start)).front();
      BufferedRandom random(numbers);
      trajectory.relax(Order::random_site, random);
      for (int i = 0; i < N_; ++i) signs.push_back(trajectory.state().spin(i));
    }
    return signs;
  });
  SpinStates ends(N_);
  for (auto const& signs : items)
    ends.append(SpinStates(MatrixXd(MatrixXd::Map(signs.data(), N_, std::ssize(signs) / N_).transpose())));
  for (Index k = 0; k < ends.count(); ++k)
    if (!ends[k].is_up(0)) ends[k].reverse();
  Tally const tally(ends);
  missed_ = static_cast<double>(std::ranges::count(tally.times, 1)) / plan_.samples;
  fixed_points_ = with_opposites(tally.states);
  compare();
}

bool MomentMatching::too_many() const {
  return plan_.samples == 0 && K_.isZero(0) && std::ldexp(1, N_) > static_cast<double>(plan_.most_fixed_points);
}

// C and W, and the record.
void MomentMatching::compare() {
  MatrixXd const s = fixed_points_.signs();
  bool const all_states = too_many();
  double const Omega = all_states ? std::ldexp(1, N_) : static_cast<double>(s.rows());
  moments_ = MatrixXd::Zero(N_, N_);
  if (!all_states) moments_.noalias() = s.transpose() * s;
  moments_.diagonal().setZero();
  MatrixXd const difference = P_ * moments_ - Omega * sums_;  // integers
  double const distance = difference.cwiseAbs().maxCoeff() / (P_ * Omega);
  matched_ = distance == 0;
  evaluated_ = true;
  for (Index record = 0; record < distances_.size(); ++record) {
    auto const due = plan_.steps[static_cast<std::size_t>(record)];
    if (due != steps_ && !(matched_ && due > steps_)) continue;
    distances_(record) = distance;
    counts_(record) = Omega;
  }
}

void MomentMatching::step() {
  double const Omega = too_many() ? 1 : static_cast<double>(fixed_points_.count());
  double const of_patterns = lambda_.r * resolution_;
  MatrixXd const K = K_ + of_patterns * sums_ - std::round(of_patterns * P_ / Omega) * moments_;
  if (K.cwiseAbs().rowwise().sum().maxCoeff() >= 0x1p53)
    throw std::overflow_error("couplings have outgrown 53 bits in units of the rate lambda");
  K_ = K;
  ++steps_;
  evaluated_ = false;
}

bool are_patterns_only(SpinStates const& states, SpinStates const& patterns) {
  return Tally(states).states == Tally(with_opposites(patterns)).states;
}

}  // namespace hypnos

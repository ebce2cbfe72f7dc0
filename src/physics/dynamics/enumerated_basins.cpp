#include "hypnos/physics/dynamics/enumerated_basins.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

#include "enumerated_fields.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Pairs of states between two calls of poll().
constexpr std::uint32_t between_polls = 1 << 20;

// Calls f(i) for every bit i that is set.
template <class Function>
void for_each_bit(std::uint32_t bits, Function const& f) {
  for (; bits != 0; bits &= bits - 1) f(std::countr_zero(bits));
}

}  // namespace

EnumeratedBasins::EnumeratedBasins(MatrixXd const& J, Poll poll)
    : N_(static_cast<int>(J.cols())), last_(0), poll_(std::move(poll)) {
  if (J.rows() != J.cols() || N_ < 1 || N_ > largest_size || !J.allFinite() || J != J.transpose())
    throw std::domain_error("basins of all states: couplings are a symmetric matrix of up to " +
                            std::to_string(largest_size) + " neurons");
  last_ = (std::uint32_t{1} << (N_ - 1)) - 1;
  EnumeratedFields const fields(J);
  unstable_.resize(fields.states());
  std::vector<std::uint8_t> open(unstable_.size());  // neighbours that come before a pair and are not in the order yet
  for (std::uint32_t x = 0; x <= last_; ++x) {
    if (x % between_polls == 0) poll_();
    auto const neurons = fields.neurons(x);
    unstable_[x] = static_cast<std::uint32_t>(neurons.unstable);
    open[x] = static_cast<std::uint8_t>(std::popcount(neurons.stable));
  }
  order_.reserve(unstable_.size());
  for (std::uint32_t x = 0; x <= last_; ++x)
    if (open[x] == 0) order_.push_back(x);
  for (std::size_t k = 0; k < order_.size(); ++k) {
    if (k % between_polls == 0) poll_();
    auto const x = order_[k];
    for_each_bit(unstable_[x], [&](int i) {
      auto const y = neighbour(x, i);
      if (--open[y] == 0) order_.push_back(y);
    });
  }
  if (order_.size() != unstable_.size()) throw std::logic_error("flips that lower the energy form a cycle");
}

std::uint32_t EnumeratedBasins::pair_of(SpinState s) const {
  auto const bits = static_cast<std::uint32_t>(s.words()[0]);
  return (s.is_up(N_ - 1) ? bits : ~bits) & last_;
}

void EnumeratedBasins::require_fixed(SpinStates const& states) const {
  if (states.size() != N_) throw std::domain_error("basins of all states: fixed points of another size");
  for (Index k = 0; k < states.count(); ++k)
    if (unstable_[pair_of(states[k])] != 0)
      throw std::domain_error("basins of all states: a state has unstable neurons");
}

VectorXd EnumeratedBasins::volumes(SpinStates const& fixed_points) const {
  require_fixed(fixed_points);
  std::vector<double> weight(unstable_.size(), 1.0);
  for (std::size_t k = 0; k < order_.size(); ++k) {
    if (k % between_polls == 0) poll_();
    auto const x = order_[k];
    auto const flips = unstable_[x];
    if (flips == 0) continue;
    double const share = weight[x] / std::popcount(flips);
    for_each_bit(flips, [&](int i) { weight[neighbour(x, i)] += share; });
  }
  VectorXd volumes(fixed_points.count());
  for (Index k = 0; k < volumes.size(); ++k)
    volumes(k) = weight[pair_of(fixed_points[k])] / (2 * static_cast<double>(weight.size()));
  return volumes;
}

// p[2 x] of state x with s_{N-1} = 1, and p[2 x + 1] of its opposite, to end in the state `fixed_point` with
// s_{N-1} = 1.
void EnumeratedBasins::find_probabilities(std::uint32_t fixed_point, std::vector<float>& p) const {
  for (std::size_t k = order_.size(); k-- > 0;) {
    if (k % between_polls == 0) poll_();
    auto const x = order_[k];
    auto const flips = unstable_[x];
    float same = 0, opposite = 0;
    for_each_bit(flips, [&](int i) {
      auto const y = std::size_t{2} * neighbour(x, i);
      bool const reversed = i == N_ - 1;
      same += p[y + (reversed ? 1 : 0)];
      opposite += p[y + (reversed ? 0 : 1)];
    });
    auto const count = static_cast<float>(std::popcount(flips));
    p[std::size_t{2} * x] = flips != 0 ? same / count : x == fixed_point ? 1.F : 0.F;
    p[std::size_t{2} * x + 1] = flips != 0 ? opposite / count : 0.F;
  }
}

std::vector<EnumeratedBasins::Region> EnumeratedBasins::regions(SpinStates const& fixed_points) const {
  require_fixed(fixed_points);
  auto const states = 2 * unstable_.size();
  std::vector<float> p(states), largest(states, 0.F);
  std::vector<std::uint32_t> ends;  // by pairs f, -f
  for (Index k = 0; k < fixed_points.count(); ++k)
    if (auto const x = pair_of(fixed_points[k]); std::ranges::find(ends, x) == ends.end()) ends.push_back(x);
  // -f is reached from -s as f is from s
  for (auto const f : ends) {
    find_probabilities(f, p);
    for (std::size_t s = 0; s < states; ++s) largest[s] = std::max({largest[s], p[s], p[s ^ 1]});
  }
  std::vector<Region> of_end;
  for (auto const f : ends) {
    find_probabilities(f, p);
    std::vector<bool> inside(states);
    for (std::size_t s = 0; s < states; ++s) inside[s] = p[s] > 0 && p[s] >= largest[s] - tie;
    of_end.push_back(region(std::move(inside)));
  }
  std::vector<Region> regions;
  for (Index k = 0; k < fixed_points.count(); ++k)
    regions.push_back(
        of_end[static_cast<std::size_t>(std::ranges::find(ends, pair_of(fixed_points[k])) - ends.begin())]);
  return regions;
}

// Of the states 2 x and 2 x + 1 that are inside.
EnumeratedBasins::Region EnumeratedBasins::region(std::vector<bool> inside) const {
  Region region{0, 0, 0};
  std::size_t all = 0, largest = 0;
  std::vector<std::uint32_t> stack;
  for (std::size_t start = 0; start < inside.size(); ++start) {
    if (start % between_polls == 0) poll_();
    if (!inside[start]) continue;
    ++region.pieces;
    std::size_t size = 0;
    inside[start] = false;
    stack.push_back(static_cast<std::uint32_t>(start));
    while (!stack.empty()) {
      auto const s = stack.back();
      stack.pop_back();
      if (++size % between_polls == 0) poll_();
      for (int i = 0; i < N_; ++i) {
        auto const reversed = i == N_ - 1 ? 1U : 0U;
        auto const t = 2 * neighbour(s / 2, i) + ((s & 1U) ^ reversed);
        if (!inside[t]) continue;
        inside[t] = false;
        stack.push_back(t);
      }
    }
    all += size;
    largest = std::max(largest, size);
  }
  region.volume = static_cast<double>(all) / static_cast<double>(inside.size());
  region.largest = static_cast<double>(largest) / static_cast<double>(all);
  return region;
}

}  // namespace hypnos

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
    : N_(static_cast<int>(J.cols())), poll_(std::move(poll)) {
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
  // Level by level; in a level in ascending order, so that neighbours lie near each other in memory.
  for (std::size_t begin = 0, end = order_.size(); begin < end; begin = std::exchange(end, order_.size())) {
    for (std::size_t k = begin; k < end; ++k) {
      if (k % between_polls == 0) poll_();
      auto const x = order_[k];
      for_each_bit(unstable_[x], [&](int i) {
        auto const y = neighbour(x, i);
        if (--open[y] == 0) order_.push_back(y);
      });
    }
    std::sort(order_.begin() + static_cast<std::ptrdiff_t>(end), order_.end());
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

// Of some pairs f, -f at once: p[x][2 n] of state x with s_{N-1} = 1, and p[x][2 n + 1] of its opposite, to end in state
// number ends[n] with s_{N-1} = 1.
void EnumeratedBasins::find_probabilities(std::span<std::uint32_t const> ends, std::vector<Probabilities>& p) const {
  for (std::size_t k = order_.size(); k-- > 0;) {
    if (k % between_polls == 0) poll_();
    auto const x = order_[k];
    auto const flips = unstable_[x];
    Probabilities sum{};
    if (flips == 0) {
      for (std::size_t n = 0; n < ends.size(); ++n) sum[2 * n] = x == ends[n] ? 1.F : 0.F;
      p[x] = sum;
      continue;
    }
    for_each_bit(flips & last_, [&](int i) { sum += p[neighbour(x, i)]; });
    if ((flips & ~last_) != 0) {
      auto const& reversed = p[neighbour(x, N_ - 1)];
      for (std::size_t n = 0; n < pairs_at_once; ++n) {
        sum[2 * n] += reversed[2 * n + 1];
        sum[2 * n + 1] += reversed[2 * n];
      }
    }
    p[x] = sum / static_cast<float>(std::popcount(flips));
  }
}

std::vector<EnumeratedBasins::Region> EnumeratedBasins::regions(SpinStates const& fixed_points) const {
  require_fixed(fixed_points);
  auto const pairs = unstable_.size();
  std::vector<std::uint32_t> ends;  // by pairs f, -f
  for (Index k = 0; k < fixed_points.count(); ++k)
    if (auto const x = pair_of(fixed_points[k]); std::ranges::find(ends, x) == ends.end()) ends.push_back(x);
  std::vector<std::span<std::uint32_t const>> batches;
  for (std::size_t first = 0; first < ends.size(); first += pairs_at_once)
    batches.emplace_back(std::span(ends).subspan(first, std::min(pairs_at_once, ends.size() - first)));

  std::vector<Probabilities> p(pairs);
  std::vector<float> largest(pairs, 0.F);  // over all f and -f: the same for s and -s
  for (auto const& batch : batches) {
    find_probabilities(batch, p);
    for (std::size_t x = 0; x < pairs; ++x)
      for (std::size_t m = 0; m < 2 * batch.size(); ++m) largest[x] = std::max(largest[x], p[x][m]);
  }
  std::vector<Region> of_end;
  for (auto const& batch : batches) {
    if (batches.size() > 1) find_probabilities(batch, p);
    for (std::size_t n = 0; n < batch.size(); ++n) {
      std::vector<bool> inside(2 * pairs);
      for (std::size_t s = 0; s < inside.size(); ++s) {
        float const here = p[s / 2][2 * n + s % 2];
        inside[s] = here > 0 && here >= largest[s / 2] - tie;
      }
      of_end.push_back(region(std::move(inside)));
    }
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

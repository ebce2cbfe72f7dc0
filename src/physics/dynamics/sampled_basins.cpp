#include "hypnos/physics/dynamics/sampled_basins.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <stdexcept>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;

namespace {

bool before(SpinState s, SpinState t) { return std::ranges::lexicographical_compare(s.words(), t.words()); }

// The place of s among states in the given order, or -1.
Index place(SpinState s, SpinStates const& states, std::vector<Index> const& order) {
  auto const at = std::ranges::lower_bound(order, s, before, [&](Index k) { return states[k]; });
  return at != order.end() && differing_spins(states[*at], s) == 0 ? *at : -1;
}

}  // namespace

SampledBasins::SampledBasins(MatrixXd const& J, SpinStates fixed_points, int samples, Rng const& stream)
    : network_(J),
      fixed_points_(std::move(fixed_points)),
      samples_(samples),
      stream_(stream),
      order_(static_cast<std::size_t>(fixed_points_.count())),
      counts_(Eigen::ArrayXi::Zero(fixed_points_.count())) {
  if (fixed_points_.size() != network_.size() || samples_ < 1 || samples_ > static_cast<int>(Rng::substreams))
    throw std::domain_error("sampled basins: fixed points of another size, or a wrong number of samples");
  std::iota(order_.begin(), order_.end(), Index{0});
  SpinStates const& states = fixed_points_;
  std::ranges::sort(order_, [&](Index k, Index l) { return before(states[k], states[l]); });
}

void SampledBasins::advance(double operations) {
  auto const N = static_cast<double>(network_.size());
  auto const count = static_cast<int>(std::clamp(operations / (3 * N * N + 1000), 1., 1e6));
  for (int const last = std::min(samples_, taken_ + count); taken_ < last; ++taken_) {
    auto numbers = stream_.substream(static_cast<std::uint32_t>(taken_));
    MatrixXd const start = random_state(network_.size(), numbers).cast<double>().transpose();
    auto trajectory = network_.start(SpinStates(start)).front();
    BufferedRandom random(numbers);
    trajectory.relax(Order::random_site, random);
    if (auto const k = place(trajectory.state(), fixed_points_, order_); k >= 0) ++counts_(k);
  }
}

ArrayXd SampledBasins::volumes() const {
  ArrayXd volumes(fixed_points_.count());
  SpinStates opposites = fixed_points_;
  for (Index k = 0; k < volumes.size(); ++k) {
    opposites[k].reverse();
    auto const opposite = place(opposites[k], fixed_points_, order_);
    volumes(k) = (counts_(k) + (opposite < 0 ? counts_(k) : counts_(opposite))) / (2. * samples_);
  }
  return volumes;
}

// The part of a pair is twice the volume.
ArrayXd SampledBasins::errors() const {
  ArrayXd const pairs = 2 * volumes();
  return (pairs * (1 - pairs) / samples_).sqrt() / 2;
}

}  // namespace hypnos

#include "hypnos/physics/dynamics/kawasaki.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "hypnos/kernels/logistic_thresholds.hpp"

namespace hypnos {

using Eigen::Index;

namespace {

void check_symmetric(FixedOverlapState const& state) {
  if (!state.state().network().symmetric())
    throw std::domain_error("Kawasaki dynamics: the couplings are not symmetric");
}

struct Place {
  std::size_t x, y;  // in the lists of aligned and of opposite neurons
};

Place random_place(FixedOverlapState const& state, BufferedRandom& random) {
  auto const below = [&](std::vector<int> const& list) {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(list.size())));
  };
  auto const x = below(state.aligned());
  return {x, below(state.opposite())};
}

bool lowers_energy(FixedOverlapState const& state, Place place) {
  return state.half_energy_change(state.aligned()[place.x], state.opposite()[place.y]) < 0;
}

// All pairs that lower the energy, by the number of the neurons.
class LoweringPairs {
 public:
  explicit LoweringPairs(FixedOverlapState const& state)
      : state_(state),
        aligned_field_(state.state().spins() * state.state().fields()),
        opposite_(aligned_field_.size()) {
    opposite_.setZero();
    for (int const b : state.opposite()) opposite_(b) = 1;
    for (int a = 0; a < state.size(); ++a)
      if (opposite_(a) == 0) count_ += of_aligned_.emplace_back(a, count_with(a)).second;
  }

  int count() const { return count_; }

  std::pair<int, int> operator[](int n) const {
    for (auto const& [a, count] : of_aligned_) {
      if (n >= count) {
        n -= count;
        continue;
      }
      for (int b = 0; b < state_.size(); ++b)
        if (opposite_(b) != 0 && state_.half_energy_change(a, b) < 0 && n-- == 0) return {a, b};
    }
    throw std::logic_error("there is no such pair");
  }

 private:
  int count_with(int a) const {
    int const of_a = aligned_field_(a), twice_s = 2 * state_.state().spin(a);
    int const* const J = state_.state().network().column(a);
    int const* const s = state_.state().spins().data();
    int const* const field = aligned_field_.data();
    int const* const opposite = opposite_.data();
    int count = 0;
    for (Index b = 0; b < aligned_field_.size(); ++b)
      count += of_a + field[b] - twice_s * J[b] * s[b] < 0 ? opposite[b] : 0;
    return count;
  }

  FixedOverlapState const& state_;
  Eigen::ArrayXi aligned_field_, opposite_;  // s_i h_i; 1 where s_i is opposite to the reference
  std::vector<std::pair<int, int>> of_aligned_;
  int count_ = 0;
};

}  // namespace

void kawasaki(FixedOverlapState& state, double T, std::int64_t moves, BufferedRandom& random) {
  check_symmetric(state);
  if (!(T > 0) || !std::isfinite(T)) throw std::domain_error("Kawasaki dynamics: a temperature is finite and above 0");
  if (moves < 0) throw std::domain_error("Kawasaki dynamics: a negative number of moves");
  if (state.aligned().empty() || state.opposite().empty()) return;
  constexpr std::size_t at_once = 64;
  std::array<Place, at_once> places;
  std::array<std::uint32_t, at_once> words{};
  std::array<std::int32_t, at_once> thresholds;
  double const scale = state.state().network().in_units(T / 2);
  while (moves > 0) {
    auto const count = static_cast<std::size_t>(std::min<std::int64_t>(moves, at_once));
    for (std::size_t k = 0; k < count; ++k) {
      places[k] = random_place(state, random);
      words[k] = random.bits();
    }
    logistic_thresholds(words, scale, thresholds);
    for (std::size_t k = 0; k < count; ++k) {
      auto const [x, y] = places[k];
      if (state.half_energy_change(state.aligned()[x], state.opposite()[y]) <= thresholds[k]) state.exchange(x, y);
    }
    moves -= static_cast<std::int64_t>(count);
  }
}

std::int64_t kawasaki_descent(FixedOverlapState& state, BufferedRandom& random) {
  check_symmetric(state);
  std::int64_t exchanges = 0;
  if (state.aligned().empty() || state.opposite().empty()) return exchanges;
  for (int rejected = 0; rejected < 4 * state.size(); ++rejected)
    if (auto const place = random_place(state, random); lowers_energy(state, place)) {
      state.exchange(place.x, place.y);
      ++exchanges;
      rejected = -1;
    }
  auto const place_in = [](std::vector<int> const& list, int neuron) {
    return static_cast<std::size_t>(std::ranges::find(list, neuron) - list.begin());
  };
  while (true) {
    LoweringPairs const pairs(state);
    if (pairs.count() == 0) return exchanges;
    auto const [a, b] = pairs[random.below(static_cast<std::uint32_t>(pairs.count()))];
    state.exchange(place_in(state.aligned(), a), place_in(state.opposite(), b));
    ++exchanges;
  }
}

}  // namespace hypnos

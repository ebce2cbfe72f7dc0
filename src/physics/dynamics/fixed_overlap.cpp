#include "hypnos/physics/dynamics/fixed_overlap.hpp"

#include <array>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace hypnos {

SpinStates state_at_overlap(SpinState reference, int opposite, BufferedRandom& random) {
  int const N = reference.size();
  if (opposite < 0 || opposite > N) throw std::domain_error("a state has 0 to N neurons opposite to a reference");
  SpinStates state(N);
  state.append(reference);
  std::vector<int> neurons(static_cast<std::size_t>(N));
  std::iota(neurons.begin(), neurons.end(), 0);
  for (std::size_t k = 0; k < static_cast<std::size_t>(opposite); ++k) {
    auto const left = static_cast<std::uint32_t>(neurons.size() - k);
    std::swap(neurons[k], neurons[k + static_cast<std::size_t>(random.below(left))]);
    state[0].flip(neurons[k]);
  }
  return state;
}

FixedOverlapState::FixedOverlapState(NetworkState state, SpinState reference) : state_(std::move(state)) {
  if (reference.size() != size()) throw std::domain_error("a reference and a network differ in size");
  for (int i = 0; i < size(); ++i) (state_.spin(i) == reference.spin(i) ? aligned_ : opposite_).push_back(i);
}

int FixedOverlapState::unstable_after(int a, int b) const {
  int const of_a = -2 * state_.spin(a), of_b = -2 * state_.spin(b);
  int const* const J_a = state_.network().column(a);
  int const* const J_b = state_.network().column(b);
  int const* const s = state_.spins().data();
  int const* const h = state_.fields().data();
  auto const changed = [=](Eigen::Index i) { return s[i] * (h[i] + of_a * J_a[i] + of_b * J_b[i]); };
  int count = 0;
  for (Eigen::Index i = 0; i < state_.spins().size(); ++i) count += changed(i) < 0 ? 1 : 0;
  // s_a and s_b flip as well
  for (int const i : {a, b}) count += (changed(i) > 0 ? 1 : 0) - (changed(i) < 0 ? 1 : 0);
  return count;
}

void FixedOverlapState::exchange(std::size_t x, std::size_t y) {
  state_.flip(std::array{aligned_[x], opposite_[y]});
  std::swap(aligned_[x], opposite_[y]);
}

}  // namespace hypnos

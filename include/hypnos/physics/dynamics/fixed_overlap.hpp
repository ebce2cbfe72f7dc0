#pragma once

#include <cstdint>
#include <vector>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/physics/dynamics/network_state.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// Of a state whose overlap with a reference is "0+", in (0, N^-1/2) (Benedetti and Ventura, arXiv:2302.13417, footnote
/// 1): how many neurons are opposite to the reference for the smallest positive overlap, which is 1/N for odd N and 2/N
/// for even N. All states then have one overlap, that nearest to 0. N = 2 has only the overlap 1, and N = 4 the overlap
/// N^-1/2.
inline int opposite_at_least_overlap(int N) { return (N - 1) / 2; }

/// A state that differs from the reference on `opposite` neurons, all such states being equally probable; `opposite`
/// numbers below(N - k), k = 0, 1, ... std::domain_error for an `opposite` outside [0, N].
SpinStates state_at_overlap(SpinState reference, int opposite, BufferedRandom& random);

/// A state of a network whose overlap with a reference is constant: neurons of which one is aligned with the reference,
/// s_i xi_i = +1, and the other one opposite are exchanged in the frame where the reference is all +1, so that both
/// flip.
class FixedOverlapState {
 public:
  /// The reference has the size of the network, else std::domain_error.
  FixedOverlapState(NetworkState state, SpinState reference);

  NetworkState const& state() const { return state_; }
  int size() const { return state_.size(); }
  /// The neurons aligned with the reference, and those opposite to it, at first by number; an exchange replaces one by
  /// the other where they stand.
  std::vector<int> const& aligned() const { return aligned_; }
  std::vector<int> const& opposite() const { return opposite_; }
  double overlap() const {
    return (static_cast<double>(aligned_.size()) - static_cast<double>(opposite_.size())) / size();
  }

  /// dE / 2 of flipping neurons a != b, in units of the network: s_a h_a + s_b h_b - 2 J_ab s_a s_b. Symmetric
  /// couplings.
  int half_energy_change(int a, int b) const {
    return state_.spin(a) * state_.field(a) + state_.spin(b) * state_.field(b) -
           2 * state_.coupling(a, b) * state_.spin(a) * state_.spin(b);
  }

  /// How many neurons are unstable, s_i h_i < 0, after neurons a != b are flipped. O(N).
  int unstable_after(int a, int b) const;

  /// Exchanges aligned()[x] and opposite()[y]. O(N).
  void exchange(std::size_t x, std::size_t y);

  /// For an object of the same arguments.
  template <class Archive>
  void archive(Archive& members) {
    members(state_, aligned_, opposite_);
  }

 private:
  NetworkState state_;
  std::vector<int> aligned_, opposite_;
};

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// Which neuron flips next at zero temperature: any unstable neuron with equal probability, which is the law of
/// updating neurons chosen at random without the updates that change nothing; or all neurons are updated in sweeps, in
/// the order 0, 1, ..., N-1, or each sweep in a random order of its own.
enum class Order { random_site, sweep, random_sweep };

/// How far updates in some order have come.
struct UpdatePosition {
  int last = -1;            ///< neuron that flipped last
  std::vector<int> sweep;   ///< the order of the present sweep, if it is random; empty before the first
  std::size_t updated = 0;  ///< so many of them had their update

  template <class Archive>
  void archive(Archive& members) {
    members(last, sweep, updated);
  }
};

/// Asynchronous dynamics at zero temperature in a network with couplings J,
///   s_i <- sign(h_i),  h_i = sum_{j != i} J_ij s_j,  a field of zero leaves s_i as it is,
/// until no neuron is unstable, s_i h_i < 0. J may be asymmetric; its diagonal plays no part. With symmetric J every
/// flip lowers the energy -1/2 sum_ij J_ij s_i s_j, and every state settles.
///
/// Couplings are kept as integers, multiples of the smallest power of two for which no |2 h_i| exceeds 2^29. Then all
/// fields are exact and do not depend on the order of sums. Integer couplings with sums of |J_ij| over a row below 2^28
/// are exact, and their fields vanish where they should; others are rounded once, by less than 2^-29 of the largest
/// such sum. A common factor changes no sign: Hebb's couplings are best given times N (hebbian_sums).
class Relaxation {
 public:
  static constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

  /// J (N x N), finite, else std::domain_error. 4 N^2 bytes.
  explicit Relaxation(Eigen::MatrixXd const& J);

  int size() const { return N_; }

  struct Result {
    SpinStates states;  ///< final states
    int unsettled;      ///< states that were still unstable after most_flips flips
  };

  /// Lets every state settle. State k draws from the beginning of substream k of the stream: one number a flip at random
  /// sites, none in sweeps, N - 1 in every sweep of random order (Rng::shuffle, of the order before; at first of 0, 1,
  /// ...); std::domain_error for more than Rng::substreams states. 2 N^2 operations a state,
  /// O(N) a flip.
  Result relax(SpinStates states, Order order, Rng const& stream, std::int64_t most_flips = no_limit) const;

  /// h_i in every state, (count x N). 2 N^2 operations a state.
  Eigen::MatrixXd fields(SpinStates const& states) const;

  /// Which neurons of which states are unstable, (count x N): a row without any is a fixed point. 2 N^2 operations a
  /// state.
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> unstable(SpinStates const& states) const;

  class Trajectory;

  /// Trajectories that start from the states. They refer to this object. 2 N^2 operations and 4 N bytes a state.
  std::vector<Trajectory> start(SpinStates const& states) const;

 private:
  friend class Trajectory;

  /// 2 h + s of states first, ..., in a column each, in units of unit_; rows at their places (sign_sums.hpp).
  Eigen::MatrixXi placed_fields(SpinStates const& states, Eigen::Index first, Eigen::Index count) const;

  int N_;
  int exponent_;             // of the unit, 2^exponent
  Eigen::MatrixXi twice_J_;  // column j: what neuron j adds to 2 h + s of all neurons, at their places
};

/// A state together with its fields, which flips keep up to date.
class Relaxation::Trajectory {
 public:
  SpinState state() const { return state_[0]; }

  /// Flips neurons, each at most once, stable or not. O(N) each.
  void flip(std::span<int const> neurons);
  /// To the opposite state.
  void reverse();

  /// Flips unstable neurons until there is none; false if there still is one after `most_flips` more flips. Repeated
  /// calls go on where the last one ended.
  bool relax(Order order, BufferedRandom& random, std::int64_t most_flips = no_limit);

  /// How many flips relax() has done.
  std::int64_t flips() const { return flips_; }

  /// The state, for a trajectory in the same couplings.
  template <class Archive>
  void archive(Archive& members) {
    members(state_, x_, flips_, position_);
  }

 private:
  friend class Relaxation;
  Trajectory(Relaxation const& network, SpinState start, Eigen::ArrayXi x);

  Relaxation const* network_;
  SpinStates state_;
  // In the place of the field h of a spin s: x = 2 h + s, whose sign is that of the updated spin, also for h = 0.
  Eigen::ArrayXi x_;
  std::int64_t flips_ = 0;
  UpdatePosition position_;
};

}  // namespace hypnos

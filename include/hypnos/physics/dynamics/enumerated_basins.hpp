#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// Asynchronous dynamics at zero temperature (relaxation.hpp, Order::random_site) from all 2^N states at once. The
/// neuron that flips next is any unstable one with equal probability, so a state s ends in a fixed point f with a
/// probability that follows from those of its neighbours,
///   p_f(s) = 1/n sum_{i unstable} p_f(s with s_i flipped),  n the number of unstable neurons, p_f(f) = 1.
/// No trajectory is sampled. J is symmetric, so every flip lowers the energy and no state comes back.
///
/// States come in pairs s, -s with the same flips; one of each is kept. Memory: 17 2^(N-1) bytes, 285 MB at N = 25.
class EnumeratedBasins {
 public:
  static constexpr int largest_size = 25;
  using Poll = std::function<void()>;

  /// J (N x N) symmetric, finite, 1 <= N <= largest_size, else std::domain_error; its diagonal plays no part. Fields are
  /// exact for integers with sums over a row below 2^53; for others their sign may be lost to rounding, where a field
  /// vanishes to 16 digits. `poll` is called at least once a second and may throw. About N 2^(N-1) operations.
  explicit EnumeratedBasins(
      Eigen::MatrixXd const& J, Poll poll = [] {});

  int size() const { return N_; }

  /// The basin of each fixed point f: 2^-N sum_s p_f(s), the probability that the dynamics from a random state ends in f.
  /// Their sum is 1 if all states without an unstable neuron are given. N 2^(N-2) additions, and 2^(N+2) bytes more.
  /// std::domain_error for a state that is no fixed point.
  Eigen::VectorXd volumes(SpinStates const& fixed_points) const;

  /// The states from which no other fixed point is reached with a larger probability; a difference below `tie` does not
  /// count.
  struct Region {
    double volume;   ///< their number / 2^N; the volumes of all regions add up to 1 but for ties
    int pieces;      ///< of how many connected pieces they consist, if neighbours differ in one spin
    double largest;  ///< the part of them in the largest piece
  };
  static constexpr float tie = 1e-5F;

  /// The region of each fixed point, if these are all fixed points. A region of one piece gathers similar states
  /// (Ventura, Learning and unlearning (2024), Sec. III). With a fixed rule of which unstable neuron flips, the basin of a
  /// fixed point is of one piece, since it contains the trajectories from all its states; here it need not be. N 2^N
  /// additions for every four pairs f, -f, and 19 2^N bytes more, 640 MB at N = 25.
  std::vector<Region> regions(SpinStates const& fixed_points) const;

 private:
  static constexpr std::size_t pairs_at_once = 4;  // of fixed points
  using Probabilities [[gnu::vector_size(32)]] = float;

  // Number of a state among the pairs: bit i is set where s_i = s_{N-1}, i < N - 1.
  std::uint32_t pair_of(SpinState s) const;
  // The neighbour pair by a flip of neuron i. `reversed`: s_{N-1} has become -1 in it.
  std::uint32_t neighbour(std::uint32_t x, int i) const { return i == N_ - 1 ? ~x & last_ : x ^ 1U << i; }
  void require_fixed(SpinStates const& states) const;
  Region region(std::vector<bool> inside) const;
  void find_probabilities(std::span<std::uint32_t const> ends, std::vector<Probabilities>& p) const;

  int N_;
  std::uint32_t last_ = 0;  // number of the last pair, 2^(N-1) - 1
  Poll poll_;
  std::vector<std::uint32_t> unstable_;  // of a pair: bit i is set if neuron i is unstable
  std::vector<std::uint32_t> order_;     // of pairs, each before those that its flips lead to
};

}  // namespace hypnos

#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <vector>

#include "hypnos/base/blocks.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"

namespace hypnos {

class ChainBundle;

/// Independent Markov chains of N spins that sample P(s) = exp(-beta E(s)) / Z and keep their states between calls,
/// while the model may change. A sweep updates the spins i = 0 ... N-1 in this order: each is drawn from its
/// distribution given all others,
///   P(s_i = +1) = 1 / (1 + exp(-2 beta phi_i)),  phi_i = sum_j J_ij s_j + h_i      (heat bath; Glauber, J. Math. Phys.
///                                                                                   4, 294 (1963))
/// Spin i of chain k in sweep t has its own random number, word t N + i of substream k of the stream
/// (Rng::side_by_side): the states of a chain depend neither on the number of chains nor on how its sweeps are grouped.
/// Couplings, fields and probabilities are in single precision: those of the last rounding are off by 1e-7, by more
/// only where 2 beta phi_i is a difference of terms far above 1; probabilities below 2^-24 are 0. Sums over chains are
/// in double precision.
/// Chains are computed in bundles of 64. Every process of a team has all states after every call.
class HeatBath {
 public:
  static constexpr int fewest_chains = 8;
  static constexpr int most_chains = Rng::substreams;

  /// Every spin of every chain starts as +1 or -1 with probability 1/2 (a sample at beta = 0, drawn in sweep 0).
  /// N < 1, or `chains` outside [fewest_chains, most_chains], is a std::domain_error: errors are estimated from the
  /// spread over chains.
  HeatBath(int N, int chains, Rng const& stream);

  int size() const { return N_; }
  int chains() const { return chains_; }

  /// `sweeps` sweeps of all chains. O(N^2 sweeps chains): with AVX-512 a nanosecond per spin and sweep at N = 20, two
  /// at N = 100.
  /// The model must have N spins, its numbers and beta be finite, beta >= 0, else std::domain_error; so in all
  /// functions that use chains. If anything is thrown, the chains are as before.
  void run(Ising const& model, double beta, int sweeps, BlockMap const& blocks = serial_blocks);

  /// The states, (N x chains), entries +-1.
  Eigen::MatrixXd spins() const;

  /// The states and the numbers of sweeps done. They continue chains of the same N, number and stream; another size is
  /// a std::length_error.
  template <class Archive>
  void archive(Archive& members) {
    auto const size = spins_.size();
    members(sweeps_, spins_);
    if (spins_.size() != size || static_cast<int>(sweeps_.size()) != bundles())
      throw std::length_error("the archived Markov chains differ in number or size from those that are restored");
  }

  /// The number of bundles of 64 chains; the last may be incomplete.
  int bundles() const;
  /// Estimated time of one sweep of a bundle, seconds.
  double seconds_of_sweep() const;

  /// What is done with one bundle: any number of sweeps, and `size` results.
  using Task = std::function<void(ChainBundle& bundle, std::span<double> results)>;
  /// Does the task with the bundles first ... first + count - 1, keeps their final states, and returns their results
  /// one after the other. If anything is thrown, the chains are as before.
  std::vector<double> with_bundles(Ising const& model, int first, int count, int size, Task const& task,
                                   BlockMap const& blocks);

 private:
  int N_, chains_;
  Rng stream_;
  std::vector<std::uint64_t> sweeps_;  // done since the start, by each bundle
  std::vector<std::uint64_t> spins_;   // bit l of number b N + i: spin i of chain 64 b + l is +1
};

}  // namespace hypnos

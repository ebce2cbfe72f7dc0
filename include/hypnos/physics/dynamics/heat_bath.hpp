#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/base/blocks.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"

namespace hypnos {

class ChainBundle;

/// Independent Markov chains of N spins that sample P(s) = exp(-beta E(s)) / Z and keep their states between calls,
/// while the model may change. In a sweep the spins i = 0 ... N-1 are drawn in turn from their distribution given all
/// others,
///   P(s_i = +1) = 1 / (1 + exp(-2 beta phi_i)),  phi_i = sum_j J_ij s_j + h_i      (heat bath; Glauber, J. Math. Phys.
///                                                                                   4, 294 (1963))
/// Spin i of chain k in sweep t has its own random number, word t N + i of substream k of the stream
/// (Rng::side_by_side): chains do not depend on how many there are or on who computes them.
/// Couplings, fields and probabilities are in single precision: those of the last rounding are off by 1e-7, by more
/// only where 2 beta phi_i is a difference of terms far above 1; probabilities below 2^-24 are 0. Sums over chains are
/// in double precision.
/// Chains are computed in blocks of 64, side by side. Every member of a team knows all states after every call.
class HeatBath {
 public:
  static constexpr int fewest_chains = 8;
  static constexpr int most_chains = Rng::substreams;

  /// Every spin of every chain starts at random, +1 or -1 alike (the state at beta = 0, drawn in sweep 0).
  /// `chains` outside [fewest_chains, most_chains] is a BadInput: errors are estimated from the spread over chains.
  HeatBath(int N, int chains, Rng const& stream);

  int size() const { return N_; }
  int chains() const { return chains_; }

  /// `sweeps` sweeps of all chains. O(N^2 sweeps chains): with AVX-512 a nanosecond a spin and sweep at N = 20, two at
  /// N = 100.
  /// The model must have N spins, its numbers and beta be finite, beta >= 0, else std::domain_error; so in all
  /// functions that use chains.
  void run(Ising const& model, double beta, int sweeps, BlockMap const& blocks = serial_blocks);

  /// The states, (N x chains), entries +-1.
  Eigen::MatrixXd spins() const;

  /// All that the chains need to go on from here, as whole numbers below 2^53: 1 + N chains / 32 of them.
  std::vector<double> state() const;
  /// Chains of the same N, number and stream go on from there. Another length is a std::invalid_argument.
  void restore(std::vector<double> const& state);

  /// What is done with a bundle of chains: any number of sweeps, the same for all bundles, and `size` results.
  using Task = std::function<void(ChainBundle& bundle, std::span<double> results)>;
  /// Does the task with all bundles, keeps the states in which it leaves the chains, and returns the results of all
  /// bundles one after the other. Chains are as before if anything is thrown.
  std::vector<double> with_bundles(Ising const& model, int size, Task const& task, BlockMap const& blocks);

 private:
  int N_, chains_, bundles_;
  Rng stream_;
  std::uint64_t sweeps_ = 0;          // done since the start
  std::vector<std::uint64_t> spins_;  // bit l of number b N + i: spin i of chain 64 b + l is +1
};

}  // namespace hypnos

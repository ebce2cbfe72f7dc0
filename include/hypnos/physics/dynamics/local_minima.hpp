#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <vector>

#include "hypnos/base/blocks.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// All states of a network in which every neuron is stable against its own flip,
///   s_i h_i > 0 (strict), or >= 0, for all i,  h_i = sum_{j != i} J_ij s_j:
/// for symmetric J the local minima of the energy, strict ones or also those with equal neighbours. The two differ where
/// fields vanish, which integer couplings often bring about. If s is one, so is -s.
///
/// The search branches over partial states, with a dual bound: for numbers lambda_i >= 0 on the fixed neurons,
/// states with s_i h_i >= 0 exist below a partial state only if
///   g(lambda) = sum_i lambda_i s_i phi_i + sum_{k free} |a_k| >= 0,  a_k = sum_i lambda_i s_i J_ik,
/// phi_i the field of the fixed neurons (linear programming duality). A neuron with 2 |a_k| > g must have the sign of
/// a_k. Bounds are computed in double precision with a margin for rounding, so they exclude no minimum. The sign of every
/// field of a state that is found is exact: fields are exact where all couplings are multiples of some power of two with
/// sums over a row below 2^53 of it, and otherwise those near zero are added by exact arithmetic.
///
/// The tree is divided into parts which the processes of a team search. Minima, their order and all numbers do not
/// depend on how many there are. Memory: 32 N bytes for every open partial state, and the minima. At N = 55 up to
/// 14,000 are open, 25 MB; there are never more than 4096 + 1024 N^2.
/// Time grows exponentially, with N and with the number of minima: see tests/benchmarks/local_minima.cpp.
class LocalMinima {
 public:
  static constexpr int largest_size = 128;

  /// J (N x N), 1 <= N <= largest_size, with finite sums over rows, else std::domain_error; its diagonal plays no part. `most` is the largest number of
  /// minima that are kept.
  LocalMinima(Eigen::MatrixXd const& J, bool strict, std::int64_t most, ItemMap share = serial_items);

  bool done() const { return open_.empty(); }
  /// std::length_error, with the number found so far, if there are more minima than may be kept.
  void advance(double operations = operations_of_a_piece);
  /// The part of the tree that was searched, if both branches below a partial state are equally large.
  double fraction() const { return done() ? 1 : searched_; }

  /// When done: all minima, s and -s, in the order of their energies -1/2 sum_ij J_ij s_i s_j, those of equal energy in
  /// the order of their bits.
  SpinStates minima() const;
  /// Partial states that were examined.
  std::int64_t examined() const { return examined_; }

  template <class Archive>
  void archive(Archive& members) {
    members(open_, found_, searched_, examined_);
  }

 private:
  class Search;

  int N_;
  std::int64_t most_;
  ItemMap share_;
  std::shared_ptr<Search const> search_;
  std::vector<std::vector<double>> open_;  // partial states that are to be searched
  SpinStates found_;                       // with s_0 = +1
  double searched_ = 0;
  std::int64_t examined_ = 0;
};

/// The energies -1/2 sum_{i != j} J_ij s_i s_j of states.
Eigen::VectorXd energies(Eigen::MatrixXd const& J, SpinStates const& states);

}  // namespace hypnos

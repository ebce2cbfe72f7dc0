#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>

#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

struct ScaledIntegers;

/// The couplings of N neurons, for dynamics that keeps all fields (NetworkState). As in Relaxation, couplings are
/// integers, multiples of a power of two, the unit, of which no sum of |J_ij| over a row exceeds 2^28. So fields are
/// exact after any number of flips. Integer couplings with such sums are exact, and so are their ties; others are
/// rounded once, by at most 2^-28 of the largest such sum. What is sampled at a temperature T > 0 is Boltzmann's law of
/// the rounded couplings: of two states, the energies differ from those of J by at most N 2^-27 of the largest sum.
class IntegerNetwork {
 public:
  /// Of |J_ij| over a row, in units.
  static constexpr std::int64_t largest_sum = (std::int64_t{1} << 28) - 1;

  /// J (N x N), finite, else std::domain_error; N >= 1. The diagonal plays no part. 4 N^2 bytes.
  explicit IntegerNetwork(Eigen::MatrixXd const& J);
  /// Integer couplings (N x N) as they are, in units of 1. Sums of |J_ij| over a row beyond largest_sum are a
  /// std::domain_error.
  static IntegerNetwork of_integers(Eigen::MatrixXi const& J);

  int size() const { return N_; }
  double unit() const;
  /// x in units, between the smallest and the largest number.
  double in_units(double x) const;
  bool symmetric() const { return symmetric_; }

  /// J_ij in units.
  int coupling(int i, int j) const { return c_(i, j); }
  /// J_ij of all i in a row, in units, padded with zeros to padded() numbers.
  int const* column(int j) const { return c_.col(j).data(); }
  Eigen::Index padded() const { return c_.rows(); }

 private:
  explicit IntegerNetwork(ScaledIntegers const& J);

  int N_;
  int exponent_;
  bool symmetric_;
  Eigen::MatrixXi c_;
};

/// A state s_i = +-1 of a network together with its fields h_i = sum_{j != i} J_ij s_j, in units of the network, which
/// flips keep up to date, exactly.
class NetworkState {
 public:
  /// States of another size are a std::domain_error. The network must outlive the object. O(N^2).
  NetworkState(IntegerNetwork const& network, SpinState start);

  IntegerNetwork const& network() const { return *network_; }
  int size() const { return network_->size(); }
  int spin(int i) const { return s_(i); }
  int field(int i) const { return h_(i); }
  int coupling(int i, int j) const { return network_->coupling(i, j); }

  /// Loads the couplings of neuron i into the cache: it will be flipped soon.
  void expect_flip(int i) const {
    constexpr Eigen::Index of_a_line = 16;
    for (Eigen::Index k = 0; k < h_.size(); k += of_a_line) __builtin_prefetch(network_->column(i) + k);
  }
  /// Flips neurons one after the other; a neuron may be named more than once. O(N) each.
  void flip(std::span<int const> neurons);

  /// How many neurons are unstable, s_i h_i < 0. O(N).
  int unstable() const { return static_cast<int>((s_ * h_ < 0).count()); }
  /// E = -1/2 sum_ij J_ij s_i s_j. O(N).
  double energy() const;

  /// All s_i and all h_i, padded with zeros.
  Eigen::ArrayXi const& spins() const { return s_; }
  Eigen::ArrayXi const& fields() const { return h_; }
  SpinStates state() const;

  /// The state, for an object of the same network.
  template <class Archive>
  void archive(Archive& members) {
    members(s_, h_);
  }

 private:
  IntegerNetwork const* network_;
  Eigen::ArrayXi s_, h_;
};

}  // namespace hypnos

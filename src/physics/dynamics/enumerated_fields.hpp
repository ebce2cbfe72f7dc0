#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstdint>

namespace hypnos {

/// The signs of the fields in all states with s_{N-1} = 1. State number x < 2^(N-1) has s_i = 1 where bit i is set. A
/// field is the sum of two numbers from tables, of 2^(N/2) states each, so it is exact where all sums of couplings are,
/// and has the same bits in two states that differ in its own neuron.
class EnumeratedFields {
 public:
  /// J (N x N), 1 <= N <= 40; its diagonal plays no part.
  explicit EnumeratedFields(Eigen::MatrixXd J) : N_(static_cast<int>(J.cols())), low_((N_ - 1) / 2) {
    J.diagonal().setZero();
    of_low_ = fields(J, 0, low_);
    of_high_ = fields(J, low_, N_ - 1 - low_);
    of_high_.colwise() += J.col(N_ - 1).array();
  }

  std::uint64_t states() const { return std::uint64_t{1} << (N_ - 1); }

  /// Bit i is set where s_i h_i < 0, or > 0.
  struct Neurons {
    std::uint64_t unstable = 0, stable = 0;
  };
  Neurons neurons(std::uint64_t x) const { return some(x, 0, N_); }

  bool is_fixed_point(std::uint64_t x) const {
    constexpr int at_once = 8;
    for (int first = 0; first < N_; first += at_once)
      if (some(x, first, std::min(first + at_once, N_)).unstable != 0) return false;
    return true;
  }

 private:
  // h_i = sum_j J_ij s_j over `count` neurons j from `first` on, for all their states: (N x 2^count).
  static Eigen::ArrayXXd fields(Eigen::MatrixXd const& J, int first, int count) {
    Eigen::ArrayXXd h = Eigen::ArrayXXd::Zero(J.rows(), Eigen::Index{1} << count);
    for (Eigen::Index state = 0; state < h.cols(); ++state)
      for (int j = 0; j < count; ++j) h.col(state) += ((state >> j & 1) != 0 ? 1 : -1) * J.col(first + j).array();
    return h;
  }

  Neurons some(std::uint64_t x, int first, int last) const {
    auto const* const a = of_low_.col(static_cast<Eigen::Index>(x & ((std::uint64_t{1} << low_) - 1))).data();
    auto const* const b = of_high_.col(static_cast<Eigen::Index>(x >> low_)).data();
    std::uint64_t positive = 0, negative = 0;
    for (int i = first; i < last; ++i) {
      double const h = a[i] + b[i];
      positive |= std::uint64_t{h > 0} << i;
      negative |= std::uint64_t{h < 0} << i;
    }
    auto const up = x | states();
    return {(up & negative) | (~up & positive), (up & positive) | (~up & negative)};
  }

  int N_, low_;
  Eigen::ArrayXXd of_low_, of_high_;
};

}  // namespace hypnos

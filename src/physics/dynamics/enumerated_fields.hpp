#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <cstring>

namespace hypnos {

/// The signs of the fields in all states with s_{N-1} = 1. State number x < 2^(N-1) has s_i = 1 where bit i is set. A
/// field is the sum of two numbers from tables, of 2^(N/2) states each, so it is exact where all sums of couplings are,
/// and has the same bits in two states that differ in its own neuron.
class EnumeratedFields {
 public:
  /// J (N x N), 1 <= N <= 40; its diagonal plays no part.
  explicit EnumeratedFields(Eigen::MatrixXd J) : N_(static_cast<int>(J.cols())), low_((N_ - 1) / 2) {
    J.diagonal().setZero();
    low_states_ = table(J, 0, low_);
    high_states_ = table(J, low_, N_ - 1 - low_);
    high_states_.fields.topRows(N_).colwise() += J.col(N_ - 1).array();
  }

  std::uint64_t states() const { return std::uint64_t{1} << (N_ - 1); }

  /// Bit i is set where s_i h_i < 0, or > 0.
  struct Neurons {
    std::uint64_t unstable = 0, stable = 0;
  };
  Neurons neurons(std::uint64_t x) const {
    auto const* const a = column(low_states_.fields, x & low_mask());
    auto const* const b = column(high_states_.fields, x >> low_);
    std::uint64_t positive = 0, negative = 0;
    for (int i = 0; i < N_; ++i) {
      double const h = a[i] + b[i];
      positive |= std::uint64_t{h > 0} << i;
      negative |= std::uint64_t{h < 0} << i;
    }
    auto const up = x | states();
    return {(up & negative) | (~up & positive), (up & positive) | (~up & negative)};
  }

  /// Most states are recognized as unstable by the first eight neurons.
  bool is_fixed_point(std::uint64_t x) const {
    auto const lower = x & low_mask(), higher = x >> low_;
    auto const *const a = column(low_states_.fields, lower), *const b = column(high_states_.fields, higher);
    auto const *const s = column(low_states_.signs, lower), *const t = column(high_states_.signs, higher);
    for (int i = 0; i < N_; i += 8) {
      auto const unstable = (loaded(s + i) * loaded(t + i) * (loaded(a + i) + loaded(b + i)) < 0) |
                            (loaded(s + i + 4) * loaded(t + i + 4) * (loaded(a + i + 4) + loaded(b + i + 4)) < 0);
      if ((unstable[0] | unstable[1] | unstable[2] | unstable[3]) != 0) return false;
    }
    return true;
  }

 private:
  using Four [[gnu::vector_size(32)]] = double;

  // Of all states of some neurons, a column each, padded with zeros to a multiple of 8: their part of the fields of all
  // neurons, and their signs, 1 at the other neurons.
  struct Table {
    Eigen::ArrayXXd fields, signs;
  };

  static Table table(Eigen::MatrixXd const& J, int first, int count) {
    auto const rows = (J.rows() + 7) / 8 * 8, states = Eigen::Index{1} << count;
    Table table{Eigen::ArrayXXd::Zero(rows, states), Eigen::ArrayXXd::Ones(rows, states)};
    for (Eigen::Index state = 0; state < states; ++state)
      for (int j = 0; j < count; ++j) {
        double const sign = (state >> j & 1) != 0 ? 1 : -1;
        table.fields.col(state).head(J.rows()) += sign * J.col(first + j).array();
        table.signs(first + j, state) = sign;
      }
    return table;
  }

  static double const* column(Eigen::ArrayXXd const& table, std::uint64_t state) {
    return table.col(static_cast<Eigen::Index>(state)).data();
  }

  static Four loaded(double const* numbers) {
    Four four;
    std::memcpy(&four, numbers, sizeof four);
    return four;
  }

  std::uint64_t low_mask() const { return (std::uint64_t{1} << low_) - 1; }

  int N_, low_;
  Table low_states_, high_states_;
};

}  // namespace hypnos

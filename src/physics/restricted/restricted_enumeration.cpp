#include "hypnos/physics/restricted/restricted_enumeration.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "restricted/log_cosh.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

// The layer whose states are enumerated, n units s, and the other one, m units. Unit i of state number x is +1 if bit i
// of x is set; without biases the last unit is always +1. The states that have the same upper bits are a group of up to
// 64: their fields are the sum of a table over the lower bits, which all groups have in common, and of one column.
class EnumeratedLayer {
 public:
  struct Group {
    MatrixXd s;         // (n x states of a group)
    MatrixXd fields;    // on the other layer, (m x states of a group)
    VectorXd own_term;  // the part of -E from biases on s
  };

  EnumeratedLayer(RestrictedMachine<double> const& machine)
      : visible_(machine.visible_units() <= machine.hidden_units()),
        symmetric_(!machine.has_biases()),
        W_(visible_ ? machine.weights() : machine.weights().transpose()),
        own_biases_(visible_ ? machine.visible_biases() : machine.hidden_biases()),
        other_biases_(visible_ ? machine.hidden_biases() : machine.visible_biases()) {
    if (n() > largest_enumerated_layer)
      throw std::domain_error("enumeration of all states of " + std::to_string(n()) +
                              " units, but the smaller layer may have " + std::to_string(largest_enumerated_layer) +
                              " at most");
    auto const bits = n() - (symmetric_ ? 1 : 0);
    lower_ = std::min<Index>(bits, 6);
    groups_ = Index{1} << (bits - lower_);
    table_.setZero(m(), Index{1} << lower_);
    s_.setConstant(n(), table_.cols(), 1);
    for (Index x = 0; x < s_.cols(); ++x)
      for (Index i = 0; i < lower_; ++i) s_(i, x) = bit(x, i);
    table_.noalias() = W_.topRows(lower_).transpose() * s_.topRows(lower_);
  }

  Index n() const { return W_.rows(); }
  Index m() const { return W_.cols(); }
  bool visible() const { return visible_; }
  bool symmetric() const { return symmetric_; }
  VectorXd other_fields(VectorXd const& s) const { return other_biases_ + W_.transpose() * s; }
  Index states_of_group() const { return s_.cols(); }

  // By the size of the machine alone.
  int block_count() const { return static_cast<int>(std::clamp<Index>(groups_ / 16, 1, 64)); }

  template <class Function>
  void for_each_group(int block, BlockMap const& blocks, Function const& f) const {
    auto const count = groups_ / block_count();
    Group group{s_, MatrixXd(m(), s_.cols()), VectorXd(s_.cols())};
    VectorXd column(m());
    for (Index g = block * count; g < (block + 1) * count; ++g) {
      blocks.poll();
      auto const upper = n() - lower_;
      for (Index i = lower_; i < n() - (symmetric_ ? 1 : 0); ++i) group.s.row(i).setConstant(bit(g, i - lower_));
      column.noalias() = W_.bottomRows(upper).transpose() * group.s.col(0).tail(upper);
      column += other_biases_;
      group.fields = table_.colwise() + column;
      group.own_term.noalias() = group.s.transpose() * own_biases_;
      f(group, g << lower_);
    }
  }

  VectorXd state(Index x) const {
    VectorXd s = VectorXd::Ones(n());
    for (Index i = 0; i < n() - (symmetric_ ? 1 : 0); ++i) s(i) = bit(x, i);
    return s;
  }

 private:
  static double bit(Index x, Index i) { return (x >> i & 1) != 0 ? 1 : -1; }

  bool visible_, symmetric_;
  MatrixXd W_;  // (n x m)
  VectorXd own_biases_, other_biases_;
  Index lower_ = 0, groups_ = 0;
  MatrixXd table_, s_;
};

// Sums of weights exp(l) and of other numbers with these weights, in units of exp(largest l so far).
struct WeightedSums {
  double largest = -infinite;
  VectorXd sums;

  // The factor of new numbers with weights in units of exp(l).
  double unite(double l) {
    if (l <= largest) return std::exp(l - largest);
    sums *= std::exp(largest - l);
    largest = l;
    return 1;
  }
};

// Every block has its own unit; they are united in their order.
WeightedSums united(std::vector<double> const& values, Index size) {
  WeightedSums all{-infinite, VectorXd::Zero(size)};
  for (auto const* block = values.data(); block != values.data() + values.size(); block += size + 1) {
    double const factor = all.unite(block[0]);
    all.sums += factor * VectorXd::Map(block + 1, size);
  }
  return all;
}

void write(WeightedSums const& sums, std::span<double> block) {
  block[0] = sums.largest;
  std::copy(sums.sums.begin(), sums.sums.end(), block.begin() + 1);
}

double log_Z_of(EnumeratedLayer const& layer, WeightedSums const& all) {
  return all.largest + std::log(all.sums(0)) + (layer.symmetric() ? std::numbers::ln2 : 0);
}

}  // namespace

double restricted_log_Z(RestrictedMachine<double> const& machine, BlockMap const& blocks) {
  EnumeratedLayer const layer(machine);
  auto const fill = [&](int k, std::span<double> block) {
    WeightedSums own{-infinite, VectorXd::Zero(1)};
    layer.for_each_group(k, blocks, [&](EnumeratedLayer::Group const& group, Index) {
      ArrayXd const l = (group.own_term + sums_of_log_2cosh(group.fields)).array();
      double const largest = l.maxCoeff();
      double const factor = own.unite(largest);
      own.sums(0) += factor * (l - largest).exp().sum();
    });
    write(own, block);
  };
  return log_Z_of(layer, united(blocks(layer.block_count(), 2, fill), 1));
}

RestrictedMoments restricted_moments(RestrictedMachine<double> const& machine, BlockMap const& blocks) {
  EnumeratedLayer const layer(machine);
  auto const n = layer.n(), m = layer.m(), size = 1 + n + m + n * m;
  auto const fill = [&](int k, std::span<double> block) {
    WeightedSums own{-infinite, VectorXd::Zero(size)};
    MatrixXd products(n, m), weighted(n, layer.states_of_group());
    layer.for_each_group(k, blocks, [&](EnumeratedLayer::Group& group, Index) {
      ArrayXd const l = (group.own_term + sums_of_log_2cosh_to_tanh(group.fields)).array();
      double const largest = l.maxCoeff();
      VectorXd const w = own.unite(largest) * (l - largest).exp().matrix();
      auto const& t = group.fields;
      weighted.noalias() = group.s * w.asDiagonal();
      products.noalias() = weighted * t.transpose();
      own.sums(0) += w.sum();
      own.sums.segment(1, n) += weighted.rowwise().sum();
      own.sums.segment(1 + n, m).noalias() += t * w;
      own.sums.tail(n * m) += products.reshaped();
    });
    write(own, block);
  };
  auto const all = united(blocks(layer.block_count(), static_cast<int>(size + 1), fill), size);
  VectorXd const means = all.sums.tail(size - 1) / all.sums(0);

  VectorXd s = means.head(n), t = means.segment(n, m);
  if (layer.symmetric()) {
    s.setZero();
    t.setZero();
  }
  MatrixXd const st = MatrixXd::Map(means.data() + n + m, n, m);
  auto const log_Z = log_Z_of(layer, all);
  if (layer.visible()) return {log_Z, s, t, st};
  return {log_Z, t, s, st.transpose()};
}

MatrixXd restricted_samples(RestrictedMachine<double> const& machine, int count, Rng& rng, BlockMap const& blocks) {
  EnumeratedLayer const layer(machine);
  double const log_all = restricted_log_Z(machine, blocks) - (layer.symmetric() ? std::numbers::ln2 : 0);
  // States whose distribution function first exceeds uniform numbers, smallest numbers first.
  std::vector<double> numbers(static_cast<std::size_t>(std::max(count, 0)));
  for (double& u : numbers) u = rng.uniform();
  std::ranges::sort(numbers);
  std::vector<Index> states;
  double sum = 0;
  for (int k = 0; k < layer.block_count(); ++k)
    layer.for_each_group(k, blocks, [&](EnumeratedLayer::Group const& group, Index first) {
      ArrayXd const p = (group.own_term + sums_of_log_2cosh(group.fields)).array() - log_all;
      for (Index x = 0; x < p.size(); ++x) {
        sum += std::exp(p(x));
        while (states.size() < numbers.size() && numbers[states.size()] < sum) states.push_back(first + x);
      }
    });
  // by rounding of the sum
  while (states.size() < numbers.size()) states.push_back(states.empty() ? 0 : states.back());
  rng.shuffle(std::span(states));

  MatrixXd v(machine.visible_units(), count);
  for (Index k = 0; k < v.cols(); ++k) {
    VectorXd s = layer.state(states[static_cast<std::size_t>(k)]);
    if (layer.symmetric() && (rng.bits() & 1) != 0) s = -s;
    if (layer.visible()) {
      v.col(k) = s;
    } else {
      VectorXd const fields = layer.other_fields(s);
      for (Index i = 0; i < v.rows(); ++i) v(i, k) = rng.uniform() < 1 / (1 + std::exp(-2 * fields(i))) ? 1 : -1;
    }
  }
  return v;
}

RestrictedGroundState restricted_ground_state(RestrictedMachine<double> const& machine, BlockMap const& blocks) {
  EnumeratedLayer const layer(machine);
  struct Lowest {
    double energy = infinite, state = 0;
    void compare(double other_energy, double other_state) {
      if (other_energy < energy) *this = {other_energy, other_state};
    }
  };
  auto const fill = [&](int k, std::span<double> block) {
    Lowest own;
    layer.for_each_group(k, blocks, [&](EnumeratedLayer::Group const& group, Index first) {
      VectorXd const energies = -group.own_term - group.fields.cwiseAbs().colwise().sum().transpose();
      Index state = 0;
      double const lowest = energies.minCoeff(&state);
      own.compare(lowest, static_cast<double>(first + state));
    });
    block[0] = own.energy;
    block[1] = own.state;
  };
  auto const values = blocks(layer.block_count(), 2, fill);
  Lowest all;
  for (std::size_t k = 0; k < values.size(); k += 2) all.compare(values[k], values[k + 1]);

  VectorXd const s = layer.state(static_cast<Index>(all.state));
  VectorXd const t = (layer.other_fields(s).array() < 0).select(ArrayXd::Constant(layer.m(), -1), 1.0);
  return layer.visible() ? RestrictedGroundState{all.energy, s, t} : RestrictedGroundState{all.energy, t, s};
}

}  // namespace hypnos

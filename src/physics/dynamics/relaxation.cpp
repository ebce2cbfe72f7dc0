#include "hypnos/physics/dynamics/relaxation.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "hypnos/kernels/sign_sums.hpp"
#include "integer_couplings.hpp"
#include "relaxation_loop.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXi;

namespace {

using Kernel = SignSums<std::int32_t>;

// States whose fields are computed at once.
constexpr Index states_at_once = 256;

// 2 h + s at the places of a row.
struct PlacedFields {
  Eigen::ArrayXi& x;
  MatrixXi const& twice_J;

  int compare(Marks const& marks) { return add(0, 0, marks); }
  // The own x changes by 2 s as if a neuron were coupled to itself by 1/2.
  int flip(int i, int before, Marks const& marks) { return add(i, -2 * before, marks); }

  int add(int j, int factor, Marks const& marks) {
    return Kernel::add_row({x.data(), static_cast<std::size_t>(x.size())}, twice_J.col(j).data(), factor, 0, marks);
  }
};

}  // namespace

Relaxation::Relaxation(MatrixXd const& J) : N_(static_cast<int>(J.cols())) {
  auto const [integers, exponent] = integer_couplings(J);
  exponent_ = exponent;
  twice_J_.setZero(static_cast<Index>(Kernel::padded(static_cast<std::size_t>(N_))), N_);
  Eigen::VectorXi column = Eigen::VectorXi::Zero(twice_J_.rows());
  for (Index j = 0; j < N_; ++j) {
    column.head(N_) = 2 * integers.col(j);
    column(j) = 1;
    Kernel::arrange_sums({column.data(), static_cast<std::size_t>(column.size())}, twice_J_.col(j).data());
  }
}

MatrixXi Relaxation::placed_fields(SpinStates const& states, Index first, Index count) const {
  if (states.size() != N_) throw std::domain_error("relaxation: states and couplings differ in size");
  MatrixXi x(twice_J_.rows(), count);
  MatrixXd const s = states.signs(first, count).transpose();
  // In double precision, whose sums of integers are exact here. In parts, to keep the copies small.
  constexpr Index rows_at_once = 512;
  for (Index row = 0; row < x.rows(); row += rows_at_once) {
    auto const rows = std::min(rows_at_once, x.rows() - row);
    MatrixXd const part = twice_J_.middleRows(row, rows).cast<double>();
    x.middleRows(row, rows) = (part * s).cast<int>();
  }
  return x;
}

MatrixXd Relaxation::fields(SpinStates const& states) const {
  MatrixXd h(states.count(), N_);
  for (Index first = 0; first < states.count(); first += states_at_once) {
    auto const x = placed_fields(states, first, std::min(states_at_once, states.count() - first));
    for (Index k = 0; k < x.cols(); ++k)
      for (int i = 0; i < N_; ++i)
        h(first + k, i) =
            x(static_cast<Index>(Kernel::place_of_sum(static_cast<std::size_t>(i))), k) - states[first + k].spin(i);
  }
  return scaled(h, exponent_ - 1);
}

Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> Relaxation::unstable(SpinStates const& states) const {
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> all(states.count(), N_);
  for (Index first = 0; first < states.count(); first += states_at_once) {
    auto const x = placed_fields(states, first, std::min(states_at_once, states.count() - first));
    for (Index k = 0; k < x.cols(); ++k)
      for (int i = 0; i < N_; ++i)
        all(first + k, i) =
            x(static_cast<Index>(Kernel::place_of_sum(static_cast<std::size_t>(i))), k) * states[first + k].spin(i) < 0;
  }
  return all;
}

std::vector<Relaxation::Trajectory> Relaxation::start(SpinStates const& states) const {
  std::vector<Trajectory> trajectories;
  for (Index first = 0; first < states.count(); first += states_at_once) {
    auto const x = placed_fields(states, first, std::min(states_at_once, states.count() - first));
    for (Index k = 0; k < x.cols(); ++k) trajectories.push_back(Trajectory(*this, states[first + k], x.col(k)));
  }
  return trajectories;
}

Relaxation::Result Relaxation::relax(SpinStates states, Order order, Rng const& stream, std::int64_t most_flips) const {
  if (states.count() > Index{Rng::substreams}) throw std::domain_error("relaxation: too many states for one stream");
  int unsettled = 0;
  for (Index first = 0; first < states.count(); first += states_at_once) {
    auto const x = placed_fields(states, first, std::min(states_at_once, states.count() - first));
    for (Index k = 0; k < x.cols(); ++k) {
      Trajectory trajectory(*this, std::as_const(states)[first + k], x.col(k));
      BufferedRandom random(stream.substream(static_cast<std::uint32_t>(first + k)));
      if (!trajectory.relax(order, random, most_flips)) ++unsettled;
      states[first + k].assign(trajectory.state());
    }
  }
  return {std::move(states), unsettled};
}

Relaxation::Trajectory::Trajectory(Relaxation const& network, SpinState start, Eigen::ArrayXi x)
    : network_(&network), state_(network.size()), x_(std::move(x)) {
  state_.append(start);
}

// Four neurons at a time, so that x is loaded and stored once.
void Relaxation::Trajectory::flip(std::span<int const> neurons) {
  constexpr std::size_t at_once = 4;
  auto const& twice_J = network_->twice_J_;
  for (; !neurons.empty(); neurons = neurons.subspan(std::min(at_once, neurons.size()))) {
    std::array<int const*, at_once> column;
    std::array<int, at_once> factor{};
    column.fill(twice_J.data());
    for (std::size_t n = 0; n < std::min(at_once, neurons.size()); ++n) {
      column[n] = twice_J.col(neurons[n]).data();
      factor[n] = -2 * state().spin(neurons[n]);
      state_[0].flip(neurons[n]);
    }
    int* const x = x_.data();
    for (Index i = 0; i < x_.size(); ++i)
      x[i] += factor[0] * column[0][i] + factor[1] * column[1][i] + factor[2] * column[2][i] + factor[3] * column[3][i];
  }
}

void Relaxation::Trajectory::reverse() {
  state_[0].reverse();
  x_ = -x_;
}

bool Relaxation::Trajectory::relax(Order order, BufferedRandom& random, std::int64_t most_flips) {
  PlacedFields fields{x_, network_->twice_J_};
  auto const flips = hypnos::relax(state_[0], fields, order, random, most_flips, position_);
  flips_ += flips < 0 ? most_flips : flips;
  return flips >= 0;
}

}  // namespace hypnos

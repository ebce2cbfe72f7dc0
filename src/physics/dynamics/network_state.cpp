#include "hypnos/physics/dynamics/network_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "integer_couplings.hpp"

namespace hypnos {

using Eigen::Index;

namespace {

// Columns are a whole number of vectors.
constexpr Index padding = 16;

}  // namespace

// The columns are a whole number of vectors, and the diagonal is zero.
IntegerNetwork::IntegerNetwork(ScaledIntegers const& J)
    : N_(static_cast<int>(J.c.cols())), exponent_(J.exponent), symmetric_(J.c == J.c.transpose()) {
  if (N_ < 1) throw std::domain_error("dynamics of a network: there are no neurons");
  c_.setZero((N_ + padding - 1) / padding * padding, N_);
  c_.topRows(N_) = J.c;
  c_.diagonal().setZero();
}

IntegerNetwork::IntegerNetwork(Eigen::MatrixXd const& J) : IntegerNetwork(integer_couplings(J)) {}

IntegerNetwork IntegerNetwork::of_integers(Eigen::MatrixXi const& J) {
  if (J.rows() != J.cols()) throw std::domain_error("dynamics of a network: the matrix of couplings is not square");
  IntegerNetwork network(ScaledIntegers{J, 0});
  auto const absolute = network.c_.cast<std::int64_t>().cwiseAbs();
  // of symmetric couplings by columns, which is faster
  auto const largest = network.symmetric_ ? absolute.colwise().sum().maxCoeff() : absolute.rowwise().sum().maxCoeff();
  if (largest > largest_sum) throw std::domain_error("dynamics of a network: the couplings are too large");
  return network;
}

double IntegerNetwork::unit() const { return std::ldexp(1, exponent_); }
double IntegerNetwork::in_units(double x) const { return std::ldexp(x, -exponent_); }

NetworkState::NetworkState(IntegerNetwork const& network, SpinState start)
    : network_(&network), s_(Eigen::ArrayXi::Zero(network.padded())), h_(Eigen::ArrayXi::Zero(network.padded())) {
  if (start.size() != network.size()) throw std::domain_error("dynamics of a network: a state of another size");
  for (int j = 0; j < size(); ++j) {
    s_(j) = start.spin(j);
    h_ += s_(j) * Eigen::Map<Eigen::ArrayXi const>(network.column(j), h_.size());
  }
}

// Four neurons at a time, so that h is loaded and stored once.
void NetworkState::flip(std::span<int const> neurons) {
  constexpr std::size_t at_once = 4;
  for (; !neurons.empty(); neurons = neurons.subspan(std::min(at_once, neurons.size()))) {
    std::array<int const*, at_once> column;
    std::array<int, at_once> factor{};
    column.fill(network_->column(0));
    for (std::size_t n = 0; n < std::min(at_once, neurons.size()); ++n) {
      auto& spin = s_(neurons[n]);
      column[n] = network_->column(neurons[n]);
      factor[n] = -2 * spin;
      spin = -spin;
    }
    int* const h = h_.data();
    if (neurons.size() == 1) {
      for (Index i = 0; i < h_.size(); ++i) h[i] += factor[0] * column[0][i];
      return;
    }
    for (Index i = 0; i < h_.size(); ++i)
      h[i] += factor[0] * column[0][i] + factor[1] * column[1][i] + factor[2] * column[2][i] + factor[3] * column[3][i];
  }
}

double NetworkState::energy() const {
  std::int64_t aligned = 0;
  for (int i = 0; i < size(); ++i) aligned += std::int64_t{s_(i)} * h_(i);
  return -0.5 * network_->unit() * static_cast<double>(aligned);
}

SpinStates NetworkState::state() const {
  SpinStates state(size(), 1);
  for (int i = 0; i < size(); ++i)
    if (s_(i) > 0) state[0].flip(i);
  return state;
}

}  // namespace hypnos

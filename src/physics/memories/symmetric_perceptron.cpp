#include "hypnos/physics/memories/symmetric_perceptron.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "hypnos/base/fraction.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixX;
using Eigen::MatrixXd;

namespace {

constexpr Index word = 32;

// Neurons are counted in tiles whose counts fit into registers.
constexpr Index tile = 32;

// Sums of squares run side by side, as many as make two vectors of the widest kind on any processor.
constexpr Index lanes = 16;

void check(MatrixXd const& xi, MatrixXd const& J_0, double k, double lambda) {
  auto const refuse = [](std::string const& what) { throw std::domain_error("symmetric perceptron: " + what); };
  if (!(xi.array().abs() == 1).all()) refuse("a pattern has an entry other than +1 and -1");
  if (J_0.rows() != xi.cols() || J_0.cols() != xi.cols()) refuse("couplings and patterns differ in size");
  if (!J_0.allFinite() || J_0 != J_0.transpose()) refuse("couplings must be finite and symmetric");
  if (!(J_0.diagonal().array() == 0).all()) refuse("a neuron is coupled to itself");
  if (!std::isfinite(k) || !std::isfinite(lambda) || !(lambda > 0)) refuse("k must be finite, and lambda positive");
}

}  // namespace

IntegerRate::IntegerRate(int N, double lambda) : r(N * lambda), q(1) {
  auto const exact = fraction(lambda);
  if (!exact) return;
  int const divisor = std::gcd(N, exact->q);
  r = static_cast<double>(N / divisor) * exact->r;
  q = exact->q / divisor;
}

SymmetricPerceptron::SymmetricPerceptron(MatrixXd const& xi, MatrixXd const& J_0, double k, double lambda)
    : k_(k),
      lambda_(lambda),
      J_0_(J_0),
      xi_(xi.cast<float>()),
      words_((xi.rows() + word - 1) / word),
      norms_(J_0.colwise().norm()) {
  check(xi, J_0, k, lambda);
  auto const P = xi.rows(), N = xi.cols();
  fields_0_ = (xi * J_0).cwiseProduct(xi);
  up_.resize(static_cast<std::size_t>((N + tile - 1) / tile * tile * words_));
  violated_.resize(up_.size());
  for (Index i = 0; i < N; ++i)
    for (Index mu = 0; mu < P; ++mu) up_[place(i, mu / word)] |= static_cast<std::uint32_t>(xi(mu, i) > 0) << mu % word;
  C_ = Eigen::MatrixXf(Eigen::MatrixXf::Zero(N, N));
  begin_measurement();
  while (!step_complete()) advance();
}

std::size_t SymmetricPerceptron::place(Index i, Index w) const {
  return static_cast<std::size_t>((i / tile * words_ + w) * tile + i % tile);
}

MatrixXd SymmetricPerceptron::J() const {
  return std::visit([this](auto const& C) -> MatrixXd { return J_0_ + lambda_ * C.template cast<double>(); }, C_);
}

void SymmetricPerceptron::step() {
  do advance();
  while (!step_complete());
}

void SymmetricPerceptron::advance(double operations) {
  if (step_complete()) {
    if (converged()) return;
    phase_ = Phase::update;
    neuron_ = 0;
    largest_ = 0;
  }
  auto const P = xi_.rows(), N = xi_.cols();
  auto const end = std::min(
      N, neuron_ + 1 + static_cast<Index>(operations / (static_cast<double>(P + 64) * static_cast<double>(N))));
  if (phase_ == Phase::update) {
    std::visit([&](auto& C) { update(C, end); }, C_);
    if (end < N) return;
    ++steps_;
    // Sums of a row of C times signs must stay below the first integer that single precision cannot hold.
    if (auto const* const C = std::get_if<Eigen::MatrixXf>(&C_);
        C != nullptr && largest_ * static_cast<double>(N) >= 0x1p24)
      C_ = MatrixXd(C->cast<double>());
    begin_measurement();
  } else {
    std::visit([&](auto const& C) { measure(C, end); }, C_);
    if (end < N) return;
    unsatisfied_ = measured_unsatisfied_;
    range_ = measured_;
    range_.av /= static_cast<double>(P * N);
    phase_ = Phase::complete;
  }
}

void SymmetricPerceptron::begin_measurement() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  measured_unsatisfied_ = 0;
  measured_ = {infinity, 0, -infinity};
  neuron_ = 0;
  phase_ = Phase::measurement;
}

// sum_mu (eps_i + eps_j) xi_i xi_j by counting: all violated constraints of i and of j, less twice those whose pattern
// has opposite signs on i and j.
template <class Real>
void SymmetricPerceptron::update(MatrixX<Real>& C, Index end) {
  auto const N = C.cols();
  std::vector<int> violated(static_cast<std::size_t>((N + tile - 1) / tile * tile)), entries(violated.size());
  for (Index i = 0; i < N; ++i)
    for (Index w = 0; w < words_; ++w) violated[static_cast<std::size_t>(i)] += std::popcount(violated_[place(i, w)]);

  Real largest = 0;
  for (Index i = neuron_; i < end; ++i) {
    int const violated_i = violated[static_cast<std::size_t>(i)];
    for (Index first = 0; first < N; first += tile) {
      std::array<int, tile> opposite{};
      for (Index w = 0; w < words_; ++w) {
        auto const up_i = up_[place(i, w)], bad_i = violated_[place(i, w)];
        auto const *const up = &up_[place(first, w)], *const bad = &violated_[place(first, w)];
        for (std::size_t l = 0; l < tile; ++l) {
          auto const differs = up[l] ^ up_i;
          opposite[l] += std::popcount(differs & bad_i) + std::popcount(differs & bad[l]);
        }
      }
      int const* const all = &violated[static_cast<std::size_t>(first)];
      int* const entry = &entries[static_cast<std::size_t>(first)];
      for (std::size_t l = 0; l < tile; ++l) entry[l] = violated_i + all[l] - 2 * opposite[l];
    }
    auto c = C.col(i);
    for (Index j = 0; j < N; ++j) c(j) += static_cast<Real>(entries[static_cast<std::size_t>(j)]);
    c(i) = 0;
    largest = std::max(largest, c.cwiseAbs().maxCoeff());
    norms_(i) = norm(i, c.data());
  }
  largest_ = std::max(largest_, static_cast<double>(largest));
  neuron_ = end;
}

// Of row i of the couplings J_0 + lambda C.
template <class Real>
double SymmetricPerceptron::norm(Index i, Real const* c) const {
  auto const N = J_0_.cols();
  double const* const j_0 = J_0_.col(i).data();
  std::array<double, lanes> sums{};
  auto const add = [&](Index j, Index lane) {
    double const J = j_0[j] + lambda_ * static_cast<double>(c[j]);
    sums[static_cast<std::size_t>(lane)] += J * J;
  };
  Index j = 0;
  for (; j + lanes <= N; j += lanes)
    for (Index lane = 0; lane < lanes; ++lane) add(j + lane, lane);
  for (; j < N; ++j) add(j, 0);
  return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}

// Fields are exact, so they do not depend on how many neurons are measured at once.
template <class Real>
void SymmetricPerceptron::measure(MatrixX<Real> const& C, Index end) {
  auto const P = xi_.rows(), first = neuron_;
  MatrixX<Real> const fields = xi_.cast<Real>() * C.middleCols(first, end - first);
  Eigen::ArrayXd aligned(P);
  for (Index i = neuron_; i < end; ++i) {
    double const* const of_J_0 = fields_0_.col(i).data();
    float const* const x = xi_.col(i).data();
    Real const* const of_C = fields.col(i - first).data();
    for (Index mu = 0; mu < P; ++mu) aligned(mu) = of_J_0[mu] + lambda_ * static_cast<double>(x[mu] * of_C[mu]);
    double const norm = norms_(i) > 0 ? norms_(i) : 1, threshold = k_ * norm;
    for (Index w = 0; w < words_; ++w) {
      std::uint32_t violated = 0;
      auto const many = std::min(word, P - w * word);
      for (Index b = 0; b < many; ++b) violated |= static_cast<std::uint32_t>(aligned(w * word + b) < threshold) << b;
      violated_[place(i, w)] = violated;
      measured_unsatisfied_ += std::popcount(violated);
    }
    if (P == 0) continue;
    measured_.min = std::min(measured_.min, aligned.minCoeff() / norm);
    measured_.max = std::max(measured_.max, aligned.maxCoeff() / norm);
    measured_.av += aligned.sum() / norm;
  }
  neuron_ = end;
}

PerceptronLearning::PerceptronLearning(SymmetricPerceptron perceptron, int max_steps, std::vector<int> records,
                                       std::optional<double> expected_steps)
    : perceptron_(std::move(perceptron)),
      max_steps_(max_steps),
      records_(std::move(records)),
      expected_steps_(expected_steps.value_or(max_steps)) {
  for (auto* const curve : {&delta_min_, &delta_av_, &delta_max_}) curve->setZero(std::ssize(records_));
  record();
}

bool PerceptronLearning::done() const {
  return perceptron_.step_complete() && (perceptron_.converged() || perceptron_.steps() >= max_steps_);
}

void PerceptronLearning::advance(double operations) {
  perceptron_.advance(operations);
  if (perceptron_.step_complete()) record();
}

void PerceptronLearning::record() {
  for (; record_ < delta_min_.size() && (done() || records_[static_cast<std::size_t>(record_)] <= perceptron_.steps());
       ++record_) {
    auto const& [min, av, max] = perceptron_.range();
    delta_min_(record_) = min;
    delta_av_(record_) = av;
    delta_max_(record_) = max;
  }
}

}  // namespace hypnos

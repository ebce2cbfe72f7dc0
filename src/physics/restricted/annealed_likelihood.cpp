#include "hypnos/physics/restricted/annealed_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "restricted/layer_update.hpp"
#include "restricted/log_cosh.hpp"
#include "statistics/log_mean.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index pilot_temperatures = 64;

// `count` + 1 inverse temperatures at equal distances of 0.9 length + 0.1 beta, where the length, from 0 to 1, has the
// derivatives `speed`, in any unit, at the inverse temperatures `betas`, and is interpolated linearly between them.
ArrayXd equidistant(ArrayXd const& betas, ArrayXd const& speed, Index count) {
  auto const points = betas.size();
  ArrayXd length = ArrayXd::Zero(points);
  for (Index k = 1; k < points; ++k)
    length(k) = length(k - 1) + (betas(k) - betas(k - 1)) * (speed(k) + speed(k - 1)) / 2;
  double const total = length(points - 1);
  ArrayXd const distance = total > 0 ? ArrayXd(0.9 * length / total + 0.1 * betas) : betas;
  ArrayXd chosen = ArrayXd::Zero(count + 1);
  for (Index k = 1, right = 1; k < count; ++k) {
    double const wanted = static_cast<double>(k) / static_cast<double>(count);
    while (right < points - 1 && distance(right) < wanted) ++right;
    double const part = (wanted - distance(right - 1)) / (distance(right) - distance(right - 1));
    chosen(k) = betas(right - 1) + part * (betas(right) - betas(right - 1));
  }
  chosen(count) = 1;
  return chosen;
}

}  // namespace

AnnealedLikelihood::AnnealedLikelihood(RestrictedMachine<double> machine, VectorXd reference, MatrixXd samples,
                                       Settings const& settings, Rng const& stream, BlockMap blocks)
    : machine_(std::move(machine)),
      reference_(std::move(reference)),
      samples_(std::move(samples)),
      settings_(settings),
      stream_(stream),
      blocks_(std::move(blocks)) {
  auto const V = machine_.visible_units();
  if (reference_.size() == 0) reference_ = VectorXd::Zero(V);
  if (reference_.size() != V || !reference_.allFinite())
    throw std::domain_error("annealing needs a finite reference field for each of the " + std::to_string(V) +
                            " visible units");
  if (samples_.cols() > 0 && samples_.rows() != V)
    throw std::domain_error("reverse annealing from samples of " + std::to_string(samples_.rows()) +
                            " units, but the machine has " + std::to_string(V));
  if (settings.temperatures < 1 || settings.chains < 2 || samples_.cols() == 1 ||
      settings.chains + samples_.cols() > Index{Rng::substreams})
    throw std::domain_error("annealing needs a temperature, and two chains or more in each direction, " +
                            std::to_string(Rng::substreams) + " at most");
  betas_ = ArrayXd::LinSpaced(pilot_temperatures + 1, 0, 1).square();
}

// log f_beta(v) of each state, x = b + W^T v.
VectorXd AnnealedLikelihood::log_f(double beta, MatrixXd const& v, MatrixXd const& x) const {
  VectorXd const fields = (1 - beta) * reference_ + beta * machine_.visible_biases();
  return sums_of_log_2cosh(beta * x) + v.transpose() * fields;
}

void AnnealedLikelihood::gibbs_step(double beta, std::uint64_t step, Index chain, MatrixXd const& x,
                                    MatrixXd& v) const {
  auto const blocks_of_h = blocks_of_layer(machine_.hidden_units());
  auto const block = step * (blocks_of_h + blocks_of_layer(machine_.visible_units()));
  MatrixXd h;
  draw_layer<double>(stream_, block, chain, beta * x, h);
  MatrixXd fields = beta * machine_.visible_fields(h);
  fields.colwise() += (1 - beta) * reference_;
  draw_layer(stream_, block + blocks_of_h, chain, fields, v);
}

MatrixXd AnnealedLikelihood::reference_samples(std::uint64_t step, Index chain, Index chains) const {
  auto const blocks_of_step = blocks_of_layer(machine_.hidden_units()) + blocks_of_layer(machine_.visible_units());
  MatrixXd v;
  draw_layer<double>(stream_, step * blocks_of_step, chain, reference_.replicate(1, chains), v);
  return v;
}

// Every process of a team does the same.
void AnnealedLikelihood::pilot() {
  MatrixXd v = reference_samples(steps_, 0, chains_of_bundle);
  ArrayXd speed(betas_.size());
  VectorXd const change = machine_.visible_biases() - reference_;
  for (Index k = 0; k < betas_.size(); ++k) {
    blocks_.poll();
    MatrixXd const x = machine_.hidden_fields(v);
    // g = (a - a_0)^T v + sum_alpha x tanh(beta x)
    MatrixXd t = betas_(k) * x;
    sums_of_log_2cosh_to_tanh(t);
    ArrayXd const g = (v.transpose() * change + x.cwiseProduct(t).colwise().sum().transpose()).array();
    speed(k) = std::sqrt((g - g.mean()).square().sum() / static_cast<double>(g.size() - 1));
    if (k + 1 < betas_.size()) gibbs_step(betas_(k + 1), steps_ + 1 + static_cast<std::uint64_t>(k), 0, x, v);
  }
  steps_ += static_cast<std::uint64_t>(betas_.size());
  betas_ = equidistant(betas_, speed, leg_ == Leg::first_pilot ? pilot_temperatures : settings_.temperatures);
}

// The inverse temperature after k steps of this direction.
double AnnealedLikelihood::beta(Index k) const { return betas_(leg_ == Leg::reverse ? settings_.temperatures - k : k); }

void AnnealedLikelihood::anneal(Index count) {
  auto const first_substream = leg_ == Leg::reverse ? settings_.chains : 0;
  auto const V = v_.rows(), chains = v_.cols();
  auto const fill = [&](int bundle, std::span<double> block) {
    auto const range = chains_in_bundle(bundle, chains);
    MatrixXd v = v_.middleCols(range.first, range.count);
    VectorXd log_w = log_w_.segment(range.first, range.count);
    for (Index k = done_; k < done_ + count; ++k) {
      blocks_.poll();
      MatrixXd const x = machine_.hidden_fields(v);
      log_w += log_f(beta(k + 1), v, x) - log_f(beta(k), v, x);
      if (k + 1 < settings_.temperatures)
        gibbs_step(beta(k + 1), steps_ + static_cast<std::uint64_t>(k), first_substream + range.first, x, v);
    }
    std::copy(log_w.begin(), log_w.end(), block.begin());
    pack_units(v, block.subspan(static_cast<std::size_t>(chains_of_bundle)));
  };
  auto const size = static_cast<std::size_t>(chains_of_bundle * (1 + packed_size(V)));
  auto const bundles = bundles_of(chains);
  auto const values = blocks_(bundles, static_cast<int>(size), fill);
  for (int bundle = 0; bundle < bundles; ++bundle) {
    auto const range = chains_in_bundle(bundle, chains);
    auto const own = std::span(values).subspan(static_cast<std::size_t>(bundle) * size, size);
    log_w_.segment(range.first, range.count) = ArrayXd::Map(own.data(), range.count);
    unpack_units(own.subspan(static_cast<std::size_t>(chains_of_bundle)), range, v_);
  }
  done_ += count;
}

void AnnealedLikelihood::begin_next_leg() {
  leg_ = static_cast<Leg>(static_cast<int>(leg_) + 1);
  if (leg_ == Leg::reverse && samples_.cols() == 0) leg_ = Leg::end;
  done_ = 0;
  if (leg_ == Leg::forward) {
    v_.resize(machine_.visible_units(), settings_.chains);
    for (Index first = 0; first < v_.cols(); first += chains_of_bundle) {
      auto const count = std::min(chains_of_bundle, v_.cols() - first);
      v_.middleCols(first, count) = reference_samples(steps_, first, count);
    }
    ++steps_;
  } else if (leg_ == Leg::reverse) {
    v_ = samples_;
  } else {
    v_.resize(0, 0);
  }
  log_w_ = ArrayXd::Zero(v_.cols());
}

void AnnealedLikelihood::advance(double operations) {
  if (leg_ == Leg::first_pilot || leg_ == Leg::second_pilot) {
    pilot();
    return begin_next_leg();
  }
  auto const V = static_cast<double>(machine_.visible_units()), H = static_cast<double>(machine_.hidden_units());
  double const of_temperature =
      static_cast<double>(v_.cols()) * (2 * machine_.multiplications() + 30 * H + 10 * (V + H));
  auto const left = settings_.temperatures - done_;
  anneal(static_cast<Index>(std::clamp(operations / of_temperature, 1., static_cast<double>(left))));
  if (done_ < settings_.temperatures) return;
  (leg_ == Leg::forward ? forward_ : reverse_) = log_w_;
  steps_ += static_cast<std::uint64_t>(settings_.temperatures);
  begin_next_leg();
}

double AnnealedLikelihood::fraction() const {
  auto const forward = static_cast<double>(settings_.chains), reverse = static_cast<double>(samples_.cols());
  double const here = static_cast<double>(done_) / settings_.temperatures;
  switch (leg_) {
    case Leg::forward: return here * forward / (forward + reverse);
    case Leg::reverse: return (forward + here * reverse) / (forward + reverse);
    case Leg::end: return 1;
    default: return 0;
  }
}

double AnnealedLikelihood::log_Z_reference() const {
  return sums_of_log_2cosh(reference_)(0) + static_cast<double>(machine_.hidden_units()) * std::numbers::ln2;
}

AnnealedLogZ AnnealedLikelihood::forward() const {
  auto const mean = log_mean(forward_);
  return {log_Z_reference() + mean.value, mean.error, mean.effective};
}

AnnealedLogZ AnnealedLikelihood::reverse() const {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (reverse_.size() == 0) return {nan, nan, nan};
  auto const mean = log_mean(reverse_);
  return {log_Z_reference() - mean.value, mean.error, mean.effective};
}

}  // namespace hypnos

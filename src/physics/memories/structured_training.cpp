#include "hypnos/physics/memories/structured_training.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/stabilities.hpp"

namespace hypnos {

using Eigen::ArrayXi;
using Eigen::ArrayXXi;
using Eigen::Index;
using Eigen::MatrixXd;

namespace {

std::int64_t largest_row(Eigen::MatrixXi const& K) {
  return K.cast<std::int64_t>().cwiseAbs().colwise().sum().maxCoeff();
}

}  // namespace

StructuredTraining::StructuredTraining(MatrixXd const& xi, Fraction lambda, ConfigurationLaw const& law,
                                       StructuredRecords records, Rng const& stream, Rng const& measured)
    : xi_(xi),
      signs_(xi.transpose().cast<int>().array()),
      patterns_(xi),
      rate_(lambda.r),
      unit_(1. / (static_cast<double>(lambda.q) * static_cast<double>(xi.cols()))),
      law_(law),
      plan_(std::move(records)),
      measured_(measured),
      random_(stream) {
  MatrixXd const A = lambda.q * hebbian_sums(xi);
  if (A.cwiseAbs().colwise().sum().maxCoeff() > static_cast<double>(largest_sum))
    throw std::domain_error(
        "training with structured noise: Hebb's couplings in units of the rate lambda need more than "
        "32 bits; raise lambda");
  K_ = A.cast<int>();
  largest_row_ = largest_row(K_);
  fields_ = (K_ * signs_.matrix()).array();
  auto const count = static_cast<Index>(plan_.steps.size());
  for (auto* const curve : {&omega_, &pearson_, &Omega_, &sigma_, &delta_min_, &delta_av_}) curve->setZero(count);
  look_for_classification();
}

std::optional<std::int64_t> StructuredTraining::classified_at() const {
  return classified_at_ < 0 ? std::nullopt : std::optional(classified_at_);
}

double StructuredTraining::fraction() const {
  if (done()) return 1;
  double const all = static_cast<double>(plan_.steps.back()) + static_cast<double>(plan_.steps.size());
  return (static_cast<double>(steps_) + static_cast<double>(record_)) / all;
}

ConfigurationLaw StructuredTraining::law_in_units() const {
  auto law = law_;
  law.T /= unit_;
  return law;
}

// A fixed point is about N / 4 flips; moves of others take some ten operations, and tests of a saddle N each.
double StructuredTraining::operations_of_configuration() const {
  auto const N = static_cast<double>(xi_.cols());
  double const start = N * N + 100 * N;
  switch (law_.kind) {
    case Configurations::fixed_points: return start;
    case Configurations::kawasaki: return start + (law_.T > 0 ? 10 * static_cast<double>(law_.moves) : 5 * N * N);
    case Configurations::saddles: break;
  }
  return start + N * static_cast<double>(law_.most_proposals);
}

void StructuredTraining::advance(double operations) {
  auto const N = static_cast<double>(xi_.cols()), P = static_cast<double>(xi_.rows());
  auto const steps = static_cast<std::int64_t>(operations / (4 * (N * N + N * P) + operations_of_configuration()));
  for (std::int64_t k = 0; k < std::max<std::int64_t>(1, steps); ++k) {
    if (steps_ == plan_.steps[record_]) return record(operations);
    step();
  }
}

void StructuredTraining::step() {
  auto const N = static_cast<int>(xi_.cols());
  std::int64_t const growth = std::int64_t{2} * rate_ * N;  // of a sum, at most
  if (largest_row_ + growth > largest_sum) {
    largest_row_ = largest_row(K_);
    if (largest_row_ + growth > largest_sum)
      throw std::overflow_error("couplings have outgrown 32 bits in units of the rate lambda");
  }
  largest_row_ += growth;
  auto const mu = static_cast<Index>(random_.below(static_cast<std::uint32_t>(xi_.rows())));
  auto const network = IntegerNetwork::of_integers(K_);
  auto const [state, reached] = sample_configuration(network, patterns_[mu], law_in_units(), random_);
  if (!reached) ++unreached_;
  ArrayXi const S = state.spins().head(N), h = state.fields().head(N), xi = signs_.col(mu);
  // u_i = r eps_i xi_i^mu; the step is u S^T + S u^T without its diagonal
  ArrayXi const u = (xi * h < 0).select(rate_ * xi, 0);
  K_.noalias() += u.matrix() * S.matrix().transpose() + S.matrix() * u.matrix().transpose();
  K_.diagonal() -= (2 * u * S).matrix();
  ArrayXi const Sxi = (S.matrix().transpose() * signs_.matrix()).transpose(),
                uxi = (u.matrix().transpose() * signs_.matrix()).transpose();
  fields_ += (u.matrix() * Sxi.matrix().transpose() + S.matrix() * uxi.matrix().transpose()).array() -
             signs_.colwise() * (2 * u * S);
  ++steps_;
  if (classified_at_ < 0) look_for_classification();
}

void StructuredTraining::look_for_classification() {
  if ((signs_ * fields_).minCoeff() < 0) return;
  classified_at_ = steps_;
  K_classified_ = K_;
}

void StructuredTraining::begin_record() {
  measurement_.emplace(Measurement{record_, 0, WeightStatistics(xi_, K_.cast<double>(), unit_),
                                   BufferedRandom(measured_.substream(static_cast<std::uint32_t>(record_)))});
}

void StructuredTraining::record(double operations) {
  if (!measurement_) begin_record();
  auto& [number, sampled, weights, random] = *measurement_;
  auto const N = static_cast<double>(xi_.cols()), P = static_cast<double>(xi_.rows());
  auto const count =
      static_cast<int>(std::clamp(operations / (2 * N * N + 30 * N * P + operations_of_configuration()), 1., 1e9));
  auto const network = IntegerNetwork::of_integers(K_);
  for (int k = std::min(count, plan_.configurations - sampled); k > 0; --k) {
    auto const mu = static_cast<Index>(random.below(static_cast<std::uint32_t>(xi_.rows())));
    auto const configuration = sample_configuration(network, patterns_[mu], law_in_units(), random);
    weights.add(configuration.state.state()[0], mu);
    ++sampled;
  }
  if (sampled < plan_.configurations) return;
  auto const k = static_cast<Index>(number);
  omega_(k) = weights.omega().intercept;
  pearson_(k) = weights.omega().pearson;
  Omega_(k) = weights.Omega().intercept;
  sigma_(k) = unit_ * K_.cast<double>().colwise().norm().mean() / std::sqrt(N);
  auto const range = range_of(weights.stabilities());
  delta_min_(k) = range.min;
  delta_av_(k) = range.av;
  measurement_.reset();
  ++record_;
}

}  // namespace hypnos

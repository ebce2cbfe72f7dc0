#include "hypnos/physics/memories/unlearning_run.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "hypnos/physics/memories/stabilities.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;

UnlearningRun::UnlearningRun(Unlearning network, UnlearningRecords records, std::optional<Rng> glassy_stream)
    : plan_(std::move(records)), glassy_stream_(glassy_stream), network_(std::move(network)), dreams_(network_.size()) {
  if (network_.dreams() != 0) throw std::domain_error("a run of unlearning begins with the first dream");
  if (!std::ranges::is_sorted(plan_.dreams) || (!plan_.dreams.empty() && plan_.dreams.front() < 0))
    throw std::domain_error("records of unlearning must be in order");
  if (plan_.glassy_states > 0 && !glassy_stream_) throw std::domain_error("glassy states need random numbers");
  auto const count = std::ssize(plan_.dreams);
  for (auto* const curve : {&delta_min_, &delta_av_, &delta_max_, &sigma_J_, &energy_drift_}) curve->setZero(count);
  if (plan_.glassy_states > 0) {
    xi_ = network_.patterns().signs();
    for (auto* const curve : {&omega_sat_, &omega_unsat_, &omega_min_, &omega_min_neuron_}) curve->setZero(count);
  }
  if (count > 0) dreams_.reserve(plan_.until_stable ? 0 : plan_.dreams.back());
}

bool UnlearningRun::done() const {
  bool const complete = record_ == std::ssize(plan_.dreams);
  return complete || (plan_.until_stable && dreams_in_ && phase_ == Phase::dreams);
}

std::optional<std::int64_t> UnlearningRun::dreams_fin() const {
  return last_stable_ && *last_stable_ < network_.dreams() ? last_stable_ : std::nullopt;
}

double UnlearningRun::fraction() const {
  if (done()) return 1;
  auto const all = plan_.dreams.back();
  return all > 0 ? static_cast<double>(network_.dreams()) / static_cast<double>(all) : 0;
}

void UnlearningRun::advance(double operations) {
  switch (phase_) {
    case Phase::dreams: return dream(operations);
    case Phase::fields: return add_fields(operations);
    case Phase::search: return search(operations);
    case Phase::glassy_states: return sample(operations);
  }
}

void UnlearningRun::dream(double operations) {
  if (auto const left = due() - network_.dreams(); left > 0) {
    auto const count = static_cast<int>(std::min<std::int64_t>(left, network_.dreams_of_a_piece(operations)));
    dreams_.reserve_more(count);  // so that nothing can fail after the dreams
    dreams_.append(network_.dream(count));
  }
  if (network_.dreams() < due()) return;
  aligned_.resize(network_.size(), network_.patterns().count());
  patterns_done_ = 0;
  phase_ = Phase::fields;
}

void UnlearningRun::add_fields(double operations) {
  double const N = network_.size();
  auto const count = std::min(aligned_.cols() - patterns_done_, 1 + static_cast<Index>(operations / (N * N)));
  aligned_.middleCols(patterns_done_, count) = network_.aligned_fields(patterns_done_, count);
  patterns_done_ += count;
  if (patterns_done_ < aligned_.cols()) return;

  auto const range = range_of(stabilities(aligned_, network_.row_norms()));
  delta_min_(record_) = range.min;
  delta_av_(record_) = range.av;
  delta_max_(record_) = range.max;
  sigma_J_(record_) = network_.sigma_J();
  energy_drift_(record_) = network_.take_energy_drift();
  auto const first = record_ > 0 ? plan_.dreams[static_cast<std::size_t>(record_) - 1] : -1;
  bool const stable = range.min >= 0;
  if (stable) last_stable_ = due();
  search_ = stable && dreams_in_ ? StableDreamSearch() : StableDreamSearch(aligned_, first, due());
  phase_ = Phase::search;
}

void UnlearningRun::search(double operations) {
  if (!search_.done()) search_.advance(network_.patterns(), dreams_, network_.rate(), operations);
  if (!search_.done()) return;
  if (!dreams_in_) dreams_in_ = search_.smallest();
  if (auto const largest = search_.largest()) last_stable_ = largest;
  search_ = {};
  if (plan_.glassy_states == 0) return end_record();
  overlaps_ = {};
  phase_ = Phase::glassy_states;
}

void UnlearningRun::sample(double operations) {
  auto const stream = glassy_stream_->substream(static_cast<std::uint32_t>(record_));
  auto const first = overlaps_.states();
  auto const count = std::min<std::int64_t>(plan_.glassy_states - first, network_.dreams_of_a_piece(operations));
  overlaps_.add(xi_, network_.glassy_states(static_cast<int>(count), stream, first));
  if (overlaps_.states() < plan_.glassy_states) return;
  auto const omega = means_by_stability(overlaps_.overlaps(xi_), stabilities(aligned_, network_.row_norms()));
  omega_sat_(record_) = omega.sat;
  omega_unsat_(record_) = omega.unsat;
  omega_min_(record_) = omega.min;
  omega_min_neuron_(record_) = omega.min_neuron;
  overlaps_ = {};
  end_record();
}

void UnlearningRun::end_record() {
  aligned_.resize(0, 0);
  ++record_;
  phase_ = Phase::dreams;
}

void UnlearningReplay::advance(double operations) {
  double const N = network_.size();
  auto const count = 1 + static_cast<std::int64_t>(4 * operations / (N * N));
  auto const first = network_.dreams();
  network_.replay(*dreams_, first, std::min(until_ - first, count));
}

}  // namespace hypnos

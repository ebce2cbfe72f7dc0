#include "hypnos/physics/boltzmann/cooling.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace hypnos {

Cooling::Cooling(HeatBath& chains, Ising model, std::vector<double> betas, int sweeps, BlockMap blocks)
    : chains_(chains),
      model_(std::move(model)),
      betas_(std::move(betas)),
      order_(betas_.size()),
      sweeps_(sweeps),
      blocks_(std::move(blocks)),
      result_{Eigen::ArrayXd::Zero(std::ssize(betas_)), Eigen::ArrayXd::Zero(std::ssize(betas_))} {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::ranges::stable_sort(order_, {}, [&](std::size_t k) { return betas_[k]; });
  start_sampling();
}

void Cooling::start_sampling() {
  if (done()) sampling_.reset();
  else sampling_.emplace(chains_, model_, betas_[order_[measured_]], sweeps_, sweeps_, blocks_);
}

void Cooling::advance() {
  sampling_->advance();
  if (!sampling_->done()) return;
  auto const k = order_[measured_];
  double const beta = betas_[k];
  auto const sample = sampling_->result();
  result_.Cv(static_cast<Eigen::Index>(k)) = beta * beta * sample.mean.energy_variance;
  result_.error(static_cast<Eigen::Index>(k)) = beta * beta * sample.energy_variance_error;
  ++measured_;
  start_sampling();
}

double Cooling::fraction() const {
  double const current = sampling_ ? sampling_->fraction() : 0;
  return order_.empty() ? 1 : (static_cast<double>(measured_) + current) / static_cast<double>(order_.size());
}

}  // namespace hypnos

#include "hypnos/physics/boltzmann/persistent_chains.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hypnos/physics/boltzmann/sampled_moments.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos {

PersistentChains::PersistentChains(int N, int chains, int sweeps, std::vector<Rng> const& streams, BlockMap blocks)
    : sweeps_(sweeps), blocks_(std::move(blocks)) {
  for (auto const& stream : streams) chains_.emplace_back(N, chains, stream);
}

Thermalization PersistentChains::thermalization(std::size_t k, Ising model, double beta, int sweeps) {
  return {chains_.at(k), std::move(model), beta, sweeps, blocks_};
}

Averages PersistentChains::averages() {
  return {[this](Ising const& model, std::vector<double> const& betas) { return sample(model, betas); }, false};
}

// Works on copies, so that an exception at one inverse temperature leaves the chains of all others as they were.
std::vector<Moments> PersistentChains::sample(Ising const& model, std::vector<double> const& betas) {
  auto chains = chains_;
  std::vector<Moments> moments;
  double c_error = c_error_;
  for (std::size_t k = 0; k < betas.size(); ++k) {
    auto const sample = sampled_moments(chains.at(k), model, betas[k], sweeps_, blocks_);
    if (k == 0) {
      Eigen::VectorXd errors = pairs(sample.c_error);
      auto const unknown = errors.array().isNaN().count();
      errors = errors.array().isNaN().select(0, errors);
      c_error = std::sqrt(errors.squaredNorm() / static_cast<double>(errors.size() - unknown));  // 0 / 0 is NaN
    }
    moments.push_back(sample.mean);
  }
  std::ranges::move(chains, chains_.begin());  // where a thermalization refers to them
  c_error_ = c_error;
  return moments;
}

}  // namespace hypnos

#include "hypnos/physics/boltzmann/annealing.hpp"

#include <numbers>
#include <stdexcept>
#include <utility>

#include "dynamics/chain_bundle.hpp"
#include "statistics/log_mean.hpp"

namespace hypnos {

using Eigen::ArrayXd;

Annealing::Annealing(HeatBath& chains, Ising model, double beta, int steps, BlockMap blocks)
    : ChainMeasurement(chains, std::move(model), beta, 0, steps, ChainBundle::lanes, std::move(blocks)),
      log_w_(ArrayXd::Zero(chains.chains())) {
  if (steps < 1) throw std::domain_error("annealing needs at least one step");
}

void Annealing::measure(ChainBundle& bundle, std::span<double> results) const {
  int const steps = sweeps();
  bundle.sweep(0);
  ChainBundle::Energies sum = ChainBundle::Energies::Zero();
  for (int k = 0; k < steps; ++k) {
    sum += bundle.energies();
    bundle.sweep(beta() * (k + 1) / steps);
  }
  ChainBundle::Energies::Map(results.data()) = -beta() / steps * sum;
}

void Annealing::collect(int first, int count, std::span<double const> results) {
  log_w_.segment(first, count) = ArrayXd::Map(results.data(), count);
}

AnnealedLogZ Annealing::result() const {
  auto const mean = log_mean(log_w_);
  return {.log_Z = spins() * std::numbers::ln2 + mean.value, .error = mean.error, .effective_chains = mean.effective};
}

AnnealedLogZ annealed_log_Z(HeatBath& chains, Ising const& model, double beta, int steps, BlockMap const& blocks) {
  Annealing annealing(chains, model, beta, steps, blocks);
  annealing.finish();
  return annealing.result();
}

}  // namespace hypnos

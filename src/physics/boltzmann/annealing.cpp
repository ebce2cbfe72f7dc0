#include "hypnos/physics/boltzmann/annealing.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "dynamics/chain_bundle.hpp"
#include "statistics/jackknife.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;

namespace {

// Sums of all others: from the left and from the right, since sum - x loses everything where x dominates.
ArrayXd sums_without(ArrayXd const& x) {
  ArrayXd sums(x.size());
  double left = 0, right = 0;
  for (Index r = 0; r < x.size(); left += x(r++)) sums(r) = left;
  for (Index r = x.size(); r-- > 0; right += x(r)) sums(r) += right;
  return sums;
}

}  // namespace

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
  double const largest = log_w_.maxCoeff();
  ArrayXd const w = (log_w_ - largest).exp();
  double const log_mean = largest + std::log(w.mean());
  ArrayXd const without = sums_without(w).log();
  return {.log_Z = spins() * std::numbers::ln2 + log_mean,
          .error = jackknife_error(without),
          .effective_chains = w.sum() * w.sum() / w.square().sum()};
}

AnnealedLogZ annealed_log_Z(HeatBath& chains, Ising const& model, double beta, int steps, BlockMap const& blocks) {
  Annealing annealing(chains, model, beta, steps, blocks);
  annealing.finish();
  return annealing.result();
}

}  // namespace hypnos

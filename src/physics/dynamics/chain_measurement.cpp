#include "hypnos/physics/dynamics/chain_measurement.hpp"

#include <algorithm>
#include <utility>

#include "chain_bundle.hpp"

namespace hypnos {

ChainMeasurement::ChainMeasurement(HeatBath& chains, Ising model, double beta, int discarded, int sweeps, int size,
                                   BlockMap blocks)
    : chains_(chains),
      model_(std::move(model)),
      beta_(beta),
      thermalization_(chains, model_, beta, discarded, blocks),
      sweeps_(sweeps),
      size_(size),
      blocks_(std::move(blocks)) {}

void ChainMeasurement::advance() {
  if (!thermalization_.done()) thermalization_.advance();
  else measure_bundles(std::min(blocks_.workers(), chains_.bundles() - measured_));
}

void ChainMeasurement::finish() {
  while (!thermalization_.done()) thermalization_.advance();
  measure_bundles(chains_.bundles() - measured_);
}

void ChainMeasurement::measure_bundles(int count) {
  auto const task = [this](ChainBundle& bundle, std::span<double> results) { measure(bundle, results); };
  auto const results = chains_.with_bundles(model_, measured_, count, size_, task, blocks_);
  for (int k = 0; k < count; ++k) {
    int const first = (measured_ + k) * ChainBundle::lanes;
    collect(first, std::min(ChainBundle::lanes, chains_.chains() - first),
            std::span(results).subspan(static_cast<std::size_t>(k) * static_cast<std::size_t>(size_),
                                       static_cast<std::size_t>(size_)));
  }
  measured_ += count;
}

double ChainMeasurement::fraction() const {
  double const discarded = thermalization_.sweeps(), sweeps = discarded + sweeps_;
  return (discarded * thermalization_.fraction() + sweeps_ * (1. * measured_ / chains_.bundles())) / sweeps;
}

}  // namespace hypnos

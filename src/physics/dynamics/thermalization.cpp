#include "hypnos/physics/dynamics/thermalization.hpp"

#include <algorithm>
#include <utility>

namespace hypnos {

namespace {

constexpr double seconds_per_piece = 0.02;

}  // namespace

Thermalization::Thermalization(HeatBath& chains, Ising model, double beta, int sweeps, BlockMap blocks)
    : chains_(chains), model_(std::move(model)), beta_(beta), sweeps_(sweeps), blocks_(std::move(blocks)) {}

void Thermalization::advance() {
  double const seconds = chains_.seconds_of_sweep() * chains_.bundles() / blocks_.workers();
  auto const most = static_cast<int>(std::clamp(seconds_per_piece / seconds, 1., 1e9));
  int const sweeps = std::min(most, sweeps_ - swept_);
  chains_.run(model_, beta_, sweeps, blocks_);
  swept_ += sweeps;
}

}  // namespace hypnos

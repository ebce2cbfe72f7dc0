#include "hypnos/physics/boltzmann/specific_heat.hpp"

namespace hypnos {

double specific_heat(Ising const& model, double beta, BlockMap const& blocks) {
  return beta * beta * exact_moments(model, beta, EnergyVariance::yes, blocks).energy_variance;
}

}  // namespace hypnos

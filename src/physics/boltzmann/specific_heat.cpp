#include "hypnos/physics/boltzmann/specific_heat.hpp"

#include <utility>

namespace hypnos {

double specific_heat(Ising const& model, double beta, BlockMap const& blocks) {
  return beta * beta * exact_moments(model, beta, EnergyVariance::yes, blocks).energy_variance;
}

SpecificHeats::SpecificHeats(Ising model, std::vector<double> betas, BlockMap blocks)
    : model_(std::move(model)),
      betas_(std::move(betas)),
      blocks_(std::move(blocks)),
      Cv_(Eigen::ArrayXd::Zero(std::ssize(betas_))) {}

void SpecificHeats::advance() {
  Cv_(static_cast<Eigen::Index>(measured_)) = specific_heat(model_, betas_[measured_], blocks_);
  ++measured_;
}

}  // namespace hypnos

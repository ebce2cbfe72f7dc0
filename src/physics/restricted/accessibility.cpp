#include "hypnos/physics/restricted/accessibility.hpp"

#include <stdexcept>

#include "hypnos/physics/restricted/layer_sampling.hpp"

namespace hypnos {

GibbsAccessibility gibbs_accessibility(RestrictedMachine<double> const& machine, double ground_energy, int chains,
                                       int steps, Rng const& stream, BlockMap const& blocks) {
  if (!(ground_energy < 0)) throw std::domain_error("Gibbs accessibility needs a ground state of negative energy");
  if (steps < 1) throw std::domain_error("Gibbs accessibility needs at least one Gibbs step");
  LayerSampling<float> sampling(machine.visible_units(), machine.hidden_units(), chains, stream);
  sampling.run(machine.cast<float>(), steps, blocks);
  auto const energies = machine.energies(sampling.visible().cast<double>(), sampling.hidden().cast<double>());
  return {energies.mean() / ground_energy, energies.minCoeff() / ground_energy};
}

}  // namespace hypnos

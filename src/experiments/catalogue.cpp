#include "hypnos/experiments/catalogue.hpp"

namespace hypnos {

Experiment boltzmann();
Experiment curie_weiss();

std::vector<Experiment> const& catalogue() {
  static std::vector<Experiment> const experiments = {
      boltzmann(),
      curie_weiss(),
  };
  return experiments;
}

}  // namespace hypnos

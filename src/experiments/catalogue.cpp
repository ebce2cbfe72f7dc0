#include "hypnos/experiments/catalogue.hpp"

namespace hypnos {

Experiment boltzmann();
Experiment curie_weiss();
Experiment support_vector_machine();

std::vector<Experiment> const& catalogue() {
  static std::vector<Experiment> const experiments = {
      boltzmann(),
      curie_weiss(),
      support_vector_machine(),
  };
  return experiments;
}

}  // namespace hypnos

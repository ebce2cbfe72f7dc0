#include "hypnos/experiments/catalogue.hpp"

namespace hypnos {

Experiment boltzmann();
Experiment curie_weiss();
Experiment hebbian_unlearning();
Experiment interaction_space();
Experiment memory_rules();
Experiment support_vector_machine();
Experiment symmetric_perceptron();

std::vector<Experiment> const& catalogue() {
  static std::vector<Experiment> const experiments = {
      boltzmann(),
      curie_weiss(),
      hebbian_unlearning(),
      interaction_space(),
      memory_rules(),
      support_vector_machine(),
      symmetric_perceptron(),
  };
  return experiments;
}

}  // namespace hypnos

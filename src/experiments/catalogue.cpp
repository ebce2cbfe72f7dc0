#include "hypnos/experiments/catalogue.hpp"

namespace hypnos {

Experiment boltzmann();
Experiment classification();
Experiment curie_weiss();
Experiment gibbs_accessibility();
Experiment hebbian_unlearning();
Experiment interaction_space();
Experiment local_minima();
Experiment memory_rules();
Experiment noise_structure();
Experiment spatial_memories();
Experiment structured_noise();
Experiment support_vector_machine();
Experiment symmetric_perceptron();
Experiment training_with_noise();

std::vector<Experiment> const& catalogue() {
  static std::vector<Experiment> const experiments = {
      boltzmann(),
      classification(),
      curie_weiss(),
      gibbs_accessibility(),
      hebbian_unlearning(),
      interaction_space(),
      local_minima(),
      memory_rules(),
      noise_structure(),
      spatial_memories(),
      structured_noise(),
      support_vector_machine(),
      symmetric_perceptron(),
      training_with_noise(),
  };
  return experiments;
}

}  // namespace hypnos

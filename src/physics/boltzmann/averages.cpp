#include "hypnos/physics/boltzmann/averages.hpp"

#include <utility>

namespace hypnos {

Averages exact_averages(BlockMap blocks) {
  return {[blocks = std::move(blocks)](Ising const& model, std::vector<double> const& betas) {
    std::vector<Moments> moments;
    for (double const beta : betas) moments.push_back(exact_moments(model, beta, EnergyVariance::no, blocks));
    return moments;
  }};
}

LearningState measured(LearningRule const& rule, double steps, Ising model, Averages const& averages) {
  LearningState state{steps, std::move(model), {}, {}};
  auto moments = averages.of(state.model, rule.betas());
  state.at_1 = std::move(moments.at(0));
  if (moments.size() > 1) state.at_a = std::move(moments[1]);
  return state;
}

}  // namespace hypnos

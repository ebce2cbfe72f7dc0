#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// Perceptron overlaps (Benedetti et al., J. Chem. Phys. 156, 104107 (2022), Eqs. 21 and 22): the overlap of the
/// pattern eta_i^mu = xi_i^mu xi^mu that the inputs of neuron i shall classify with what unlearning takes away from
/// them, S_i S,
///   omega_i^mu = <S_i (S . xi^mu)> xi_i^mu / N,  a mean over the states S.
/// The sum has its term j = i, worth 1/N, which the inputs of neuron i do not have: without it omega is 1/N less.
///
/// xi (P x N), entries +-1; at least one state. (P x N). 4 P N operations a state.
Eigen::MatrixXd perceptron_overlaps(Eigen::MatrixXd const& xi, SpinStates const& states);

/// The same while states are added.
class PerceptronOverlapSum {
 public:
  void add(Eigen::MatrixXd const& xi, SpinStates const& states);
  std::int64_t states() const { return states_; }
  Eigen::MatrixXd overlaps(Eigen::MatrixXd const& xi) const;

  template <class Archive>
  void archive(Archive& members) {
    members(sum_, states_);
  }

 private:
  Eigen::MatrixXd sum_;  // of S_i (S . xi^mu), integers far below 2^53: exact in any order
  std::int64_t states_ = 0;
};

/// Means over constraints of a kind; NaN where there is none.
struct ConstraintMeans {
  double sat;         ///< Delta_i^mu >= 0
  double unsat;       ///< Delta_i^mu < 0
  double min;         ///< the satisfied ones of the smallest stability: one as a rule, several if they tie
  double min_neuron;  ///< mean over neurons i of the same among the constraints of i; neurons without any are left out
};

/// Of omega, by the stabilities Delta; both (P x N).
ConstraintMeans means_by_stability(Eigen::MatrixXd const& omega, Eigen::MatrixXd const& delta);

}  // namespace hypnos

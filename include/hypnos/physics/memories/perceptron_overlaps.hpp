#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>

namespace hypnos {

/// Perceptron overlaps (Benedetti et al., J. Chem. Phys. 156, 104107 (2022), Eqs. 21 and 22): how the pattern
/// eta_i^mu = xi_i^mu xi^mu that the inputs of neuron i shall classify lies to what unlearning takes away from them,
/// S_i S,
///   omega_i^mu = <S_i (S . xi^mu)> xi_i^mu / N,  a mean over the states S.
/// The sum has its term j = i, worth 1/N, which the inputs of neuron i do not have: without it omega is 1/N less.
///
/// xi (P x N), entries +-1; states packed like dreams (unlearning.hpp), at least one. (P x N). 4 P N operations a state.
Eigen::MatrixXd perceptron_overlaps(Eigen::MatrixXd const& xi, std::span<std::uint64_t const> states);

/// Means over constraints of a kind; NaN where there is none.
struct ConstraintMeans {
  double sat;    ///< Delta_i^mu >= 0
  double unsat;  ///< Delta_i^mu < 0
  double min;    ///< the satisfied ones of the least stability: one as a rule, several if they tie
};

/// Of omega, by the stabilities Delta; both (P x N).
ConstraintMeans means_by_stability(Eigen::MatrixXd const& omega, Eigen::MatrixXd const& delta);

}  // namespace hypnos

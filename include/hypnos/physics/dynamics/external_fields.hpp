#pragma once

#include <Eigen/Core>

namespace hypnos {

/// Dynamics in external fields h (N), s_i <- sign(sum_{j != i} J_ij s_j + h_i), as that of a network of N + 1 neurons
/// (relaxation.hpp): the last one is always +1 and acts on neuron i by the coupling h_i. Nothing acts on it, and a
/// field of zero leaves it as it is.
Eigen::MatrixXd with_external_fields(Eigen::MatrixXd const& J, Eigen::VectorXd const& h);

/// States (count x N) with this neuron, (count x N + 1).
Eigen::MatrixXd with_constant_neuron(Eigen::MatrixXd const& states);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

namespace hypnos {

// Comparison of two sets of numbers, one number for each pair of neurons (Ventura, Cocco, Monasson and Zamponi,
// Unlearning regularization for Boltzmann machines, Secs. IV B and V).
//
// Numbers whose largest and smallest differ by no more than 1e-12 have no spread: exact correlations carry rounding
// errors of 1e-14, and a line fitted to these (all pairs of a Curie-Weiss magnet are alike) would be meaningless.

/// The N(N-1)/2 entries above the diagonal, row by row.
Eigen::VectorXd pairs(Eigen::MatrixXd const& matrix);

/// sqrt(<x^2> - <x>^2): of all pairs there are, not an estimate from some. sigma_J is that of the couplings.
double standard_deviation(Eigen::VectorXd const& x);

/// omega = cov(x, y) / var(x), the slope of the unweighted least-squares line y = omega x + const.
/// The paper has x = c_1 and y = c_d. NaN where x or y has no spread.
double slope(Eigen::VectorXd const& x, Eigen::VectorXd const& y);

/// rho = cov(x, y) / sqrt(var(x) var(y)), Pearson's coefficient. (The paper's Eqs. 12 and 13 leave the means in, which
/// makes them a cosine.) NaN where x or y has no spread.
double pearson(Eigen::VectorXd const& x, Eigen::VectorXd const& y);

/// x.y / (|x| |y|), Eq. 54. NaN where one of them vanishes.
double cosine(Eigen::VectorXd const& x, Eigen::VectorXd const& y);

}  // namespace hypnos

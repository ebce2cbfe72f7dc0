#pragma once

#include <Eigen/Core>
#include <vector>

namespace hypnos {

/// The couplings J_ij = J/N of the Curie-Weiss magnet (Ventura, Cocco, Monasson and Zamponi, Unlearning
/// regularization for Boltzmann machines, Eq. 32); (N x N), zero diagonal.
Eigen::MatrixXd curie_weiss_couplings(int N, double J);

/// The Curie-Weiss magnet of N >= 2 spins, solved by the sum over its N + 1 magnetizations (Eqs. 35-42).
/// K = beta J is all it depends on. O(N) a call, overflow-safe for any finite K.
class CurieWeiss {
 public:
  explicit CurieWeiss(int N);

  /// <s_i s_j>, i != j: (N <m^2> - 1) / (N - 1), Eq. 38.
  double c(double K) const { return 1 - decorrelation(K); }
  /// 1 - <s_i s_j>, exact to rounding where it is small.
  double decorrelation(double K) const;
  /// C_v = (N K / 2)^2 (<m^4> - <m^2>^2) of the whole magnet, Eq. 42.
  double Cv(double K) const;

 private:
  /// Probabilities of the magnetizations.
  Eigen::ArrayXd distribution(double K) const;

  int N_;
  Eigen::ArrayXd m2_, log_binomial_;
};

/// All couplings J > 0 that unlearning regularization of strength a >= 0 may infer from the Curie-Weiss magnet of
/// coupling 1 at beta_d: the solutions of
///   c(J) = (1 - a) c(a J) + a c(beta_d),   Eq. 41 with the coupling of the data, not the unknown, in the last term,
/// ascending, from a grid of J up to beta_d, each refined to rounding; {0} if a or beta_d is 0. The left side minus the
/// right is -a c(beta_d) at J = 0 and positive beyond beta_d, so there always is one; for a > 1 it grows with J and there
/// is no other.
std::vector<double> curie_weiss_solutions(CurieWeiss const& magnet, double a, double beta_d);

/// The solution that is continuously connected to J = beta_d at a = 1: followed in steps of a, which are halved until
/// exactly one solution lies within a tenth of the last one.
/// Throws std::runtime_error, naming a and beta_d, should the branch end on the way.
double curie_weiss_coupling(CurieWeiss const& magnet, double a, double beta_d);

}  // namespace hypnos

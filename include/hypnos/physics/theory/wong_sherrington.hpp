#pragma once

#include <optional>

namespace hypnos {

/// A loss per pattern and neuron, as a function of the stability Delta. With u = m Delta / sqrt(1 - m^2), phi and Phi
/// the density and the distribution function of a standard normal variable:
enum class PatternLoss {
  /// -erf(u / sqrt(2)): minus the overlap after one parallel update of a state with overlap m (Benedetti and Ventura,
  /// arXiv:2302.13417, Eqs. 13, 14).
  one_step_retrieval,
  /// sqrt(1 - m^2) (phi(u) - u Phi(-u)): the mean over noise of the loss of the perceptron, <max(0, -xi_i h_i)>, in a
  /// noisy pattern of overlap m, for rows of unit length. Training with noise (Eq. 9) performs stochastic gradient
  /// descent of it.
  noisy_perceptron,
};

/// The couplings that minimize the sum of a loss over alpha N random patterns, among rows of given length; N ->
/// infinity, replica-symmetric (Wong and Sherrington, J. Phys. A 23, 4659 (1990); arXiv:2302.13417, Eqs. B6-B8). Where
/// the stability without the pattern is w, a standard normal variable, it becomes
///   x*(w) = argmax_x chi g(x) - (x - w)^2 / 2,  g = -loss,
/// a solution of w = x - chi g'(x), and chi follows from <(x* - w)^2> = 1 / alpha. Of several solutions the global
/// maximum counts. Then x* jumps, no stability lies in the interval between, and replica symmetry is broken; the
/// formulas remain a close approximation. As m -> 0 these are Hebb's couplings, as m -> 1 those of the largest margin
/// (gardner.hpp). Solutions exist at all alpha. Construction takes milliseconds.
class WongSherrington {
 public:
  /// alpha > 0, 0 < m < 1, else std::domain_error.
  WongSherrington(double alpha, double m, PatternLoss loss);

  /// Infinity where it exceeds the range of double, as for m close to 1.
  double chi() const;

  /// The loss of Eq. 13 at any m' in [0, 1): -<erf(m' Delta / sqrt(2 (1 - m'^2)))>; else std::domain_error.
  double loss(double m_prime) const;

  /// rho(Delta) = phi(w) dw/dx at x = Delta, and 0 in the empty interval. (Eq. B6, whose exponent lacks a square.)
  double density(double delta) const;
  /// The fraction of stabilities below Delta.
  double cumulative(double delta) const;
  /// The fraction of stabilities below 0.
  double fraction_unstable() const { return cumulative(0); }

  /// The interval without stabilities, if x* jumps, at w = `at`.
  struct Gap {
    double low, high, at;
  };
  std::optional<Gap> gap() const;

 private:
  // In the scaled variables u = x / scale, v = w / scale, scale = sqrt(1 - m^2) / m, both losses have the form
  // v = u - exp(strength + shape(u)).
  double shape(double u) const;
  double slope_of_shape(double u) const;
  double v(double u) const;
  double u(double v) const;
  template <class F>
  double mean(F const& of_u) const;
  void set_strength(double strength);

  PatternLoss loss_;
  double scale_;
  double strength_ = 0;
  std::optional<Gap> gap_;  // scaled
};

}  // namespace hypnos

#include "hypnos/physics/theory/stability_distributions.hpp"

#include <cmath>
#include <stdexcept>

#include "hypnos/physics/theory/gardner.hpp"
#include "normal.hpp"

namespace hypnos {

namespace {

double check(double alpha, int N) {
  if (!(alpha > 0 && alpha < 1)) throw std::domain_error("the pseudo-inverse needs a load alpha between 0 and 1");
  if (N < 1) throw std::domain_error("a network has at least one neuron");
  return alpha;
}

}  // namespace

HebbianStabilities::HebbianStabilities(double alpha) : mean(1 / std::sqrt(alpha)) {
  if (!(alpha > 0)) throw std::domain_error("Hebb's couplings need a load alpha above 0");
}

double HebbianStabilities::density(double delta) const { return phi(delta - mean); }

double HebbianStabilities::cumulative(double delta) const { return Phi(delta - mean); }

LargestMarginStabilities::LargestMarginStabilities(double alpha)
    : k(gardner_k(alpha)), at_k(std::isnan(k) ? k : Phi(k)) {}

double LargestMarginStabilities::density(double delta) const {
  if (std::isnan(k)) return k;
  return delta < k ? 0 : phi(delta);
}

double LargestMarginStabilities::cumulative(double delta) const {
  if (std::isnan(k)) return k;
  return delta < k ? 0 : Phi(delta);
}

PseudoInverseStabilities::PseudoInverseStabilities(double alpha, int N)
    : mean(std::sqrt((1 - check(alpha, N)) / alpha)), deviation(1 / std::sqrt(2 * alpha * N)) {}

double PseudoInverseStabilities::density(double delta) const { return phi((delta - mean) / deviation) / deviation; }

double PseudoInverseStabilities::cumulative(double delta) const { return Phi((delta - mean) / deviation); }

}  // namespace hypnos

#include "hypnos/physics/theory/sk_minima.hpp"

#include <boost/math/constants/constants.hpp>
#include <boost/math/quadrature/trapezoidal.hpp>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "normal.hpp"

namespace hypnos {

double log_mean_sk_minima(int N) {
  if (N < 1) throw std::domain_error("a network has at least one neuron");
  if (N == 1) return -std::numeric_limits<double>::infinity();
  if (N == 2) return std::log(2);  // Phi is a step
  // ln of the integrand, with 2^N
  auto const f = [N](double z) {
    return N * std::log(2 * Phi(z / std::sqrt(N - 2.))) - z * z / 2 -
           std::log(boost::math::double_constants::root_two_pi);
  };
  auto const [top, height] = boost::math::tools::brent_find_minima([&](double z) { return -f(z); }, 0.,
                                                                   2 * std::sqrt(static_cast<double>(N)), 30);
  constexpr double reach = 12;  // f'' <= -1: beyond, less than exp(-72) of the largest value
  return -height +
         std::log(boost::math::quadrature::trapezoidal(
             [&, shift = -height](double z) { return std::exp(f(z) - shift); }, top - reach, top + reach, 1e-10));
}

}  // namespace hypnos

#pragma once

#include <boost/math/constants/constants.hpp>
#include <cmath>

namespace hypnos {

/// Density and distribution of a standard normal variable.
inline double phi(double x) { return std::exp(-x * x / 2) / boost::math::double_constants::root_two_pi; }
inline double Phi(double x) { return std::erfc(-x * boost::math::double_constants::one_div_root_two) / 2; }

}  // namespace hypnos

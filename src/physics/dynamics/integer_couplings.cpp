#include "integer_couplings.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace hypnos {

using Eigen::MatrixXd;

namespace {

// The largest field is below 2^bits units.
constexpr int bits = 28;

}  // namespace

MatrixXd scaled(MatrixXd const& matrix, int exponent) {
  int const half = exponent / 2;  // in two steps, since the power of two alone may be too large or too small a number
  return matrix * std::ldexp(1, half) * std::ldexp(1, exponent - half);
}

ScaledIntegers integer_couplings(MatrixXd const& J) {
  auto const refuse = [](char const* what) { throw std::domain_error(std::string("dynamics of a network: ") + what); };
  if (J.rows() != J.cols()) refuse("the matrix of couplings is not square");
  if (!J.allFinite()) refuse("a coupling is not finite");
  MatrixXd integers = J;
  integers.diagonal().setZero();
  double const largest = J.cols() > 0 ? integers.cwiseAbs().rowwise().sum().maxCoeff() : 0;
  if (!std::isfinite(largest)) refuse("the couplings are too large");
  int exponent = 0;
  std::frexp(largest, &exponent);
  exponent -= bits;
  return {scaled(integers, -exponent).array().round().cast<int>(), exponent};
}

}  // namespace hypnos

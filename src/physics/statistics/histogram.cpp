#include "hypnos/physics/statistics/histogram.hpp"

#include <cmath>

namespace hypnos {

Bins bins_between(double low, double high, double width) {
  return {low, width, static_cast<int>(std::lround((high - low) / width))};
}

std::vector<double> Bins::centres() const {
  std::vector<double> x;
  for (int k = 0; k < count; ++k) x.push_back(low + (k + 0.5) * width);
  return x;
}

int Bins::of(double x) const {
  double const k = std::floor((x - low) / width);
  return k >= 0 && k < count ? static_cast<int>(k) : -1;
}

Eigen::ArrayXd density(Eigen::Ref<Eigen::ArrayXd const> const& x, Bins const& bins) {
  Eigen::ArrayXd counts = Eigen::ArrayXd::Zero(bins.count);
  for (double const value : x)
    if (int const k = bins.of(value); k >= 0) ++counts(k);
  return counts / (static_cast<double>(x.size()) * bins.width);
}

}  // namespace hypnos

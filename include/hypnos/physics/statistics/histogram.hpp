#pragma once

#include <Eigen/Core>
#include <vector>

namespace hypnos {

/// Bins of equal width side by side.
struct Bins {
  double low, width;
  int count;

  std::vector<double> centres() const;
  /// The bin of x, which includes its lower edge; -1 outside of all bins, and for NaN.
  int of(double x) const;
};

/// Bins from `low` on, as many as end nearest to `high`.
Bins bins_between(double low, double high, double width);

/// The density of x in each bin: the part of all x in the bin, by its width. Numbers outside of all bins count in the
/// whole, so that the integral over the bins is the part inside. NaN for no numbers.
Eigen::ArrayXd density(Eigen::Ref<Eigen::ArrayXd const> const& x, Bins const& bins);

}  // namespace hypnos

#pragma once

#include <Eigen/Core>

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/statistics/histogram.hpp"
#include "parts/random_patterns.hpp"

namespace hypnos {

/// The distribution of all stabilities: the axis delta, and densities on it.
struct StabilityHistogram {
  double delta_width = 0.1;

  /// From -6 to 10, within which stabilities of large networks lie, but for tails that no sample shows.
  Bins bins() const { return bins_between(-6, 10, delta_width); }

  Eigen::ArrayXd measured(Eigen::MatrixXd const& delta) const { return density(delta.reshaped().array(), bins()); }

  /// The mean density in every bin of a distribution with this cumulative(Delta), parts at one Delta included.
  template <class Distribution>
  Eigen::ArrayXd theory(Distribution const& distribution) const {
    auto const b = bins();
    Eigen::ArrayXd result(b.count);
    double below = distribution.cumulative(b.low);
    for (int k = 0; k < b.count; ++k) {
      double const up_to = distribution.cumulative(b.low + (k + 1) * b.width);
      result(k) = (up_to - below) / b.width;
      below = up_to;
    }
    return result;
  }

  static Part<StabilityHistogram> declaration() {
    using S = StabilityHistogram;
    return {.parameters = {parameter("delta_width", &S::delta_width, "1", {0.001, 4},
                                     "width of the bins of stabilities, from -6 to 10")},
            .axes = {{"delta", "1", "stability, centre of a bin", [](S const& s) { return s.bins().centres(); }, true,
                      R"(\Delta)"}}};
  }
};

}  // namespace hypnos

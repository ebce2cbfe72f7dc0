#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/base/random.hpp"
#include "hypnos/kernels/logistic_thresholds.hpp"

namespace hypnos {

/// The definition of the updates of layer_sampling.hpp for one unit: +1 where the field exceeds its threshold.
inline double drawn_unit(double field, std::uint32_t word) {
  std::int32_t threshold = 0;
  logistic_thresholds({&word, 1}, 0x1p25, {&threshold, 1});
  return field * 0x1p26 > threshold ? 1 : -1;
}

/// The definition of LayerSampling for one chain as plain loops: the states after `steps` steps from step 0 on.
struct PlainLayerChain {
  std::vector<double> v, h;
  /// The smallest distance of a field from its threshold: other roundings of fields give the same states as long as
  /// they change fields by less.
  double margin = 1e300;
};

template <class Weights, class Biases>
PlainLayerChain plain_layer_chain(Weights const& W, Biases const& a, Biases const& b, int steps, Rng chain) {
  auto const V = static_cast<std::size_t>(W.rows()), H = static_cast<std::size_t>(W.cols());
  PlainLayerChain states{std::vector<double>(V), std::vector<double>(H)};
  auto const layer = [&](std::vector<double>& units, auto const& field) {
    std::vector<std::uint32_t> words((units.size() + 3) / 4 * 4);
    chain.fill(words);
    for (std::size_t i = 0; i < units.size(); ++i) {
      units[i] = drawn_unit(field(i), words[i]);
      std::int32_t threshold = 0;
      logistic_thresholds({&words[i], 1}, 0x1p25, {&threshold, 1});
      states.margin = std::min(states.margin, std::abs(field(i) - threshold * 0x1p-26));
    }
  };
  auto const none = [](std::size_t) { return 0.0; };
  layer(states.h, none);
  layer(states.v, none);
  for (int t = 0; t < steps; ++t) {
    layer(states.h, [&](std::size_t alpha) {
      double field = b(alpha);
      for (std::size_t i = 0; i < V; ++i) field += W(i, alpha) * states.v[i];
      return field;
    });
    layer(states.v, [&](std::size_t i) {
      double field = a(i);
      for (std::size_t alpha = 0; alpha < H; ++alpha) field += W(i, alpha) * states.h[alpha];
      return field;
    });
  }
  return states;
}

}  // namespace hypnos

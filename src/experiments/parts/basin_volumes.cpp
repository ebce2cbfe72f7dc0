#include "parts/basin_volumes.hpp"

#include <cmath>
#include <string>

#include "hypnos/physics/dynamics/enumerated_basins.hpp"
#include "hypnos/physics/dynamics/sampled_basins.hpp"

namespace hypnos {

bool BasinVolumes::enumerated(int N) const { return basin_samples > 0 && N <= EnumeratedBasins::largest_size; }

BasinVolumes::Measured BasinVolumes::measured(Eigen::MatrixXd const& J, SpinStates const& fixed_points,
                                              Realization& realization, double until) const {
  if (basin_samples == 0) return {};
  if (enumerated(static_cast<int>(J.cols()))) {
    // by one member of the team, since it takes memory
    auto const made = realization.items()(1, [&](int) {
      auto const volumes = EnumeratedBasins(J, [&] { realization.poll(); }).volumes(fixed_points);
      return std::vector<double>(volumes.begin(), volumes.end());
    });
    Eigen::ArrayXd const volumes = Eigen::ArrayXd::Map(made[0].data(), fixed_points.count());
    return {volumes, Eigen::ArrayXd::Zero(volumes.size())};
  }
  SampledBasins sampling(J, fixed_points, basin_samples, realization.stream(stream));
  realization.complete(sampling, until);
  return {sampling.volumes(), sampling.errors()};
}

double BasinVolumes::cost(int N) const {
  if (basin_samples == 0) return 0;
  return enumerated(N) ? 250 * std::ldexp(1, N) : basin_samples * (3.0 * N * N + 1000);
}

Part<BasinVolumes, RandomPatterns> BasinVolumes::declaration() {
  using S = BasinVolumes;
  return {.parameters = {parameter("basin_samples", &S::basin_samples, "", {0, static_cast<double>(Rng::substreams)},
                                   "random states whose dynamics measures the basins, above N = " +
                                       std::to_string(EnumeratedBasins::largest_size) +
                                       "; of smaller networks all 2^N states are followed; 0: no basins are measured")},
          .streams = {stream},
          .cost = [](S const& s, RandomPatterns const& patterns) { return s.cost(patterns.N); }};
}

}  // namespace hypnos

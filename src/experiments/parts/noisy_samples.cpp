#include "parts/noisy_samples.hpp"

#include <cstdint>
#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

ConfigurationLaw NoisySamples::law(RandomPatterns const& patterns) const {
  return {samples, T, std::int64_t{sweeps} * patterns.N, f, std::int64_t{proposals} * patterns.N};
}

double NoisySamples::cost(RandomPatterns const& patterns) const {
  double const N = patterns.N, start = 2 * N * N;
  switch (samples) {
    case Configurations::fixed_points: return start + N * N / 4;
    case Configurations::kawasaki: return start + (T > 0 ? 100 * sweeps * N : 5 * N * N);
    case Configurations::saddles: break;
  }
  return start + (f < 0.1 ? proposals : 50) * N * N;
}

Part<NoisySamples, RandomPatterns> NoisySamples::declaration() {
  using S = NoisySamples;
  // a configuration is not interrupted
  constexpr std::int64_t most = 50'000'000;
  auto const limited = [](std::string const& name, int count, int N) {
    if (std::int64_t{count} * N > most)
      throw BadInput(name, name + " = " + std::to_string(count) + " for each of N = " + std::to_string(N) +
                               " neurons, but a configuration takes at most " + std::to_string(most) + " moves; give " +
                               name + "=" + std::to_string(most / N) + " or less");
  };
  return {
      .parameters =
          {parameter("samples", &S::samples,
                     {{Configurations::fixed_points,
                       {"fixed-points", "the dynamics at zero temperature from a random state of overlap 0+"}},
                      {Configurations::kawasaki,
                       {"kawasaki",
                        "exchanges of pairs at temperature T and constant overlap; at T = 0 minima "
                        "under exchanges"}},
                      {Configurations::saddles,
                       {"saddles", "a fraction f of the neurons is unstable, at constant overlap (Eq. D1)"}}},
                     "how training configurations are sampled; each begins at a random state whose overlap with a "
                     "pattern is the smallest above 0"),
           parameter("T", &S::T, "1", {0, 1e6}, "temperature of kawasaki, in units of the couplings", "T"),
           parameter("sweeps", &S::sweeps, "", {1, 1'000'000}, "proposed exchanges a neuron of kawasaki at T > 0"),
           parameter("f", &S::f, "1", {0, 1},
                     "fraction of unstable neurons of saddles; random states have 0.5, and fractions near 0 and 1 are "
                     "not reached",
                     "f"),
           parameter("proposals", &S::proposals, "", {1, 1'000'000},
                     "proposed exchanges a neuron after which the search for a saddle ends in any case")},
      .check =
          [limited](S const& s, RandomPatterns const& patterns) {
            if (s.samples == Configurations::kawasaki && s.T > 0) limited("sweeps", s.sweeps, patterns.N);
            if (s.samples == Configurations::saddles) limited("proposals", s.proposals, patterns.N);
          },
      .unused =
          [](S const& s) {
            std::vector<std::string> names;
            if (s.samples != Configurations::kawasaki) names = {"T", "sweeps"};
            else if (s.T == 0) names = {"sweeps"};
            if (s.samples != Configurations::saddles) names.insert(names.end(), {"f", "proposals"});
            return names;
          }};
}

}  // namespace hypnos

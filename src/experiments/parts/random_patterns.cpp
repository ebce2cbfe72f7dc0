#include "parts/random_patterns.hpp"

#include <cmath>
#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos {

int RandomPatterns::count() const { return static_cast<int>(std::lround(alpha * N)); }

Eigen::MatrixXd RandomPatterns::drawn(Realization const& realization) const {
  auto rng = realization.stream(streams::patterns);
  return random_patterns(count(), N, rng);
}

Part<RandomPatterns> RandomPatterns::declaration() {
  using S = RandomPatterns;
  return {.parameters = {parameter("N", &S::N, "", {2, Unlearning::most_neurons}, "neurons"),
                         parameter("alpha", &S::alpha, "1", {0, 10}, "load: round(alpha N) random patterns are stored",
                                   R"(\alpha)")},
          .streams = {streams::patterns},
          .check = [](S const& s) {
            if (s.count() < 1)
              throw BadInput("alpha", "alpha = " + format_number(s.alpha) +
                                          " makes round(alpha N) = 0 patterns of N = " + std::to_string(s.N) +
                                          " neurons; give alpha=" + format_number(1.0 / s.N) + " or more");
          }};
}

}  // namespace hypnos

#include "parts/random_patterns.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos {

int RandomPatterns::count() const { return P > 0 ? P : static_cast<int>(std::lround(alpha * N)); }

Eigen::MatrixXd RandomPatterns::drawn(Realization const& realization) const {
  auto rng = realization.stream(streams::patterns);
  return random_patterns(count(), N, rng);
}

namespace {

// S is RandomPatterns or derived from it, which pointers to members have to be told.
template <class S>
Part<S> declared() {
  return {.parameters = {parameter("N", static_cast<int S::*>(&S::N), "", {2, Unlearning::most_neurons}, "neurons"),
                         parameter("alpha", static_cast<double S::*>(&S::alpha), "1", {0, 10},
                                   "load: round(alpha N) random patterns are stored", R"(\alpha)")},
          .streams = {streams::patterns},
          .check = [](S const& s) {
            if (s.count() < 1)
              throw BadInput("alpha", "alpha = " + format_number(s.alpha) +
                                          " makes round(alpha N) = 0 patterns of N = " + std::to_string(s.N) +
                                          " neurons; give alpha=" + format_number(1.0 / s.N) + " or more");
          }};
}

}  // namespace

Part<RandomPatterns> RandomPatterns::declaration() { return declared<RandomPatterns>(); }

Part<NumberedPatterns> NumberedPatterns::declaration() {
  using S = NumberedPatterns;
  auto all = declared<S>();
  all.parameters.push_back(parameter("P", static_cast<int S::*>(&S::P), "", {0, 1'000'000},
                                     "number of random patterns; 0: round(alpha N), else alpha plays no part"));
  all.unused = [](S const& s) { return s.P > 0 ? std::vector<std::string>{"alpha"} : std::vector<std::string>{}; };
  return all;
}

}  // namespace hypnos

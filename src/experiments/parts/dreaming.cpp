#include "parts/dreaming.hpp"

#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "parts/integer_rate.hpp"
#include "parts/update_orders.hpp"

namespace hypnos {

Fraction Dreaming::rate() const { return integer_rate("epsilon", epsilon); }

Part<Dreaming, RandomPatterns> Dreaming::declaration() {
  using S = Dreaming;
  return {
      .parameters = {parameter("epsilon", &S::epsilon, "1", {1e-6, 1000},
                               "rate of unlearning: J changes by -(epsilon / N) S S^T for a dream S (J. Chem. Phys. "
                               "156, 104107, Eq. 8); a decimal or another fraction of whole numbers",
                               R"(\epsilon)"),
                     parameter("order", &S::order, update_orders(), "which neuron is updated next in a dream")},
      .streams = {streams::dreams},
      .check = [](S const& s, RandomPatterns const& patterns) {
        auto const rate = s.rate();
        if (std::int64_t{rate.q} * patterns.count() > Unlearning::largest_sum)
          throw BadInput("epsilon", "epsilon = " + format_number(s.epsilon) + " = " + std::to_string(rate.r) + "/" +
                                        std::to_string(rate.q) + " makes couplings of " +
                                        std::to_string(patterns.count()) +
                                        " patterns too large for 32 bits; give epsilon with fewer digits");
      }};
}

}  // namespace hypnos

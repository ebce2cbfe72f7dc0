#include "hypnos/physics/dynamics/saddles.hpp"

#include <cmath>
#include <stdexcept>

namespace hypnos {

Saddle descend_to_saddle(FixedOverlapState& state, double f, std::int64_t most_proposals, BufferedRandom& random) {
  if (!(f >= 0 && f <= 1)) throw std::domain_error("a fraction of unstable neurons lies in [0, 1]");
  if (most_proposals < 0) throw std::domain_error("a search for a saddle: a negative number of proposals");
  double const wanted = f * state.size();
  auto const distance = [&](int unstable) { return std::abs(unstable - wanted); };
  bool const pairs = !state.aligned().empty() && !state.opposite().empty();
  int unstable = state.state().unstable();
  for (std::int64_t proposals = 0;; ++proposals) {
    bool const reached = distance(unstable) <= 0.5;
    if (reached || !pairs || proposals == most_proposals) return {unstable, reached, proposals};
    auto const x = static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(state.aligned().size())));
    auto const y = static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(state.opposite().size())));
    int const after = state.unstable_after(state.aligned()[x], state.opposite()[y]);
    if (distance(after) > distance(unstable)) continue;
    state.exchange(x, y);
    unstable = after;
  }
}

}  // namespace hypnos

#include "parts/attractor_basins.hpp"

#include <limits>
#include <utility>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/retrieval_map.hpp"

namespace hypnos {

namespace {

// The dynamics from every pattern to its attractor: Relaxation::relax, pattern by pattern. A stage (stage.hpp).
class Settling {
 public:
  Settling(Eigen::MatrixXd const& J, SpinStates patterns, Order order, Rng const& stream, std::int64_t most_flips)
      : network_(J),
        patterns_(std::move(patterns)),
        order_(order),
        stream_(stream),
        most_flips_(most_flips),
        states_(patterns_.size()) {}

  bool done() const { return states_.count() == patterns_.count(); }
  double fraction() const { return static_cast<double>(states_.count()) / static_cast<double>(patterns_.count()); }

  void advance() {
    auto const mu = states_.count();
    auto trajectory = network_.start(patterns_.part(mu, 1)).front();
    BufferedRandom random(stream_.substream(static_cast<std::uint32_t>(mu)));
    if (!trajectory.relax(order_, random, most_flips_)) ++unsettled_;
    states_.append(trajectory.state());
  }

  template <class Archive>
  void archive(Archive& members) {
    members(states_, unsettled_);
  }

  SpinStates const& states() const { return states_; }
  int unsettled() const { return unsettled_; }

 private:
  Relaxation network_;
  SpinStates patterns_;
  Order order_;
  Rng stream_;
  std::int64_t most_flips_;
  SpinStates states_;
  int unsettled_ = 0;
};

}  // namespace

AttractorBasins::AttractorBasins() {
  m_f_1 = m_f_slope = plateau = basin_radius = unsettled = unconverged = std::numeric_limits<double>::quiet_NaN();
}

std::vector<Observed<AttractorBasins>> AttractorBasins::observables() {
  using O = AttractorBasins;
  return {
      observable("m_f_1", &O::m_f_1, {}, "1",
                 "mean overlap of a pattern with its attractor, the state where the dynamics from the pattern ends",
                 "m_f(1)"),
      observable(
          "m_f", &O::m_f, {"m_0"}, "1",
          "mean overlap with the attractor of a pattern where retrieval from overlap m_0 with it ends (Benedetti "
          "and Ventura, arXiv:2302.13417, App. C)",
          "m_f"),
      observable("m_f_slope", &O::m_f_slope, {}, "1", "d m_f / d m_0 at m_0 = 1 (Eq. C1): between the two largest m_0",
                 R"(\mathrm{d}m_f/\mathrm{d}m_0)"),
      observable("plateau", &O::plateau, {}, "1",
                 "1 if m_f_slope is below 1, the attractor has a basin (retrieval, Eq. C1), else 0"),
      observable("basin_radius", &O::basin_radius, {}, "1", "1 - m_0 where m_f falls below 0.98 (App. C)", "R"),
      observable("unsettled", &O::unsettled, {}, "1",
                 "patterns whose dynamics max_flips ended, so that the last state counts as the attractor"),
      observable("unconverged", &O::unconverged, {}, "1", "trajectories of the map that max_flips ended")};
}

AttractorBasins attractor_basins(RetrievalMaps const& maps, Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi,
                                 Realization& realization, double until, std::int64_t most_flips) {
  AttractorBasins found;
  SpinStates const patterns(xi);
  Settling settling(J, patterns, maps.retrieval_order, realization.stream(AttractorBasins::stream), most_flips);
  realization.complete(settling, maps.retrieval_points == 0 ? until : 0.9 * until);
  auto const& attractors = settling.states();
  found.unsettled = settling.unsettled();
  double sum = 0;
  for (Eigen::Index mu = 0; mu < patterns.count(); ++mu) sum += overlap(patterns[mu], attractors[mu]);
  found.m_f_1 = sum / static_cast<double>(patterns.count());
  if (maps.retrieval_points == 0) return found;
  auto const m_0 = maps.m_0();
  Retrieval retrieval(J, attractors, {m_0, maps.retrieval_trials, most_flips, maps.retrieval_order},
                      realization.stream(streams::retrieval));
  realization.complete(retrieval, until);
  auto const map = retrieval_map(retrieval, maps.tolerated_error);
  found.m_f = map.m_f;
  found.unconverged = map.unsettled;
  found.basin_radius = hypnos::basin_radius(m_0, map.m_f, enough_overlap);
  if (auto const points = map.m_f.size(); points > 1) {
    auto const rise = map.m_f(points - 1) - map.m_f(points - 2);
    found.m_f_slope = rise / (m_0.back() - m_0[m_0.size() - 2]);
    found.plateau = found.m_f_slope < 1 ? 1 : 0;
  }
  return found;
}

}  // namespace hypnos

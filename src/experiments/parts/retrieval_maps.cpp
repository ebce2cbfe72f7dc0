#include "parts/retrieval_maps.hpp"

#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/retrieval_map.hpp"
#include "parts/update_orders.hpp"

namespace hypnos {

std::vector<Observed<Retrieved>> Retrieved::observables() {
  using O = Retrieved;
  return {
      observable("m_f", &O::m_f, {"m_0"}, "1",
                 "mean overlap with the pattern where retrieval ends (m_f of Benedetti et al. 2022, Eq. 12)", "m_f"),
      observable("reconstructed", &O::reconstructed, {"m_0"}, "1",
                 "part of the trajectories that end with at most tolerated_error of the neurons wrong"),
      observable("basin_radius", &O::basin_radius, {}, "1",
                 "1 - m_0 where reconstructed falls below 0.7 (Benedetti et al. 2022, Sec. III)", "R"),
      observable("basin_radius_98", &O::basin_radius_98, {}, "1",
                 "1 - m_0 where m_f falls below 0.98 (Benedetti and Ventura, arXiv:2302.13417, App. C)", "R_{0.98}")};
}

Retrieved RetrievalMaps::measured(Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi, Realization& realization,
                                  double until, std::int64_t most_flips) const {
  if (retrieval_points == 0) return {};
  Retrieval retrieval(J, SpinStates(xi), {m_0(), retrieval_trials, most_flips, retrieval_order},
                      realization.stream(streams::retrieval));
  realization.complete(retrieval, until);
  auto const map = retrieval_map(retrieval, tolerated_error);
  return {map.m_f, map.reconstructed, hypnos::basin_radius(m_0(), map.reconstructed, enough_reconstructed),
          hypnos::basin_radius(m_0(), map.m_f, enough_overlap), map.unsettled};
}

double RetrievalMaps::cost(RandomPatterns const& patterns) const {
  double const N = patterns.N;
  return N * N / 4 * retrieval_points * retrieval_trials * patterns.count();
}

std::vector<double> RetrievalMaps::m_0() const { return initial_overlaps(retrieval_points); }

Part<RetrievalMaps, RandomPatterns> RetrievalMaps::declaration() {
  using S = RetrievalMaps;
  return {.parameters = {parameter("retrieval_points", &S::retrieval_points, "", {0, 1001},
                                   "number of initial overlaps m_0 from 0 to 1 of the retrieval maps; 0: no map"),
                         parameter("retrieval_trials", &S::retrieval_trials, "", {1, 1000},
                                   "trajectories from every pattern at every m_0"),
                         parameter("retrieval_order", &S::retrieval_order, update_orders(),
                                   "which neuron is updated next in retrieval; basins depend on it"),
                         parameter("tolerated_error", &S::tolerated_error, "1", {0, 1},
                                   "part of the neurons that may be wrong in a reconstructed pattern")},
          .axes = {{"m_0", "1", "overlap with the pattern where retrieval begins",
                    [](S const& s, RandomPatterns const&) { return s.m_0(); }, false, "m_0"}},
          .streams = {streams::retrieval},
          .check =
              [](S const& s, RandomPatterns const& patterns) {
                if (s.retrieval_points > 0 && 2.0 * s.retrieval_trials * patterns.count() > Rng::substreams)
                  throw BadInput("retrieval_trials", "retrieval_trials = " + std::to_string(s.retrieval_trials) +
                                                         " from each of " + std::to_string(patterns.count()) +
                                                         " patterns, but there are random numbers for " +
                                                         std::to_string(Rng::substreams / 2) +
                                                         " trajectories from every m_0; lower retrieval_trials");
              },
          .cost = [](S const& s, RandomPatterns const& patterns) { return s.cost(patterns); },
          .unused =
              [](S const& s) {
                return s.retrieval_points > 0
                           ? std::vector<std::string>{}
                           : std::vector<std::string>{"retrieval_trials", "retrieval_order", "tolerated_error"};
              }};
}

}  // namespace hypnos

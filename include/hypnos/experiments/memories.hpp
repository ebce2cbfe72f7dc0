#pragma once

#include <concepts>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/memories/unlearning.hpp"

// What experiments on the memories of a network have in common: random patterns, how they are retrieved, whether
// couplings are kept, how a network dreams. Parameters and Observables of an experiment are derived from these.
namespace hypnos {

struct Memories {
  int N = 100;
  double alpha = 0.3;

  int patterns() const;
  Eigen::MatrixXd xi(Realization const& realization) const;  ///< (P x N), the same in all experiments
  void check() const;                                        ///< at least one pattern
};

struct Retrieved {
  double basin_radius = std::numeric_limits<double>::quiet_NaN();
  Eigen::ArrayXd m_f, reconstructed;
  int unsettled = 0;
};

struct Retrieving {
  int retrieval_points = 21;
  int retrieval_trials = 5;
  double tolerated_error = 0.05;

  /// Nothing is measured with no points.
  Retrieved retrieved(Eigen::MatrixXd const& J, Eigen::MatrixXd const& xi, Realization const& realization,
                      std::int64_t most_flips = std::numeric_limits<std::int64_t>::max()) const;
  std::vector<double> m_0() const;
  void check(int patterns) const;  ///< there are random numbers for so many trajectories
};

struct Saving {
  int save_couplings = 0;
};

struct Dreaming {
  double epsilon = 0.01;
  Order order = Order::random_site;

  void check(int patterns) const;  ///< couplings are whole numbers of 32 bits
};

/// 0, 1, ..., count - 1: the coordinates of what is counted.
std::vector<double> counted(int count);

/// Parts of a table one after the other.
template <class Row, class... Parts>
std::vector<Row> rows(std::vector<Row> first, Parts... parts) {
  (std::move(parts.begin(), parts.end(), std::back_inserter(first)), ...);
  return first;
}

template <std::derived_from<Memories> P>
std::vector<Parameter<P>> memory_parameters(int fewest_neurons = 2) {
  return {parameter<P, int>("N", &P::N, "", {static_cast<double>(fewest_neurons), 16000}, "neurons"),
          parameter<P, double>("alpha", &P::alpha, "1", {0, 10}, "load: round(alpha N) random patterns are stored")};
}

template <std::derived_from<Dreaming> P>
std::vector<Parameter<P>> dream_parameters() {
  auto order = parameter<Dreaming, Order>(
      "order", &Dreaming::order,
      {{Order::random_site, {"random-site", "any unstable neuron with equal probability (Eq. 2)"}},
       {Order::sweep, {"sweep", "neurons 0, 1, ..., N-1 in turn, again and again"}}},
      "which neuron turns next in a dream");
  return {parameter<P, double>("epsilon", &P::epsilon, "1", {1e-6, 1000},
                               "rate of unlearning: J changes by -(epsilon / N) S S^T for a dream S (Eq. 8); a decimal "
                               "or another fraction of whole numbers"),
          {order.info, order.set}};
}

template <std::derived_from<Retrieving> P>
std::vector<Parameter<P>> retrieval_parameters() {
  return {parameter<P, int>("retrieval_points", &P::retrieval_points, "", {0, 1001},
                            "number of initial overlaps m_0 from 0 to 1 of the retrieval maps; 0: no map"),
          parameter<P, int>("retrieval_trials", &P::retrieval_trials, "", {1, 1000},
                            "trajectories from every pattern at every m_0"),
          parameter<P, double>("tolerated_error", &P::tolerated_error, "1", {0, 1},
                               "part of the neurons that may be wrong in a reconstructed pattern")};
}

template <std::derived_from<Saving> P>
std::vector<Parameter<P>> saving_parameters() {
  return {parameter<P, int>("save_couplings", &P::save_couplings, "", {0, 1}, "1: keep couplings and patterns")};
}

template <class P>
Axis<P> m_0_axis() {
  return {"m_0", "1", "overlap with the pattern where retrieval begins", [](P const& p) { return p.m_0(); }};
}

/// Of couplings and patterns, if they are kept.
template <class P>
std::vector<Axis<P>> saving_axes() {
  auto const kept = [](P const& p, int count) { return counted(p.save_couplings != 0 ? count : 0); };
  return {{"mu", "", "pattern", [kept](P const& p) { return kept(p, p.patterns()); }, true},
          {"i", "", "neuron", [kept](P const& p) { return kept(p, p.N); }, true},
          {"j", "", "neuron", [kept](P const& p) { return kept(p, p.N); }, true}};
}

template <std::derived_from<Retrieved> O>
std::vector<Observable<O>> retrieval_observables() {
  return {observable<O, Eigen::ArrayXd>(
              "m_f", &O::m_f, {"m_0"}, "1",
              "mean overlap with the pattern where retrieval ends (m_f of Benedetti et al. 2022, Eq. 12)"),
          observable<O, Eigen::ArrayXd>("reconstructed", &O::reconstructed, {"m_0"}, "1",
                                        "part of the trajectories that end with at most tolerated_error of the neurons "
                                        "wrong"),
          observable<O, double>("basin_radius", &O::basin_radius, {}, "1",
                                "1 - m_0 where reconstructed falls below 0.7 (Benedetti et al. 2022, Sec. III)")};
}

}  // namespace hypnos

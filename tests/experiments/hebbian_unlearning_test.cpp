#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/retrieval_map.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "settings.hpp"

namespace hypnos::hebbian_unlearning_test {

using Eigen::MatrixXd;

namespace {

Measured dreaming(std::string const& settings, std::uint32_t realization = 0) {
  return measured("hebbian-unlearning", settings, realization);
}

MatrixXd matrix(std::vector<double> const& values, int rows) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return RowMajor::Map(values.data(), rows, static_cast<Eigen::Index>(values.size()) / rows);
}

bool all_nan(std::vector<double> const& values) {
  return std::ranges::all_of(values, [](double value) { return std::isnan(value); });
}

void check_refused(std::string const& settings, std::string const& key, std::string const& words) {
  CAPTURE(settings);
  auto const& subject = experiment("hebbian-unlearning");
  try {
    subject.check(point(subject, settings));
    FAIL("accepted");
  } catch (BadInput const& error) {
    CHECK(error.key() == key);
    CHECK(std::string(error.what()).find(words) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("unlearning begins at Hebb's couplings of the patterns of this realization") {
  auto const found = dreaming("N=60 alpha=0.25 records=4 save_couplings=1 retrieval_points=0", 3);
  Rng rng(1, 3, streams::patterns);
  auto const xi = random_patterns(15, 60, rng);
  CHECK(matrix(found.at("xi"), 15) == xi);
  MatrixXd const hebb = hebbian_sums(xi) / 60;
  auto const range = range_of(stabilities(xi, hebb));
  // sums of 60 terms, here exact, there not
  CHECK(found.at("delta_min")[0] == doctest::Approx(range.min).epsilon(1e-13));
  CHECK(found.at("delta_av")[0] == doctest::Approx(range.av).epsilon(1e-13));
  CHECK(found.at("delta_max")[0] == doctest::Approx(range.max).epsilon(1e-13));
  CHECK(found.at("sigma_J")[0] == doctest::Approx(std::sqrt(pairs(hebb).array().square().mean())).epsilon(1e-13));
}

TEST_CASE("records are the network after the whole numbers of dreams next to their times, and leave no trace in it") {
  auto const coarse = dreaming("N=50 epsilon=0.03 records=3 retrieval_points=0");
  auto const fine = dreaming("N=50 epsilon=0.03 records=9 retrieval_points=0 glassy_states=2");
  Rng rng(1, 0, streams::patterns);
  Unlearning network(random_patterns(15, 50, rng), {3, 100}, {Order::random_site}, Rng(1, 0, streams::dreams));
  for (std::size_t k = 0; k < 4; ++k) {
    network.dream(static_cast<int>(std::lround(0.5 * 50 / 0.03 * static_cast<double>(k) / 3) - network.dreams()));
    for (auto const* const name : {"delta_min", "delta_av", "delta_max", "sigma_J"})
      CHECK(coarse.at(name)[k] == fine.at(name)[3 * k]);
    CHECK(coarse.at("delta_min")[k] == network.stabilities().minCoeff());
    CHECK(coarse.at("sigma_J")[k] == network.sigma_J());
  }
  CHECK(network.dreams() == 833);
}

TEST_CASE("memories become fixed points, and stop being such: D_in < D_top < D_fin") {
  for (std::uint32_t const realization : {0, 1, 2}) {
    auto const found = dreaming("N=100 alpha=0.3 retrieval_points=11 retrieval_trials=1", realization);
    double const in = found.at("dreams_in")[0], top = found.at("dreams_top")[0], fin = found.at("dreams_fin")[0];
    CHECK(0 < in);
    CHECK(in < top);
    CHECK(top < fin);
    CHECK(fin < 5000);
    // at the top all constraints are met, so retrieval that begins at a pattern stays there
    CHECK(found.at("delta_min_top")[0] > 0);
    CHECK(found.at("m_f_top").back() == 1);
    CHECK(found.at("reconstructed_top").back() == 1);
    // Hebb's rule alone holds 0.14 N patterns
    CHECK(found.at("m_f_hebb").back() < 0.9);
    CHECK(found.at("m_f_hebb").back() < found.at("m_f_in").back());
    for (auto const* const moment : {"in", "top", "fin"})
      CHECK(found.at(std::string("basin_radius_") + moment)[0] > 0.1);
    // couplings leave Hebb's as dreams go on
    CHECK(found.at("q_hebb_in")[0] > found.at("q_hebb_top")[0]);
    CHECK(found.at("q_hebb_top")[0] > found.at("q_hebb_fin")[0]);
  }
}

TEST_CASE("couplings at D_in, D_top and D_fin are those after as many dreams, to the bit") {
  auto const found = dreaming("N=70 epsilon=0.02 retrieval_points=0 save_couplings=1");
  Rng rng(1, 0, streams::patterns);
  auto const xi = random_patterns(21, 70, rng);
  Unlearning network(xi, {1, 50}, {Order::random_site}, Rng(1, 0, streams::dreams));
  for (std::string const moment : {"in", "top", "fin"}) {
    CAPTURE(moment);
    double const dreams = found.at("dreams_" + moment)[0];
    REQUIRE(std::isfinite(dreams));
    while (network.dreams() < std::lround(dreams)) {
      if (moment == "in") CHECK(network.stabilities().minCoeff() < 0);  // D_in is the first
      network.dream(1);
    }
    CHECK(matrix(found.at("J_" + moment), 70) == network.J());
    CHECK(found.at("delta_min_" + moment)[0] == network.stabilities().minCoeff());
    if (moment != "top") CHECK(found.at("delta_min_" + moment)[0] >= 0);
    // a factor between the couplings, and sums of 2415 terms
    CHECK(found.at("q_hebb_" + moment)[0] ==
          doctest::Approx(cosine(pairs(network.J()), pairs(hebbian_sums(xi)))).epsilon(1e-12));
  }
}

TEST_CASE(
    "D_in is before the first record with delta_min above zero, D_fin where it falls below zero, D_top where it is "
    "highest") {
  auto const found = dreaming("N=60 records=50 retrieval_points=0", 1);
  auto const& delta = found.at("delta_min");
  double const apart = 0.5 / 50 * 60 / 0.01;  // dreams between records
  auto const record = [&](std::string const& name) { return found.at(name)[0] / apart; };
  auto const before = static_cast<std::size_t>(record("dreams_in")),
             after = static_cast<std::size_t>(record("dreams_fin"));
  CHECK(
      std::ranges::all_of(delta.begin(), delta.begin() + static_cast<int>(before) + 1, [](double d) { return d < 0; }));
  CHECK(delta[after] >= 0);
  CHECK(std::ranges::all_of(delta.begin() + static_cast<int>(after) + 1, delta.end(), [](double d) { return d < 0; }));
  auto const highest = static_cast<double>(std::ranges::max_element(delta) - delta.begin());
  CHECK(std::abs(record("dreams_top") - highest) <= 5);  // 0.05 N / epsilon
}

TEST_CASE("perceptron overlaps are means over glassy states sampled at the record, by the kind of constraint") {
  constexpr int N = 60, P = 24, states = 20;
  auto const found = dreaming("N=60 alpha=0.4 duration=0.1 records=2 glassy_states=20 retrieval_points=0");
  Rng rng(1, 0, streams::patterns);
  auto const xi = random_patterns(P, N, rng);
  Unlearning network(xi, {1, 100}, {Order::random_site}, Rng(1, 0, streams::dreams));
  Rng const stream(1, 0, streams::glassy_states);
  for (std::uint32_t record = 0; record < 3; ++record) {
    CAPTURE(record);
    network.dream(static_cast<int>(300 * record - network.dreams()));
    MatrixXd const S = network.glassy_states(states, stream.substream(record)).signs(), delta = network.stabilities();
    double sat = 0, unsat = 0, min = 0, least = INFINITY, min_neuron = 0;
    int satisfied = 0, violated = 0, tied = 0, neurons = 0;
    for (int i = 0; i < N; ++i) {
      double min_of_i = 0, least_of_i = INFINITY;
      int tied_of_i = 0;
      // Constraints of one stability count alike.
      auto const keep = [](double stability, double omega, double& lowest, double& total, int& count) {
        if (stability < lowest) lowest = stability, total = 0, count = 0;
        if (stability == lowest) total += omega, ++count;
      };
      for (int mu = 0; mu < P; ++mu) {
        double omega = 0;
        for (int k = 0; k < states; ++k) omega += S(k, i) * S.row(k).dot(xi.row(mu)) * xi(mu, i) / N / states;
        if (delta(mu, i) < 0) {
          unsat += omega;
          ++violated;
          continue;
        }
        sat += omega;
        ++satisfied;
        keep(delta(mu, i), omega, least, min, tied);
        keep(delta(mu, i), omega, least_of_i, min_of_i, tied_of_i);
      }
      if (tied_of_i > 0) min_neuron += min_of_i / tied_of_i, ++neurons;
    }
    REQUIRE(satisfied > 0);
    REQUIRE(violated > 0);
    // sums of 10^4 terms of order 1e-2
    auto const near = [](double x) { return doctest::Approx(x).epsilon(1e-10); };
    CHECK(found.at("omega_sat")[record] == near(sat / satisfied));
    CHECK(found.at("omega_unsat")[record] == near(unsat / violated));
    CHECK(found.at("omega_min")[record] == near(min / tied));
    CHECK(found.at("omega_min_neuron")[record] == near(min_neuron / neurons));
  }
}

TEST_CASE("D_in and D_fin do not depend on how often one looks") {
  for (std::uint32_t const realization : {0, 1}) {
    auto const of = [&](std::string const& records) {
      return dreaming("N=80 alpha=0.4 duration=0.6 retrieval_points=0 save_couplings=1 records=" + records,
                      realization);
    };
    auto const coarse = of("20"), fine = of("200");
    REQUIRE(std::isfinite(fine.at("dreams_fin")[0]));
    for (auto const* const name :
         {"dreams_in", "dreams_fin", "delta_min_in", "delta_min_fin", "q_hebb_fin", "J_in", "J_fin"})
      CHECK(coarse.at(name) == fine.at(name));
    CHECK(fine.at("delta_min_fin")[0] >= 0);
  }
}

TEST_CASE("unlearning that is cut before its top has no top, and no network there") {
  auto const found = dreaming("N=100 alpha=0.3 duration=0.1 retrieval_points=3 retrieval_trials=1");
  for (auto const* const name : {"dreams_top", "delta_min_peak", "delta_min_top", "basin_radius_top"})
    CHECK(std::isnan(found.at(name)[0]));
  CHECK(found.at("m_f_top").empty());
}

TEST_CASE("thermal dreams say how far they still drift") {
  auto const found = dreaming("N=60 T=0.2 sweeps=4 records=10 retrieval_points=0");
  CHECK(std::isnan(found.at("energy_drift")[0]));  // no dreams yet
  for (std::size_t k = 1; k <= 10; ++k) CHECK(found.at("energy_drift")[k] < 0);
  CHECK(all_nan(dreaming("N=60 records=10 retrieval_points=0").at("energy_drift")));
}

TEST_CASE("the order of updates in retrieval is a parameter, and leaves the dreams as they are") {
  auto const of = [](std::string const& order) {
    return dreaming("N=60 retrieval_points=5 retrieval_trials=2" + order);
  };
  auto const preset = of(""), site = of(" retrieval_order=random-site"), sweep = of(" retrieval_order=random-sweep");
  CHECK(preset.at("m_f_in") == site.at("m_f_in"));
  CHECK(preset.at("m_f_in") != sweep.at("m_f_in"));
  CHECK(preset.at("delta_min") == sweep.at("delta_min"));
  // the definition of the map, in these couplings
  Rng rng(1, 0, streams::patterns);
  auto const xi = random_patterns(18, 60, rng);
  RetrievalStarts const starts{.m_0 = initial_overlaps(5), .trials = 2, .order = Order::random_sweep};
  auto const map = retrieval_map(
      completed(Retrieval(hebbian_sums(xi), SpinStates(xi), starts, Rng(1, 0, streams::retrieval))), 0.05);
  for (std::size_t k = 0; k < 5; ++k) CHECK(sweep.at("m_f_hebb")[k] == map.m_f(static_cast<Eigen::Index>(k)));
}

TEST_CASE("above the capacity there is a top, but no dream at which all memories are fixed points") {
  auto const found = dreaming("N=80 alpha=1.2 duration=1.6 retrieval_points=3 retrieval_trials=1 save_couplings=1");
  CHECK(std::isfinite(found.at("dreams_top")[0]));
  CHECK(found.at("delta_min_top")[0] < 0);
  CHECK(found.at("m_f_top").size() == 3);
  CHECK(found.at("J_top").size() == 6400);
  for (std::string const moment : {"in", "fin"}) {
    for (std::string const name : {"dreams_", "delta_min_", "q_hebb_", "basin_radius_"})
      CHECK(all_nan(found.at(name + moment)));
    for (std::string const name : {"m_f_", "reconstructed_", "J_"}) CHECK(found.at(name + moment).empty());
  }
}

TEST_CASE("a single pattern is held from the start, and every glassy state is that pattern or its opposite") {
  // N odd: no field vanishes as long as the couplings are a multiple of Hebb's; a dream takes epsilon of them.
  auto const found =
      dreaming("N=51 alpha=0.02 duration=0.015 epsilon=0.1 records=7 glassy_states=20 retrieval_points=2");
  CHECK(found.at("dreams_in")[0] == 0);
  CHECK(std::isnan(found.at("dreams_fin")[0]));  // not yet
  for (std::size_t k = 0; k < 8; ++k) {
    CHECK(found.at("delta_min")[k] == doctest::Approx(std::sqrt(50.)).epsilon(1e-14));
    CHECK(found.at("delta_max")[k] == doctest::Approx(std::sqrt(50.)).epsilon(1e-14));
    CHECK(found.at("omega_sat")[k] == 1);
    CHECK(found.at("omega_min")[k] == 1);
  }
  CHECK(all_nan(found.at("omega_unsat")));
  CHECK(found.at("q_hebb_in")[0] == doctest::Approx(1).epsilon(1e-14));
  CHECK(found.at("m_f_hebb").back() == 1);
}

TEST_CASE("what was not asked for is not measured") {
  auto const found = dreaming("N=30 retrieval_points=0");
  for (auto const* const name : {"omega_sat", "omega_unsat", "omega_min", "omega_min_neuron", "m_f_hebb", "m_f_top",
                                 "reconstructed_top", "xi", "J_in", "J_top", "J_fin"})
    CHECK(found.at(name).empty());
  CHECK(all_nan(found.at("basin_radius_top")));
}

TEST_CASE("the order of updates in a dream is a parameter, and changes the dreams") {
  auto const of = [](std::string const& order) { return dreaming("N=40" + order).at("delta_min"); };
  CHECK(of(" order=sweep") != of(""));
  CHECK(of(" order=random-sweep") != of(""));
  CHECK(of(" order=random-sweep") != of(" order=sweep"));
}

TEST_CASE("in the cold thermal dreams stabilize patterns as fixed points do, at high temperature nothing is unlearnt") {
  auto const cold = dreaming("N=100 alpha=0.3 T=0.001 sweeps=30 retrieval_points=0");
  auto const fixed = dreaming("N=100 alpha=0.3 order=sweep retrieval_points=0");
  // The same law of dreams but for the visits; D_in of single samples of this size spreads by some 10 %.
  CHECK(std::isfinite(cold.at("dreams_in")[0]));
  CHECK(std::abs(cold.at("dreams_in")[0] / fixed.at("dreams_in")[0] - 1) < 0.5);
  // Dreams without correlations, 5000 of them: each coupling walks by sqrt(5000) epsilon / N = 0.007, against 0.055 of
  // Hebb.
  auto const hot = dreaming("N=100 alpha=0.3 T=100 sweeps=2 retrieval_points=0");
  CHECK(std::abs(hot.at("sigma_J").back() / hot.at("sigma_J").front() - 1) < 0.1);
}

TEST_CASE("parameters of unlearning that make no sense together are refused") {
  check_refused("N=100 alpha=0.004", "alpha", "0 patterns");
  check_refused("epsilon=0.0123456789", "epsilon", "fraction");
  check_refused("N=16000 epsilon=0.000001", "epsilon", "32 bits");
  check_refused("N=1000 T=0.5 sweeps=5000", "sweeps", "at most 4194");
  check_refused("N=10 epsilon=1 duration=2 records=21", "records", "20 dreams");
  check_refused("N=1000 epsilon=0.0001 duration=100", "duration", "8 GiB");
  auto const& subject = experiment("hebbian-unlearning");
  CHECK_NOTHROW(subject.check(point(subject, "N=100 alpha=0.005")));
  CHECK_NOTHROW(subject.check(point(subject, "N=10 epsilon=1 duration=2 records=20")));
}

}  // namespace hypnos::hebbian_unlearning_test

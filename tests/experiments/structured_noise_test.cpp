#include <doctest/doctest.h>

#include <cmath>
#include <optional>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/retrieval_map.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/memories/structured_training.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "measured_matrix.hpp"

namespace hypnos::structured_noise_test {

using Eigen::MatrixXd;

namespace {

constexpr char const* name = "structured-noise";
constexpr Stream training("structured-noise/training"), sampled("structured-noise/measured");

}  // namespace

TEST_CASE("structured-noise: observables are those of the couplings along training, for every law") {
  constexpr int N = 50, P = 9;
  constexpr std::uint32_t realization = 4;
  // 0, round(800 / 3), round(1600 / 3), 800
  std::vector<std::int64_t> const steps{0, 267, 533, 800};
  Rng of_patterns(1, realization, streams::patterns);
  auto const xi = random_patterns(P, N, of_patterns);
  struct Case {
    char const* settings;
    ConfigurationLaw law;
  };
  for (auto const& [settings, law] :
       {Case{"samples=fixed-points", {Configurations::fixed_points}},
        Case{"samples=kawasaki T=0.6 sweeps=3", {Configurations::kawasaki, 0.6, std::int64_t{3} * N}},
        Case{"samples=kawasaki T=0", {Configurations::kawasaki, 0}},
        Case{"samples=saddles f=0.1 proposals=4", {Configurations::saddles, 0, 0, 0.1, std::int64_t{4} * N}}}) {
    CAPTURE(std::string(settings));
    auto const found = measured(name,
                                std::string("N=50 alpha=0.18 lambda=0.03 steps=800 records=3 configurations=4 "
                                            "save_couplings=1 retrieval_points=6 retrieval_trials=3 "
                                            "tolerated_error=0.1 ") +
                                    settings,
                                realization);
    CHECK(matrix(found, "xi", P, N) == xi);
    auto const run = completed(
        StructuredTraining(xi, {3, 100}, law, {steps, 4}, Rng(1, realization, training), Rng(1, realization, sampled)));
    auto const J = matrix(found, "J", N, N);
    CHECK(J == run.J());
    auto const same = [&](std::string const& of, Eigen::ArrayXd const& expected) {
      CAPTURE(of);
      auto const& values = found.at(of);
      REQUIRE(values.size() == steps.size());
      for (std::size_t k = 0; k < values.size(); ++k) check_close(values[k], expected(static_cast<Eigen::Index>(k)), 0);
    };
    same("omega_emp_0", run.omega_emp_0());
    same("pearson", run.pearson());
    same("Omega_emp_0", run.Omega_emp_0());
    same("sigma_J", run.sigma());
    same("delta_min", run.delta_min());
    same("delta_av", run.delta_av());
    // the last record is of the couplings that are stored
    constexpr double rounding = 1e-11;
    MatrixXd const delta = stabilities(xi, J);
    check_close(found.at("delta_min")[3], delta.minCoeff(), rounding);
    check_close(found.at("delta_av")[3], delta.mean(), rounding);
    check_close(found.at("sigma_J")[3], (J.rowwise().norm() / std::sqrt(N)).mean(), rounding);
    // and the first one of Hebb's
    check_close(found.at("delta_min")[0], stabilities(xi, hebbian_sums(xi)).minCoeff(), rounding);
    CHECK(number(found, "unreached") == static_cast<double>(run.unreached()));
    CHECK((number(found, "unreached") > 0) == (law.kind == Configurations::saddles));
    // the axis is steps x lambda / N
    auto const& subject = experiment(name);
    auto const where = point(subject, "N=50 alpha=0.18 lambda=0.03 steps=800 records=3");
    auto const times = subject.coordinates(where, subject.axis_index("time"));
    REQUIRE(times.size() == steps.size());
    for (std::size_t k = 0; k < times.size(); ++k)
      CHECK(times[k] == doctest::Approx(static_cast<double>(steps[k]) * 0.03 / 50));

    Unlearning network(xi, {3, 100}, {}, Rng(1, realization, streams::dreams));
    network.dream(800);
    CHECK(matrix(found, "J_unlearning", N, N) == network.J());
    check_close(number(found, "couplings_correlation"), pearson(pairs(J), pairs(network.J())), 1e-12);

    REQUIRE(run.classified_at());
    CHECK(number(found, "steps_to_classification") == static_cast<double>(*run.classified_at()));
    auto const m_0 = initial_overlaps(6);
    auto const map = retrieval_map(run.J_classified(), xi, m_0, 3, 0.1, Rng(1, realization, streams::retrieval));
    for (std::size_t k = 0; k < 6; ++k) {
      CHECK(found.at("m_f")[k] == map.m_f(static_cast<Eigen::Index>(k)));
      CHECK(found.at("reconstructed")[k] == map.reconstructed(static_cast<Eigen::Index>(k)));
    }
    CHECK(found.at("m_f")[5] == 1);
    CHECK(number(found, "basin_radius") == basin_radius(m_0, map.reconstructed, 0.7));
    CHECK(number(found, "basin_radius_98") == basin_radius(m_0, map.m_f, 0.98));
  }
}

TEST_CASE("structured-noise: without classification, unlearning or maps there is nothing to measure") {
  auto const found = measured(name, "N=60 alpha=0.9 steps=20 records=1 unlearning=0 save_couplings=1");
  for (auto const* of : {"steps_to_classification", "couplings_correlation", "m_f", "reconstructed", "basin_radius",
                         "basin_radius_98", "J_unlearning"})
    CHECK(unknown(found, of));
  auto const bare = measured(name, "N=40 alpha=0.1 steps=2000 records=1 retrieval_points=0");
  CHECK_FALSE(unknown(bare, "steps_to_classification"));
  for (auto const* of : {"m_f", "basin_radius", "J", "J_unlearning", "xi"}) CHECK(unknown(bare, of));
}

TEST_CASE("structured-noise: fixed points classify where unlearning does, with couplings like those of unlearning") {
  auto const found = measured(name, "N=100 alpha=0.3 lambda=0.01 steps=1500 records=1 retrieval_points=11");
  auto const unlearnt = measured("hebbian-unlearning", "N=100 alpha=0.3 epsilon=0.01 retrieval_points=0");
  double const steps = number(found, "steps_to_classification"), dreams = number(unlearnt, "dreams_in");
  REQUIRE(std::isfinite(steps));
  // 987 and 970 for the same patterns
  CHECK(steps == doctest::Approx(dreams).epsilon(0.2));
  CHECK(number(found, "couplings_correlation") > 0.8);
  CHECK(found.at("delta_min")[0] < 0);
  CHECK(found.at("omega_emp_0")[0] < 0);
  CHECK(number(found, "basin_radius_98") > 0.1);
}

TEST_CASE("structured-noise: what has no effect, and what is refused") {
  CHECK(unused(name, "") == std::vector<std::string>{"T", "f", "proposals", "sweeps"});
  CHECK(unused(name, "samples=saddles retrieval_points=0") ==
        std::vector<std::string>{"T", "retrieval_order", "retrieval_trials", "sweeps", "tolerated_error"});
  check_refused(name, "lambda=0.0123456789", "lambda", {"0.0123456789", "denominator up to", "fewer digits"});
  check_refused(name, "lambda=0.000001 N=300", "lambda", {"1e-06 = 1/1000000", "90 patterns", "32 bits", "smaller"});
  check_refused(name, "lambda=999.999 N=200", "lambda", {"999999/1000", "32 bits", "smaller numbers"});
  check_refused(name, "N=1000 samples=kawasaki sweeps=50001", "sweeps", {"50001", "sweeps=50000 or less"});
  check_refused(name, "alpha=0.001", "alpha", {"0 patterns"});
  // what is just accepted runs
  for (std::string const settings : {"lambda=0.000001 N=40", "lambda=0.00001 N=200", "lambda=1000 N=50"}) {
    CAPTURE(settings);
    CHECK_NOTHROW(measured(name, settings + " steps=1 records=1 retrieval_points=0"));
  }
}

}  // namespace hypnos::structured_noise_test

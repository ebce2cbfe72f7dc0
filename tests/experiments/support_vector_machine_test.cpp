#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/base/error.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/theory/gardner.hpp"
#include "settings.hpp"

namespace hypnos::support_vector_machine_test {

TEST_CASE("a support vector machine proves its margins and brings its patterns back") {
  auto const found = measured("support-vector-machine", "N=60 alpha=0.3 save_couplings=1 retrieval_points=5");
  CHECK(found.at("unheld").at(0) == 0);
  CHECK(found.at("kkt_gap").at(0) < 1e-5 * 3);  // margins are below 3
  auto const& margin = found.at("margin");
  REQUIRE(margin.size() == 60);
  CHECK(found.at("margin_min").at(0) == *std::ranges::min_element(margin));
  Eigen::MatrixXd const J = Eigen::MatrixXd::Map(found.at("J").data(), 60, 60).transpose();
  Eigen::MatrixXd const xi = Eigen::MatrixXd::Map(found.at("xi").data(), 60, 18).transpose();
  auto const delta = stabilities(xi, J);
  for (int i = 0; i < 60; ++i)  // sums of 60 roundings
    CHECK(delta.col(i).minCoeff() == doctest::Approx(margin[static_cast<std::size_t>(i)]).epsilon(1e-12));
  CHECK(found.at("m_f").at(4) == 1);
  CHECK(found.at("reconstructed").at(4) == 1);
  // from m_0 = 0 seven of ten patterns are never reached; 18 patterns in 60 neurons come back from a little damage
  CHECK(found.at("basin_radius").at(0) > 0);
  CHECK(found.at("basin_radius").at(0) < 1);
}

TEST_CASE("support-vector-machine: observables are those of the couplings and of the margins") {
  // at 2.2 patterns per neuron some neurons cannot store all of them
  constexpr int N = 20, P = 44;
  auto const found = measured("support-vector-machine", "N=20 alpha=2.2 save_couplings=1 retrieval_points=0");
  auto const& margin = found.at("margin");
  Eigen::MatrixXd const J = Eigen::MatrixXd::Map(found.at("J").data(), N, N).transpose();
  Eigen::MatrixXd const xi = Eigen::MatrixXd::Map(found.at("xi").data(), N, P).transpose();
  int empty_rows = 0;
  double sum = 0;
  for (int i = 0; i < N; ++i) {
    empty_rows += (J.row(i).array() == 0).all() ? 1 : 0;
    sum += margin[static_cast<std::size_t>(i)];
  }
  REQUIRE(empty_rows > 0);
  REQUIRE(empty_rows < N);
  CHECK(found.at("unheld").at(0) == empty_rows);
  // sums of 20 and of 400 roundings
  CHECK(found.at("margin_av").at(0) == doctest::Approx(sum / N).epsilon(1e-12));
  CHECK(found.at("asymmetry").at(0) ==
        doctest::Approx((J - J.transpose()).norm() / (J + J.transpose()).norm()).epsilon(1e-12));
  auto const machine = support_vector_machine(xi, 1e-5, 20000);
  CHECK(found.at("kkt_gap").at(0) == (machine.bound - machine.margin).maxCoeff());
  CHECK(found.at("kkt_gap").at(0) > (machine.bound - machine.margin).minCoeff());
  CHECK(found.at("iterations").at(0) == machine.iterations);
}

TEST_CASE("support-vector-machine: the distribution of stabilities, measured and in theory") {
  auto const found =
      measured("support-vector-machine", "N=30 alpha=0.4 save_couplings=1 retrieval_points=0 delta_width=0.5");
  Eigen::MatrixXd const J = Eigen::MatrixXd::Map(found.at("J").data(), 30, 30).transpose();
  Eigen::MatrixXd const xi = Eigen::MatrixXd::Map(found.at("xi").data(), 30, 12).transpose();
  auto const delta = stabilities(xi, J);
  auto const &histogram = found.at("delta_histogram"), &theory = found.at("delta_density_theory");
  REQUIRE(histogram.size() == 32);  // from -6 to 10
  REQUIRE(theory.size() == 32);
  double const k = gardner_k(0.4);
  double whole = 0;
  for (int bin = 0; bin < 32; ++bin) {
    CAPTURE(bin);
    double const low = -6 + 0.5 * bin;
    auto const inside = (delta.array() >= low && delta.array() < low + 0.5).count();
    CHECK(histogram[static_cast<std::size_t>(bin)] == doctest::Approx(static_cast<double>(inside) / (360 * 0.5)));
    // nothing below k, its weight in the bin of k, a normal density above
    auto const Phi = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2)); };
    double const expected =
        (std::max(Phi(low + 0.5), Phi(k)) - std::max(Phi(low), Phi(k))) + (low <= k && k < low + 0.5 ? Phi(k) : 0);
    CHECK(theory[static_cast<std::size_t>(bin)] * 0.5 == doctest::Approx(expected).epsilon(1e-9));
    whole += theory[static_cast<std::size_t>(bin)] * 0.5;
  }
  CHECK(whole == doctest::Approx(1));
}

TEST_CASE("no patterns, and no maps") {
  CHECK_THROWS_AS(measured("support-vector-machine", "N=10 alpha=0.04"), BadInput);
  auto const found = measured("support-vector-machine", "N=20 retrieval_points=0");
  CHECK(found.at("m_f").empty());
  CHECK(std::isnan(found.at("basin_radius").at(0)));
  CHECK(found.at("J").empty());
}

}  // namespace hypnos::support_vector_machine_test

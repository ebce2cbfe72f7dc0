#include <doctest/doctest.h>

#include <cmath>

#include "hypnos/base/error.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/theory/gardner.hpp"
#include "settings.hpp"

using namespace hypnos;

TEST_CASE("a support vector machine proves its margins and brings its patterns back") {
  auto const found = measured("support-vector-machine", "N=60 alpha=0.3 save_couplings=1 retrieval_points=5");
  CHECK(found.at("inseparable").at(0) == 0);
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

TEST_CASE("no patterns, and no maps") {
  CHECK_THROWS_AS(measured("support-vector-machine", "N=10 alpha=0.04"), BadInput);
  auto const found = measured("support-vector-machine", "N=20 retrieval_points=0");
  CHECK(found.at("m_f").empty());
  CHECK(std::isnan(found.at("basin_radius").at(0)));
  CHECK(found.at("J").empty());
}

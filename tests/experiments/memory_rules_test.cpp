#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/pseudo_likelihood.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "settings.hpp"

namespace hypnos::memory_rules_test {

using Eigen::MatrixXd;

namespace {

MatrixXd matrix(Measured const& found, std::string const& name, int rows, int columns) {
  REQUIRE(found.at(name).size() == static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  return MatrixXd::Map(found.at(name).data(), columns, rows).transpose();
}

}  // namespace

TEST_CASE("memory-rules: observables are those of the couplings, for every rule") {
  constexpr int N = 30, P = 12;
  for (std::string const rule : {"hebb", "pseudo-inverse", "pseudo-likelihood"}) {
    CAPTURE(rule);
    auto const found =
        measured("memory-rules", "N=30 alpha=0.4 Lambda=3 save_couplings=1 retrieval_points=3 rule=" + rule);
    auto const J = matrix(found, "J", N, N), xi = matrix(found, "xi", P, N);
    auto const delta = stabilities(xi, J);
    auto const number = [&](std::string const& name) { return found.at(name).at(0); };
    constexpr double rounding = 1e-10;  // sums of 30 to 900 roundings
    CHECK(number("delta_min") == doctest::Approx(delta.minCoeff()).epsilon(rounding));
    CHECK(number("delta_av") == doctest::Approx(delta.mean()).epsilon(rounding));
    CHECK(number("delta_max") == doctest::Approx(delta.maxCoeff()).epsilon(rounding));
    double squares = 0;
    for (int i = 0; i < N; ++i)
      for (int j = 0; j < N; ++j)
        if (i != j) squares += J(i, j) * J(i, j);
    CHECK(number("sigma_J") == doctest::Approx(std::sqrt(squares / (N * (N - 1)))).epsilon(rounding));
    CHECK(J.diagonal().isZero(0));
    CHECK(number("unconverged") == 0);
    auto const &histogram = found.at("delta_histogram"), &theory = found.at("delta_density_theory");
    REQUIRE(histogram.size() == 160);  // from -6 to 10
    for (std::size_t bin = 0; bin < 160; ++bin) {
      double const low = -6 + 0.1 * static_cast<double>(bin);
      auto const inside = (delta.array() >= low && delta.array() < low + 0.1).count();
      CHECK(std::abs(histogram[bin] - static_cast<double>(inside) / (P * N * 0.1)) <=
            1 / (P * N * 0.1));  // one at an edge
    }
    CHECK(std::abs(std::reduce(histogram.begin(), histogram.end()) * 0.1 - 1) < 1e-9);
    if (rule != "pseudo-likelihood") {
      // the mean of the density in the bins, each at its centre
      double sum = 0, first = 0;
      for (std::size_t bin = 0; bin < theory.size(); ++bin) {
        sum += theory[bin] * 0.1;
        first += theory[bin] * 0.1 * (-6 + 0.1 * (static_cast<double>(bin) + 0.5));
      }
      CHECK(sum == doctest::Approx(1).epsilon(1e-6));
      CHECK(first == doctest::Approx(number("delta_av_theory")).epsilon(1e-2));
    } else {
      CHECK(theory.empty());
    }
    CHECK(found.at("m_f").at(2) <= 1);
    auto const& spectrum = found.at("spectrum");
    if (rule == "pseudo-likelihood") {
      CHECK(spectrum.empty());
      CHECK(number("asymmetry") == doctest::Approx((J - J.transpose()).norm() / (J + J.transpose()).norm()));
      CHECK(number("asymmetry") > 0.01);
      CHECK(std::isnan(number("delta_av_theory")));
      auto const learnt = pseudo_likelihood(xi, 3, 1e-6, 20000);
      CHECK(J == learnt.J);
      CHECK(number("gap") == learnt.gap.maxCoeff());
      CHECK(number("iterations") == learnt.iterations);
      continue;
    }
    CHECK(number("asymmetry") == 0);
    CHECK(std::isnan(number("gap")));
    // the trace and that of the square
    REQUIRE(spectrum.size() == N);
    CHECK(std::ranges::is_sorted(spectrum));
    CHECK(std::abs(std::reduce(spectrum.begin(), spectrum.end())) < 1e-12 * N);
    CHECK(std::transform_reduce(spectrum.begin(), spectrum.end(), spectrum.begin(), 0.0) ==
          doctest::Approx(squares).epsilon(rounding));
    if (rule == "hebb") {
      CHECK((J - hebbian_sums(xi) / N).isZero(1e-15));
      CHECK(number("delta_av_theory") == doctest::Approx(1 / std::sqrt(0.4)));
    } else {
      CHECK((xi * J).cwiseQuotient(xi).isApprox(MatrixXd::Ones(P, 1) * (xi * J).cwiseQuotient(xi).row(0), rounding));
      CHECK(number("delta_av_theory") == doctest::Approx(std::sqrt(0.6 / 0.4)));
    }
  }
}

TEST_CASE("memory-rules: long rows of pseudo-likelihood have the margins of the support vector machine") {
  auto const found = measured("memory-rules",
                              "N=100 alpha=0.5 rule=pseudo-likelihood Lambda=1000 save_couplings=1 retrieval_points=0");
  auto const J = matrix(found, "J", 100, 100), xi = matrix(found, "xi", 50, 100);
  Eigen::ArrayXd const margin = stabilities(xi, J).colwise().minCoeff().transpose();
  CHECK(margin.mean() == doctest::Approx(support_vector_machine(xi, 1e-6, 100'000).margin.mean()).epsilon(0.01));
}

TEST_CASE("memory-rules: the pseudo-inverse of as many independent patterns as neurons has no couplings") {
  auto const found = measured("memory-rules", "N=20 alpha=3 rule=pseudo-inverse save_couplings=1 retrieval_points=3");
  CHECK(matrix(found, "J", 20, 20).isZero(0));
  CHECK(found.at("sigma_J").at(0) == 0);
  for (auto const* name : {"delta_min", "delta_av", "asymmetry", "basin_radius", "delta_av_theory"})
    CHECK(std::isnan(found.at(name).at(0)));
}

}  // namespace hypnos::memory_rules_test

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/enumerated_basins.hpp"
#include "hypnos/physics/dynamics/plain_local_minima.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "measured_matrix.hpp"

namespace hypnos::classification_test {

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr char const* name = "classification";

MatrixXd patterns(int P, int N) {
  Rng rng(1, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// All observables of the end again, from the couplings that were stored. They are integers times unit().
void check_end(Measured const& found, int P, int N, double denominator) {
  auto const xi = matrix(found, "xi", P, N), J = matrix(found, "J", N, N);
  CHECK(xi == patterns(P, N));
  // to integers, so that fields vanish exactly
  MatrixXd const K = (denominator * J).array().round();
  CHECK((K / denominator - J).cwiseAbs().maxCoeff() <= 1e-15 * J.cwiseAbs().maxCoeff());
  auto const fixed_points = plain_local_minima(K, false);
  CHECK(number(found, "enumerated") == static_cast<double>(fixed_points.count()));
  CHECK(found.at("minima").back() == static_cast<double>(fixed_points.count()));
  int known = 0;
  for (Eigen::Index k = 0; k < fixed_points.count(); ++k) {
    VectorXd const s = fixed_points.signs(k, 1).row(0);
    known += ((xi * s).array().abs() == N).any() ? 1 : 0;
  }
  CHECK(number(found, "spurious") == static_cast<double>(fixed_points.count() - known));
  MatrixXd const s = fixed_points.signs(), difference = s.transpose() * s / static_cast<double>(fixed_points.count()) -
                                                        xi.transpose() * xi / static_cast<double>(P);
  check_close(found.at("distance").back(), difference.cwiseAbs().maxCoeff(), 1e-13);
  CHECK(number(found, "matched") == (difference.cwiseAbs().maxCoeff() < 1e-12 ? 1 : 0));
  CHECK(number(found, "converged") == (known == 2 * P && fixed_points.count() == known ? 1 : 0));
  int stable = 0;
  double least = 1e300;
  for (int mu = 0; mu < P; ++mu) {
    double smallest = 1e300;
    for (int i = 0; i < N; ++i) smallest = std::min(smallest, xi(mu, i) * J.row(i).dot(xi.row(mu)) / J.row(i).norm());
    stable += smallest >= 0 ? 1 : 0;
    least = std::min(least, smallest);
  }
  CHECK(number(found, "stable_patterns") == stable);
  check_close(number(found, "delta_min"), least, 1e-12);
  check_close(number(found, "missed"), 0, 0);

  EnumeratedBasins const basins(K);
  auto const volumes = basins.volumes(fixed_points);
  auto const& of_classes = found.at("basin_volume");
  REQUIRE(of_classes.size() == static_cast<std::size_t>(P));
  for (int mu = 0; mu < P; ++mu) {
    double sum = 0;
    for (Eigen::Index k = 0; k < fixed_points.count(); ++k)
      if (std::abs(fixed_points.signs(k, 1).row(0).dot(xi.row(mu))) == N) sum += volumes(k);
    check_close(of_classes[static_cast<std::size_t>(mu)], sum, 1e-13);
  }
  if (number(found, "converged") == 0) {
    CHECK(unknown(found, "pieces"));
    CHECK(unknown(found, "connected"));
    return;
  }
  auto const regions = basins.regions(SpinStates(xi));
  double connected = 0;
  for (std::size_t mu = 0; mu < regions.size(); ++mu) {
    CHECK(found.at("pieces")[mu] == regions[mu].pieces);
    CHECK(found.at("largest_piece")[mu] == regions[mu].largest);
    connected += regions[mu].pieces == 1 ? 1. / P : 0;
  }
  check_close(number(found, "connected"), connected, 1e-13);
}

}  // namespace

TEST_CASE("classification: observables are those of all states") {
  // J = unit K, unit = 1 / (q N P 2^k) with k = 40 at these sizes
  for (auto const* const start : {"hebb", "zero"}) {
    CAPTURE(start);
    auto const learnt = measured(name, std::string("N=12 P=5 save_couplings=true records=8 init=") + start);
    check_end(learnt, 5, 12, 12. * 5 * 0x1p40);
  }
  // too many patterns, and no time
  auto const unlearnt = measured(name, "N=12 P=14 lambda=0.5 max_steps=40 records=3 save_couplings=true");
  CHECK(number(unlearnt, "converged") == 0);
  CHECK(number(unlearnt, "steps") == 40);
  check_end(unlearnt, 14, 12, 2. * 12 * 14 * 0x1p40);
}

TEST_CASE("classification: couplings are in units of Hebb's, J = W with one pattern") {
  auto const found = measured(name, "N=12 P=1 save_couplings=true max_steps=5 records=2");
  auto const xi = matrix(found, "xi", 1, 12), J = matrix(found, "J", 12, 12);
  MatrixXd W = xi.transpose() * xi;
  W.diagonal().setZero();
  CHECK((J - W).cwiseAbs().maxCoeff() < 1e-15);
  CHECK(number(found, "steps") == 0);
}

TEST_CASE("classification: samples miss fixed points, all of them together none") {
  std::string const settings = "N=30 P=12 max_steps=1 records=1 basin_samples=0 ";
  auto const all = measured(name, settings), few = measured(name, settings + "method=sampled samples=20");
  CHECK(number(all, "missed") == 0);
  CHECK(few.at("minima")[0] < all.at("minima")[0]);
  // so many ends of 20 were reached once
  double const alone = 20 * number(few, "missed");
  CHECK(alone > 0);
  CHECK(alone <= 20);
  CHECK(std::abs(alone - std::round(alone)) < 1e-12);
}

TEST_CASE("classification: C = W does not say that the patterns are the fixed points") {
  // as many fixed points as patterns and opposites, with the same moments, but not the same ones
  auto const found = measured(name, "N=12 P=11 basin_samples=0 max_steps=3000 records=2", 10);
  CHECK(number(found, "matched") == 1);
  CHECK(number(found, "converged") == 0);
  CHECK(number(found, "enumerated") == 22);
  CHECK(number(found, "spurious") > 0);
  CHECK(number(found, "stable_patterns") == 11 - number(found, "spurious") / 2);
}

TEST_CASE("classification: a pattern with a field of zero is a fixed point") {
  // One neuron has no couplings: xi_1 = xi_2 there and xi_1 = -xi_2 elsewhere, or the other way round.
  auto const found = measured(name, "N=4 P=2 basin_samples=0 max_steps=5 records=2");
  auto const xi = patterns(2, 4);
  REQUIRE(std::abs(xi.row(0).dot(xi.row(1))) == 2);
  CHECK(number(found, "stable_patterns") == 2);
  CHECK(number(found, "delta_min") == 0);
  CHECK(number(found, "converged") == 1);
}

TEST_CASE("classification: the axis of steps begins at 0, rises, and ends at max_steps") {
  for (auto const* const settings : {"max_steps=1 records=1", "max_steps=5 records=5", "max_steps=7 records=4",
                                     "max_steps=100 records=40", "max_steps=10000 records=40"}) {
    CAPTURE(settings);
    auto const& subject = experiment(name);
    auto const values = point(subject, settings);
    auto const steps = subject.coordinates(values, 0);
    CHECK(steps.front() == 0);
    CHECK(std::ranges::adjacent_find(steps, std::greater_equal()) == steps.end());
    CHECK(steps.size() == 1 + static_cast<std::size_t>(
                                  std::stoi(std::string(settings).substr(std::string(settings).find("records=") + 8))));
    CHECK(steps.back() <= std::stod(std::string(settings).substr(10)));
    if (steps.size() > 2) CHECK(steps.back() == std::stod(std::string(settings).substr(10)));
  }
}

TEST_CASE("classification: patterns by number or load, the same ones") {
  auto const by_number = measured(name, "N=20 P=5 basin_samples=0"),
             by_load = measured(name, "N=20 alpha=0.25 basin_samples=0");
  CHECK(by_number.at("distance") == by_load.at("distance"));
  CHECK(by_number.at("basin_volume").empty());
  CHECK(unused(name, "P=5") ==
        std::vector<std::string>{"alpha", "retrieval_order", "retrieval_trials", "samples", "tolerated_error"});
}

TEST_CASE("classification: what does not fit is refused") {
  check_refused(name, "N=129 P=2", "N", {"128", "method=sampled"});
  check_refused(name, "N=20 alpha=0.01", "alpha", {"0.05"});
  check_refused(name, "records=30 max_steps=20", "records", {"20"});
  check_refused(name, "N=100 P=100 lambda=0.00123 method=sampled", "lambda", {"fewer digits"});
}

}  // namespace hypnos::classification_test

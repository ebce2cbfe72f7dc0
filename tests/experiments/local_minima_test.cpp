#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "hypnos/base/streams.hpp"
#include "hypnos/hdf5/file.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/dynamics/enumerated_basins.hpp"
#include "hypnos/physics/dynamics/local_minima.hpp"
#include "hypnos/physics/dynamics/plain_local_minima.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "measured_matrix.hpp"

namespace hypnos::local_minima_test {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::MatrixXi;
using Eigen::VectorXd;

namespace {

constexpr char const* name = "local-minima";
constexpr int N = 13, P = 5, stored = 300;

MatrixXd patterns() {
  Rng rng(1, 0, streams::patterns);
  return random_patterns(P, N, rng);
}

// Couplings times N, integers: Hebb's, and after 30 dreams at epsilon = 1/10 ten times as many.
MatrixXi hebb() { return hebbian_sums(patterns()).cast<int>(); }

MatrixXi unlearnt_couplings() {
  MatrixXi C = 10 * hebb();
  for (int d = 0; d < 30; ++d) C = unlearnt(C, 1, plain_dream(C, {Order::random_site}, Rng(1, 0, streams::dreams), d));
  return C;
}

template <class Matrix>
void check_observables(Measured const& found, Matrix const& couplings, double scale, bool strict) {
  auto const minima = plain_local_minima(couplings, strict);
  REQUIRE(minima.count() <= stored);
  CHECK(number(found, "minima") == static_cast<double>(minima.count()));
  check_close(number(found, "complexity"), std::log(minima.count()) / N, 1e-14);
  auto const s = matrix(found, "state", stored, N);
  auto const& energy = found.at("energy");
  REQUIRE(energy.size() == stored);
  std::vector<std::vector<double>> rows;
  for (int k = 0; k < stored; ++k) {
    auto const at = static_cast<std::size_t>(k);
    if (k >= minima.count()) {
      CHECK(std::isnan(energy[at]));
      CHECK(std::isnan(s(k, 0)));
      continue;
    }
    VectorXd const state = s.row(k);
    rows.emplace_back(state.begin(), state.end());
    double sum = 0;
    for (int i = 0; i < N; ++i)
      for (int j = 0; j < i; ++j) sum -= scale * static_cast<double>(couplings(i, j)) * state(i) * state(j) / N;
    check_close(energy[at], sum, 1e-13);
    if (k > 0) CHECK(energy[at] >= energy[at - 1]);
  }
  std::vector<std::vector<double>> expected;
  for (Eigen::Index k = 0; k < minima.count(); ++k) {
    VectorXd const state = minima.signs(k, 1).row(0);
    expected.emplace_back(state.begin(), state.end());
  }
  std::ranges::sort(rows);
  std::ranges::sort(expected);
  CHECK(rows == expected);
}

void check_patterns(Measured const& found, MatrixXi const& couplings, bool strict) {
  auto const xi = patterns();
  auto const s = matrix(found, "state", stored, N);
  auto const& overlaps = found.at("overlap_max");
  for (int k = 0; k < static_cast<int>(number(found, "minima")); ++k)
    check_close(overlaps.at(static_cast<std::size_t>(k)), (xi * s.row(k).transpose()).cwiseAbs().maxCoeff() / N, 1e-14);
  int stable = 0;
  for (int mu = 0; mu < P; ++mu) {
    VectorXd const pattern = xi.row(mu);
    bool all = true;
    for (int i = 0; i < N; ++i) {
      double h = 0;
      for (int j = 0; j < N; ++j) h += i == j ? 0 : couplings(i, j) * pattern(j);
      all = all && (strict ? pattern(i) * h > 0 : pattern(i) * h >= 0);
    }
    stable += all ? 1 : 0;
  }
  CHECK(number(found, "stable_patterns") == stable);
  CHECK(unknown(found, "minima_theory"));
}

// Basins in the order of the energies; those of patterns.
void check_basins(Measured const& found, MatrixXd const& J, bool strict, SpinStates const& of_patterns) {
  auto const minima = completed(LocalMinima(J, strict, stored)).minima();
  auto const volumes = EnumeratedBasins(J).volumes(minima);
  double in_patterns = 0;
  for (Eigen::Index k = 0; k < minima.count(); ++k) {
    CHECK(found.at("basin").at(static_cast<std::size_t>(k)) == volumes(k));
    CHECK(found.at("basin_error").at(static_cast<std::size_t>(k)) == 0);
    for (Eigen::Index mu = 0; mu < of_patterns.count(); ++mu)
      if (std::abs(scalar_product(minima[k], of_patterns[mu])) == N) in_patterns += volumes(k);
  }
  CHECK(std::isnan(found.at("basin").at(static_cast<std::size_t>(minima.count()))));
  if (of_patterns.count() == 0) CHECK(unknown(found, "basin_patterns"));
  else check_close(number(found, "basin_patterns"), in_patterns, 1e-13);
}

}  // namespace

TEST_CASE("local-minima: observables are those of all states, for all couplings") {
  std::string const common = "N=13 alpha=0.4 stored_minima=300 save_states=true ";
  Rng rng(1, 0, streams::initial_couplings), sk_numbers = rng;
  auto const sk = measured(name, common + "couplings=sk");
  check_observables(sk, sk_couplings(N, 1. / N, rng), 1, true);
  CHECK(unknown(sk, "stable_patterns"));
  CHECK(sk.at("overlap_max").empty());
  CHECK(number(measured(name, "N=3 couplings=sk"), "minima_theory") == doctest::Approx(2));
  check_basins(sk, sk_couplings(N, 1. / N, sk_numbers), true, {});
  for (bool const strict : {true, false}) {
    auto const settings = common + (strict ? "strict=true" : "strict=false");
    auto const stored_patterns = measured(name, settings + " couplings=hebb");
    check_observables(stored_patterns, hebb(), 1. / N, strict);
    check_patterns(stored_patterns, hebb(), strict);
    check_basins(stored_patterns, hebb().cast<double>(), strict, SpinStates(patterns()));
    auto const unlearning = measured(name, settings + " couplings=unlearning epsilon=0.1 dreams=30");
    check_observables(unlearning, unlearnt_couplings(), 0.1 / N, strict);
    check_patterns(unlearning, unlearnt_couplings(), strict);
  }
  CHECK(unknown(measured(name, "N=13 couplings=sk strict=false"), "minima_theory"));
}

TEST_CASE("local-minima: the lowest are stored, and more than the limit are a failure") {
  auto const all = measured(name, "N=20 stored_minima=500"), few = measured(name, "N=20 stored_minima=4");
  REQUIRE(few.at("energy").size() == 4);
  for (std::size_t k = 0; k < 4; ++k) CHECK(few.at("energy")[k] == all.at("energy")[k]);
  CHECK(number(few, "minima") == number(all, "minima"));
  CHECK_THROWS_AS(measured(name, "N=20 max_minima=4"), std::length_error);
}

// A binomial estimate within 6 standard errors of the enumeration, for each of some ten minima.
TEST_CASE("local-minima: above 25 neurons basins are sampled, or none are measured") {
  auto const found = measured(name, "N=26 couplings=hebb alpha=0.1 strict=false basin_samples=5000");
  double sum = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(number(found, "minima")); ++k) {
    double const b = found.at("basin")[k];
    sum += b;
    check_close(found.at("basin_error")[k], std::sqrt(2 * b * (1 - 2 * b) / 5000) / 2, 1e-14);
  }
  check_close(sum, 1, 1e-13);
  CHECK(number(found, "basin_patterns") > 0.5);
  CHECK(measured(name, "N=12 basin_samples=0").at("basin").empty());
}

TEST_CASE("local-minima: settings that do not fit are refused, and those without effect are named") {
  check_refused(name, "N=129", "N", {"128"});
  CHECK(unused(name, "couplings=sk") ==
        std::vector<std::string>{"alpha", "dataset", "dreams", "epsilon", "order", "task"});
  CHECK(unused(name, "couplings=hebb") == std::vector<std::string>{"dataset", "dreams", "epsilon", "order", "task"});
  CHECK(unused(name, "couplings=unlearning") == std::vector<std::string>{"dataset", "task"});
  check_refused(name, "couplings=file", "file", {"file=PATH"});
  check_refused(name, "couplings=file file=/nowhere/J.txt", "file", {"no such file"});
  check_refused(name, "couplings=sk file=J.txt", "file", {"couplings=file"});
}

TEST_CASE("local-minima: couplings from a file") {
  auto const path = (std::filesystem::temp_directory_path() / ("hypnos-J-" + std::to_string(getpid()))).string();
  auto const J = hebb();
  std::ofstream(path) << J.cast<double>() << '\n';
  auto const settings = "couplings=file stored_minima=300 save_states=true strict=false file=" + path;
  auto const found = measured(name, settings + " N=13");
  check_observables(found, J, 1, false);
  check_basins(found, J.cast<double>(), false, {});
  CHECK(unknown(found, "stable_patterns"));
  CHECK(unknown(found, "minima_theory"));
  check_refused(name, settings + " N=12", "N", {"13 neurons", "N=13"});
  std::ofstream(path) << "0 1\n2 0\n";
  check_refused(name, "couplings=file N=2 file=" + path, "file", {"J[0, 1] = 1", "J[1, 0] = 2", "symmetric"});
  // two tasks of a store
  std::vector<double> both(2 * N * N, 0.);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) {
      both[static_cast<std::size_t>(N * i + j)] = i == j ? 0 : 1;
      both[static_cast<std::size_t>(N * N + N * i + j)] = J(i, j);
    }
  hdf5::File::create(path).create<double>("J", {2, N, N}, 0.).write(std::span<double const>(both));
  CHECK(number(measured(name, settings + " N=13 task=0"), "minima") == 2);
  CHECK(same_bits(measured(name, settings + " N=13 task=1").at("energy"), found.at("energy")));
  std::filesystem::remove(path);
}

}  // namespace hypnos::local_minima_test

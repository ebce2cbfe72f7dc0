#include "hypnos/physics/memories/unlearning_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::unlearning_run_test {

using Eigen::ArrayXd;
using Eigen::MatrixXd;

namespace {

constexpr int N = 65, P = 26;

MatrixXd patterns() {
  Rng rng(9, 1, streams::patterns);
  return random_patterns(P, N, rng);
}

Unlearning hopfield(Dynamics dynamics = {}) { return {patterns(), {1, 50}, dynamics, Rng(9, 1, streams::dreams)}; }

Rng const glassy(9, 1, streams::glassy_states);

// Operations of a piece that does one dream, one pattern, one row.
constexpr double smallest = 1;

}  // namespace

TEST_CASE("records are what the network has at their numbers of dreams") {
  UnlearningRecords const records{{0, 0, 1, 40, 100, 700}, 5};
  for (auto const& dynamics : {Dynamics{}, Dynamics{Order::sweep, 0.4, 3}}) {
    auto const run = completed(UnlearningRun(hopfield(dynamics), records, glassy));
    auto network = hopfield(dynamics);
    SpinStates dreams(N);
    for (std::size_t k = 0; k < records.dreams.size(); ++k) {
      dreams.append(network.dream(static_cast<int>(records.dreams[k] - network.dreams())));
      MatrixXd const delta = network.stabilities();
      auto const states = network.glassy_states(5, glassy.substream(static_cast<std::uint32_t>(k)));
      auto const omega = means_by_stability(perceptron_overlaps(patterns(), states), delta);
      auto const same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
      auto const r = static_cast<Eigen::Index>(k);
      CHECK(run.delta_min()(r) == delta.minCoeff());
      CHECK(run.delta_av()(r) == range_of(delta).av);
      CHECK(run.delta_max()(r) == delta.maxCoeff());
      CHECK(run.sigma_J()(r) == network.sigma_J());
      CHECK(same(run.energy_drift()(r), network.take_energy_drift()));
      CHECK(same(run.omega_sat()(r), omega.sat));
      CHECK(same(run.omega_unsat()(r), omega.unsat));
      CHECK(same(run.omega_min()(r), omega.min));
      CHECK(same(run.omega_min_neuron()(r), omega.min_neuron));
    }
    CHECK(run.dreams() == dreams);
    CHECK(run.network().C() == network.C());
    CHECK(run.dreams_in() == stable_dreams(network, dreams, -1).smallest());
  }
}

TEST_CASE("D_in does not depend on when records are taken, and no stability is negative there") {
  auto const of = [](std::vector<std::int64_t> const& records) {
    return completed(UnlearningRun(hopfield(), {records})).dreams_in();
  };
  auto const D = of({700});
  REQUIRE(D);
  CHECK(*D > 1);
  CHECK(of({0, 100, 200, 300, 400, 500, 600, 700}) == D);
  CHECK(of({*D - 1, *D, 700}) == D);
  CHECK(of({0, *D}) == D);
  CHECK(!of({0, *D - 1}));
  CHECK(!of({}));
  auto const run = completed(UnlearningRun(hopfield(), {{700}}));
  auto const at = [&](std::int64_t dreams) {
    return completed(UnlearningReplay(hopfield(), run.dreams(), dreams)).network().stabilities().minCoeff();
  };
  CHECK(at(*D) >= 0);
  CHECK(at(*D - 1) < 0);
}

TEST_CASE("D_in and D_fin are the first and the last dream without a violated constraint, whatever the records") {
  for (int const size : {60, 65, 130, 200}) {
    Rng rng(9, 2, streams::patterns);
    auto const xi = random_patterns(size * 2 / 5, size, rng);
    auto const make = [&] { return Unlearning(xi, {1, 20}, {}, Rng(9, 2, streams::dreams)); };
    int const last = 12 * size;  // D epsilon / N = 0.6: beyond D_fin
    auto network = make();
    std::optional<std::int64_t> in, fin;
    for (int d = 0; d <= last; ++d) {
      if (d > 0) network.dream(1);
      if (network.stabilities().minCoeff() < 0) continue;
      if (!in) in = d;
      fin = d;
    }
    REQUIRE(in);
    REQUIRE(*fin > *in);
    REQUIRE(*fin < last);
    CAPTURE(size);
    for (int const records : {1, 7, 20, 200}) {
      std::vector<std::int64_t> dreams;
      for (int k = 0; k <= records; ++k) dreams.push_back(std::int64_t{last} * k / records);
      auto const run = completed(UnlearningRun(make(), {dreams}));
      CAPTURE(records);
      CHECK(run.dreams_in() == in);
      CHECK(run.dreams_fin() == fin);
    }
    // a record at D_fin, next to it, and a run that ends there: a later stable dream cannot be excluded then
    CHECK(completed(UnlearningRun(make(), {{0, *fin - 1, *fin, *fin + 1, last}})).dreams_fin() == fin);
    CHECK(completed(UnlearningRun(make(), {{0, *fin + 1}})).dreams_fin() == fin);
    CHECK(!completed(UnlearningRun(make(), {{0, *fin}})).dreams_fin());
    CHECK(!completed(UnlearningRun(make(), {{0, *in - 1}})).dreams_fin());
  }
}

TEST_CASE("a run until all patterns are stable ends at the next record") {
  UnlearningRecords const records{{0, 150, 300, 450, 600, 750, 900}, 0, true};
  auto const run = completed(UnlearningRun(hopfield(), records));
  auto const whole = completed(UnlearningRun(hopfield(), {records.dreams}));
  REQUIRE(run.dreams_in());
  CHECK(run.dreams_in() == whole.dreams_in());
  CHECK(run.network().dreams() == *std::ranges::lower_bound(records.dreams, *run.dreams_in()));
  CHECK(run.network().dreams() < 900);
  CHECK(run.dreams() == whole.dreams().part(0, run.network().dreams()));
}

TEST_CASE("a run that is interrupted after any piece goes on to the same bits") {
  UnlearningRecords const records{{0, 3, 40, 100, 320}, 5};
  for (auto const& dynamics : {Dynamics{}, Dynamics{Order::random_site, 0.4, 2}}) {
    auto const make = [&] { return UnlearningRun(hopfield(dynamics), records, glassy); };
    auto const whole = completed(make());
    for (auto const& [operations, every] : {std::pair{smallest, 3}, {1e9, 1}}) {
      auto const parts = interrupted(make, operations, every);
      CHECK(parts.dreams() == whole.dreams());
      CHECK(parts.network().C() == whole.network().C());
      CHECK(parts.dreams_in() == whole.dreams_in());
      CHECK(parts.dreams_fin() == whole.dreams_fin());
      auto const same = [](ArrayXd const& a, ArrayXd const& b) { return (a == b || (a.isNaN() && b.isNaN())).all(); };
      CHECK(same(parts.delta_min(), whole.delta_min()));
      CHECK(same(parts.delta_av(), whole.delta_av()));
      CHECK(same(parts.delta_max(), whole.delta_max()));
      CHECK(same(parts.sigma_J(), whole.sigma_J()));
      CHECK(same(parts.omega_sat(), whole.omega_sat()));
      CHECK(same(parts.omega_unsat(), whole.omega_unsat()));
      CHECK(same(parts.omega_min(), whole.omega_min()));
      CHECK(same(parts.omega_min_neuron(), whole.omega_min_neuron()));
      CHECK(same(parts.energy_drift(), whole.energy_drift()));
    }
  }
}

TEST_CASE("a replay that is interrupted leads to the same couplings") {
  auto network = hopfield();
  auto const dreams = network.dream(300);
  auto const make = [&] { return UnlearningReplay(hopfield(), dreams, 300); };
  CHECK(interrupted(make, smallest, 7).network().C() == network.C());
  CHECK(completed(UnlearningReplay(hopfield(), dreams, 0)).network().dreams() == 0);
}

TEST_CASE("records out of order, a run that has begun, and glassy states without numbers are refused") {
  CHECK_THROWS_AS(UnlearningRun(hopfield(), {{5, 4}}), std::domain_error);
  CHECK_THROWS_AS(UnlearningRun(hopfield(), {{-1, 4}}), std::domain_error);
  CHECK_THROWS_AS(UnlearningRun(hopfield(), {{4}, 2}), std::domain_error);
  auto begun = hopfield();
  begun.dream(1);
  CHECK_THROWS_AS(UnlearningRun(std::move(begun), {{4}}), std::domain_error);
}

}  // namespace hypnos::unlearning_run_test

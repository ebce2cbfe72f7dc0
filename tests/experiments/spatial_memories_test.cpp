#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/dynamics/plain_local_minima.hpp"
#include "hypnos/physics/dynamics/plain_relaxation.hpp"
#include "hypnos/physics/memories/centred_unlearning.hpp"
#include "hypnos/physics/memories/moment_matching.hpp"
#include "hypnos/physics/memories/place_cells.hpp"
#include "hypnos/physics/memories/support_vector_machine.hpp"
#include "hypnos/physics/statistics/components.hpp"
#include "measured_matrix.hpp"

namespace hypnos::spatial_memories_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr char const* name = "spatial-memories";
constexpr int N = 60, P = 6, R = 7;  // 3 x 2 memories, 7 x 7 points

double wrapped(double d) { return std::min(std::abs(d), 1 - std::abs(d)); }

struct Setting {
  std::string field, bias, rule;
  double w;

  std::string text() const {
    return "N=60 P=6 resolution=7 save_couplings=true stop=stable dreams=400 lambda=0.02 tolerated_error=0.1 field=" +
           field + " bias=" + bias + " rule=" + rule + " w=" + std::to_string(w);
  }
  double b() const {
    if (bias == "none") return 0;
    return 2 * (field == "disc" ? M_PI * w * w : w * w) - 1;
  }
  bool active(double dx, double dy) const {
    return field == "disc" ? std::hypot(wrapped(dx), wrapped(dy)) < w : wrapped(dx) < w / 2 && wrapped(dy) < w / 2;
  }
};

// The state of a point, by the stored centres.
VectorXd state(Setting const& setting, Measured const& found, double x, double y) {
  auto const count = found.at("centre_x").size();
  VectorXd s(static_cast<Index>(count));
  for (std::size_t i = 0; i < count; ++i)
    s(static_cast<Index>(i)) = setting.active(x - found.at("centre_x")[i], y - found.at("centre_y")[i]) ? 1 : -1;
  return s;
}

VectorXd fields(MatrixXd const& J, VectorXd const& s, double b) { return J * (s.array() - b).matrix(); }

void check_couplings(Setting const& setting, Measured const& found, MatrixXd const& J, MatrixXd const& xi) {
  double const b = setting.b();
  if (setting.rule == "hebb") {
    MatrixXd expected = (xi.array() - b).matrix().transpose() * (xi.array() - b).matrix() / N;
    expected.diagonal().setZero();
    CHECK((J - expected).cwiseAbs().maxCoeff() < 1e-14);
  } else if (setting.rule == "unlearning") {
    auto const run =
        completed(CentredUnlearning(xi, b, {1, 50}, Order::random_site, {400, true}, Rng(1, 0, streams::dreams)));
    CHECK((J - run.J()).cwiseAbs().maxCoeff() < 1e-14);
    if (run.dreams_in()) CHECK(number(found, "dreams_in") == static_cast<double>(*run.dreams_in()));
    else CHECK(unknown(found, "dreams_in"));
  } else {
    auto const machine = support_vector_machine(xi, xi.array() - b, 1e-5, 100'000);
    CHECK(J == machine.J);
    CHECK(number(found, "margin_min") == machine.margin.minCoeff());
    CHECK(number(found, "kkt_gap") == (machine.bound - machine.margin).maxCoeff());
  }
  CHECK(unknown(found, "margin_min") == (setting.rule != "svm"));
  CHECK(unknown(found, "kkt_gap") == (setting.rule != "svm"));
  if (setting.rule != "unlearning") CHECK(unknown(found, "dreams_in"));
}

// The dynamics of N + 1 neurons, the last of which is never unstable, from the state of every point.
void check_basins(Setting const& setting, Measured const& found, MatrixXd const& J, MatrixXd const& xi) {
  double const b = setting.b();
  auto const basin = matrix(found, "basin", R, R);
  Eigen::ArrayXXi picture(R, R);
  int pure = 0, reached = 0;
  for (int x = 0; x < R; ++x)
    for (int y = 0; y < R; ++y) {
      double const at_x = (x + 0.5) / R, at_y = (y + 0.5) / R;
      VectorXd s(N + 1);
      s << state(setting, found, at_x, at_y), 1;
      Rng rng(1, 0, Stream("spatial-memories/updates"));
      // roundings of sums do not decide: a field of less than 1e-9 counts as zero
      auto const field = [&](Index i) {
        double const h = i < N ? fields(J, s.head(N), b)(i) : 0;
        return std::abs(h) < 1e-9 ? 0 : h;
      };
      CHECK(plain_relaxation(s, field, Order::random_sweep, rng, 100 * N));
      Eigen::ArrayXd const wrong = ((xi.rowwise() - s.head(N).transpose()).array() != 0).cast<double>().rowwise().sum();
      int nearest = 0;
      int const errors = static_cast<int>(wrong.minCoeff(&nearest));
      int const expected = errors <= 0.1 * N ? nearest : -1;
      CHECK(basin(x, y) == expected);
      picture(x, y) = expected;
      if (expected < 0) continue;
      ++reached;
      std::vector<double> distance;
      for (std::size_t mu = 0; mu < P; ++mu)
        distance.push_back(
            std::hypot(wrapped(at_x - found.at("place_x")[mu]), wrapped(at_y - found.at("place_y")[mu])));
      if (distance[static_cast<std::size_t>(expected)] < *std::ranges::min_element(distance) + 1e-9) ++pure;
    }
  CHECK(number(found, "purity") == doctest::Approx(static_cast<double>(pure) / (R * R)));
  CHECK(number(found, "reached") == doctest::Approx(static_cast<double>(reached) / (R * R)));
  CHECK(number(found, "unconverged") == 0);
  auto const pieces = component_counts(picture, P);
  REQUIRE(found.at("pieces").size() == P);
  for (std::size_t mu = 0; mu < P; ++mu) CHECK(found.at("pieces")[mu] == pieces(static_cast<Index>(mu)));
}

}  // namespace

TEST_CASE("spatial-memories: observables are those of the stored couplings and place fields") {
  double reached = 0;
  for (std::string const rule : {"hebb", "unlearning", "svm"})
    for (std::string const bias : {"centred", "none"})
      for (auto const& [field, w] : {std::pair{std::string("disc"), 0.25}, {std::string("square"), 0.4}}) {
        Setting const setting{field, bias, rule, w};
        CAPTURE(setting.text());
        auto const found = measured(name, setting.text());
        auto const J = matrix(found, "J", N, N), xi = matrix(found, "xi", P, N);
        int stable = 0;
        for (int mu = 0; mu < P; ++mu) {
          auto const k = static_cast<std::size_t>(mu);
          CHECK(found.at("place_x")[k] == doctest::Approx((mu / 2 + 0.5) / 3));
          CHECK(found.at("place_y")[k] == doctest::Approx((mu % 2 + 0.5) / 2));
          VectorXd const s = xi.row(mu);
          CHECK(s == state(setting, found, found.at("place_x")[k], found.at("place_y")[k]));
          if ((s.array() * fields(J, s, setting.b()).array() > 0).all()) ++stable;
        }
        CHECK(number(found, "stable") == stable);
        CHECK(number(found, "coding_level") == doctest::Approx((xi.array() > 0).cast<double>().mean()));
        check_couplings(setting, found, J, xi);
        check_basins(setting, found, J, xi);
        reached += number(found, "reached");
      }
  CHECK(reached > 2);  // of the 12 settings
}

TEST_CASE("spatial-memories: with one memory the dynamics reaches it or its opposite, by the overlap of the start") {
  // h_i = (xi_i - b) sum_{j != i} (xi_j - b)(s_j - b) / N, of the sign of xi_i times that of the sum, which every flip
  // makes larger; the term j = i is below 4.
  int opposite = 0;
  for (std::string const field : {"disc", "square"})
    for (std::string const bias : {"centred", "none"})
      for (std::string const rule : {"hebb", "svm"}) {
        Setting const setting{field, bias, rule, 0.4};
        CAPTURE(setting.text());
        auto const found = measured(name, "P=1 N=200 resolution=9 w=0.4 save_couplings=true field=" + field +
                                              " bias=" + bias + " rule=" + rule);
        CHECK(number(found, "stable") == 1);
        auto const xi = matrix(found, "xi", 1, 200);
        auto const basin = matrix(found, "basin", 9, 9);
        int memory = 0;
        for (int x = 0; x < 9; ++x)
          for (int y = 0; y < 9; ++y) {
            auto const s = state(setting, found, (x + 0.5) / 9, (y + 0.5) / 9);
            double const overlap = ((xi.row(0).array() - setting.b()) * (s.transpose().array() - setting.b())).sum();
            if (std::abs(overlap) > 4) CHECK(basin(x, y) == (overlap > 0 ? 0 : -1));
            if (overlap > 4) ++memory;
            if (overlap < -4) ++opposite;
          }
        CHECK(memory > 0);
      }
  CHECK(opposite > 0);
}

TEST_CASE("spatial-memories: the pixel of a stable memory is in its basin") {
  // 3 x 3 memories at the centres of the pixels 3 k + 1 of 9 x 9
  for (std::string const bias : {"centred", "none"}) {
    auto const found = measured(name, "N=200 P=9 resolution=9 rule=svm w=0.3 bias=" + bias);
    REQUIRE(number(found, "stable") == 9);
    auto const basin = matrix(found, "basin", 9, 9);
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) CHECK(basin(3 * a + 1, 3 * b + 1) == 3 * a + b);
  }
}

TEST_CASE("spatial-memories: moment matching makes the memories and their opposites the only fixed points") {
  auto const settings =
      "N=18 P=4 resolution=7 rule=classification bias=none lambda=1 w=0.35 save_couplings=true "
      "tolerated_error=0";
  auto const found = measured(name, settings);
  REQUIRE(number(found, "converged") == 1);
  CHECK(number(found, "stable") == 4);
  auto const xi = matrix(found, "xi", 4, 18), J = matrix(found, "J", 18, 18);
  auto const fixed_points = plain_local_minima(J, true);
  CHECK(fixed_points.count() == 8);
  CHECK(are_patterns_only(fixed_points, SpinStates(xi)));
  // a point ends at a memory or, since s and -s are equivalent without a bias, at the opposite of one
  CHECK(number(found, "reached") > 0.5);
  auto const late = measured(name, std::string(settings) + " max_steps=1");
  CHECK(number(late, "converged") == 0);
}

TEST_CASE("spatial-memories: settings that do not fit are refused, and those without effect are named") {
  check_refused(name, "field=disc w=0.6", "w", {"0.5", "field=square"});
  check_refused(name, "rule=unlearning lambda=0.0123456789", "lambda", {"fewer digits"});
  check_refused(name, "rule=classification N=30", "bias", {"bias=none"});
  check_refused(name, "rule=classification bias=none", "N", {"128", "N=40"});
  check_refused(name, "rule=classification bias=none N=100 lambda=1e-5 P=100", "lambda", {"fewer digits"});
  CHECK(unused(name, "rule=hebb") ==
        std::vector<std::string>{"dreams", "lambda", "max_iterations", "max_steps", "order", "stop", "tolerance"});
  CHECK(unused(name, "rule=unlearning") == std::vector<std::string>{"max_iterations", "max_steps", "tolerance"});
  CHECK(unused(name, "rule=svm") == std::vector<std::string>{"dreams", "lambda", "max_steps", "order", "stop"});
  CHECK(unused(name, "rule=classification") ==
        std::vector<std::string>{"dreams", "max_iterations", "order", "stop", "tolerance"});
}

}  // namespace hypnos::spatial_memories_test

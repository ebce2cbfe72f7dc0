#include "hypnos/physics/memories/symmetric_perceptron.hpp"

#include <cmath>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/stabilities.hpp"
#include "hypnos/physics/states/patterns.hpp"
#include "hypnos/physics/statistics/comparison.hpp"
#include "hypnos/physics/theory/gardner.hpp"
#include "settings.hpp"

namespace hypnos::symmetric_perceptron_test {

using Eigen::Index;
using Eigen::MatrixXd;

namespace {

Measured learnt(std::string const& settings, std::uint32_t realization = 0) {
  return measured("symmetric-perceptron", settings, realization);
}

double final_value(Measured const& of, std::string const& name) {
  REQUIRE(of.at(name).size() == 1);
  return of.at(name)[0];
}

MatrixXd matrix(std::vector<double> const& values, Index columns) {
  return Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> const>(
      values.data(), static_cast<Index>(values.size()) / columns, columns);
}

std::string refused(std::string const& settings) {
  try {
    auto const& subject = experiment("symmetric-perceptron");
    subject.check(point(subject, settings));
  } catch (BadInput const& error) {
    return error.key();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("symmetric-perceptron: learning converges well below Gardner's symmetric stability and never far above it") {
  // The largest stabilities of samples at N = 100 spread by some 5 % about 0.93 (alpha = 0.3) and 1.03 (0.5) of
  // Gardner's: a factor of 0.7 and 1.3 are five spreads away, and the seed is fixed.
  for (auto const alpha : {0.3, 0.5}) {
    auto const load = "N=100 retrieval_points=0 alpha=" + format_number(alpha);
    double const limit = symmetric_gardner_k(alpha);
    for (std::uint32_t realization = 0; realization < 3; ++realization) {
      CAPTURE(alpha);
      CAPTURE(realization);
      auto const below = learnt(load + " k=" + format_number(0.7 * limit), realization);
      CHECK(final_value(below, "converged") == 1);
      CHECK(final_value(below, "unsatisfied") == 0);
      CHECK(final_value(below, "steps") < 1000);
      CHECK(final_value(below, "delta_min_final") >= 0.7 * limit * (1 - 1e-12));  // a quotient of rounded numbers
      auto const above = learnt(load + " k=" + format_number(1.3 * limit), realization);
      CHECK(final_value(above, "converged") == 0);
      CHECK(final_value(above, "unsatisfied") > 0);
      CHECK(final_value(above, "steps") == 1000);
      CHECK(final_value(above, "delta_min_final") < 1.3 * limit);
    }
  }
}

TEST_CASE("symmetric-perceptron: a firmer demand takes more steps") {
  double steps = 0;
  for (auto const* const k : {"0.2", "0.6", "0.9", "1.2"}) {
    auto const end = learnt(std::string("N=100 retrieval_points=0 k=") + k);
    REQUIRE(final_value(end, "converged") == 1);
    CHECK(final_value(end, "steps") > steps);
    steps = final_value(end, "steps");
  }
}

TEST_CASE(
    "symmetric-perceptron: turning a neuron around in all patterns turns its couplings, and changes nothing else") {
  Rng rng(1, 0, streams::patterns);
  MatrixXd const xi = random_patterns(30, 100, rng);
  Eigen::VectorXd signs = Eigen::VectorXd::Ones(100);
  for (int const i : {0, 17, 99}) signs(i) = -1;
  MatrixXd const turned = xi * signs.asDiagonal();
  SymmetricPerceptron one(xi, hebbian_sums(xi), 1, 100), other(turned, hebbian_sums(turned), 1, 100);
  int steps = 0;
  for (; !one.converged() && steps < 1000; ++steps) {
    CHECK(one.unsatisfied() == other.unsatisfied());
    one.step();
    other.step();
  }
  CHECK(one.converged());
  CHECK(other.converged());
  CHECK(other.J() == signs.asDiagonal() * one.J() * signs.asDiagonal());
  CHECK(steps == final_value(learnt("N=100 alpha=0.3 k=1 retrieval_points=0"), "steps"));
}

TEST_CASE("symmetric-perceptron: what is stored are the couplings of the paper's units, and all else follows") {
  int const N = 41;
  auto const end = learnt("N=41 alpha=0.3 k=0.9 lambda=0.1 save_couplings=1");
  auto const J = matrix(end.at("J"), N), xi = matrix(end.at("xi"), N);
  REQUIRE(J.rows() == N);
  REQUIRE(xi.rows() == 12);  // 12.3, rounded

  // Eq. 5 in those units, and literally.
  MatrixXd const hebb = hebbian_sums(xi) / N;
  MatrixXd by_hand = hebb;
  int steps = 0;
  for (;; ++steps) {
    MatrixXd const violated = (stabilities(xi, by_hand).array() < 0.9).cast<double>();
    if (violated.isZero(0)) break;
    MatrixXd const half = violated.cwiseProduct(xi).transpose() * xi;
    by_hand += 0.1 * (half + half.transpose());
    by_hand.diagonal().setZero();
  }
  CHECK(final_value(end, "steps") == steps);
  // Some tens of sums of numbers of order 10, each rounded.
  CHECK((J - by_hand).cwiseAbs().maxCoeff() < 1e-12);

  auto const range = range_of(stabilities(xi, J));
  CHECK(final_value(end, "delta_min_final") == doctest::Approx(range.min).scale(0).epsilon(1e-12));
  CHECK(final_value(end, "delta_av_final") == doctest::Approx(range.av).scale(0).epsilon(1e-12));
  CHECK(final_value(end, "delta_max_final") == doctest::Approx(range.max).scale(0).epsilon(1e-12));

  // Eqs. 14 and 15.
  double squares = 0, product = 0, hebb_squares = 0;
  int count = 0;
  for (int i = 0; i < N; ++i)
    for (int j = i + 1; j < N; ++j) {
      squares += J(i, j) * J(i, j), hebb_squares += hebb(i, j) * hebb(i, j), product += J(i, j) * hebb(i, j), ++count;
    }
  double const sigma = std::sqrt(squares / count), sigma_hebb = std::sqrt(hebb_squares / count);
  CHECK(final_value(end, "sigma_J") == doctest::Approx(sigma).scale(0).epsilon(1e-12));
  CHECK(final_value(end, "q_hebb") == doctest::Approx(product / count / (sigma * sigma_hebb)).scale(0).epsilon(1e-12));
}

TEST_CASE("symmetric-perceptron: a decimal lambda is the fraction it stands for, so that ties at k = 0 are ties") {
  CHECK(final_value(learnt("N=100 alpha=0.3 k=0 lambda=0.013 retrieval_points=0", 7), "steps") == 10);
  CHECK(final_value(learnt("N=100 alpha=0.3 k=0 lambda=0.013 retrieval_points=0", 1), "steps") == 6);
}

TEST_CASE("symmetric-perceptron: without a step the couplings are those of the start") {
  auto const hebb = learnt("N=200 alpha=0.2 max_steps=0 save_couplings=1");
  CHECK(final_value(hebb, "steps") == 0);
  CHECK(final_value(hebb, "converged") == 0);
  CHECK(final_value(hebb, "q_hebb") == doctest::Approx(1).scale(0).epsilon(1e-12));
  MatrixXd const xi = matrix(hebb.at("xi"), 200);
  CHECK((200 * matrix(hebb.at("J"), 200) - hebbian_sums(xi)).isZero(1e-10));

  // Random couplings have Hebb's variance alpha / N and nothing to do with Hebb's: of 19900 pairs, squares spread by
  // sqrt(2 / 19900) = 0.010 of their mean, and the cosine by 0.0071. Five of these deviate with probability 6e-7.
  auto const random = learnt("N=200 alpha=0.2 init=random max_steps=0");
  CHECK(std::abs(std::pow(final_value(random, "sigma_J"), 2) * 200 / 0.2 - 1) < 0.050);
  CHECK(std::abs(final_value(random, "q_hebb")) < 0.036);

  auto const zero = learnt("N=200 alpha=0.2 init=zero max_steps=0");
  CHECK(final_value(zero, "sigma_J") == 0);
  CHECK(final_value(zero, "delta_max_final") == 0);
  CHECK(std::isnan(final_value(zero, "q_hebb")));
}

TEST_CASE("symmetric-perceptron: near the largest stability it does not matter where learning starts") {
  // Sec. II A: the solution is unique at k_max. Far below it is not. The first change of random couplings is so large
  // at lambda = 1 that nothing of them is left, so lambda is small enough for starts to be remembered.
  auto const cosine_of_starts = [](std::string const& k) {
    auto const settings = "N=100 lambda=0.01 max_steps=20000 save_couplings=1 retrieval_points=0 k=" + k;
    auto const one = learnt(settings + " init=random"), other = learnt(settings);
    REQUIRE(final_value(one, "converged") == 1);
    REQUIRE(final_value(other, "converged") == 1);
    return cosine(pairs(matrix(one.at("J"), 100)), pairs(matrix(other.at("J"), 100)));
  };
  double const far = cosine_of_starts("0.3"), near = cosine_of_starts("1.2");
  CAPTURE(far);
  CAPTURE(near);
  CHECK(far < 0.9);
  CHECK(near > 0.98);
}

TEST_CASE("symmetric-perceptron: records are the steps of a learning of their number, and stand still after its end") {
  auto const settings = std::string("N=60 k=1 retrieval_points=0 ");
  auto const whole = learnt(settings + "max_steps=100 records=100");
  auto const steps = static_cast<int>(final_value(whole, "steps"));
  REQUIRE(final_value(whole, "converged") == 1);
  REQUIRE(steps > 10);
  REQUIRE(steps < 99);
  for (int const at : {0, 1, 7, steps - 1, steps}) {
    CAPTURE(at);
    auto const part = learnt(settings + "max_steps=" + std::to_string(at));
    for (std::string const name : {"delta_min", "delta_av", "delta_max"})
      CHECK(whole.at(name)[static_cast<std::size_t>(at)] == final_value(part, name + "_final"));
  }
  for (std::string const name : {"delta_min", "delta_av", "delta_max"}) {
    CHECK(whole.at(name).back() == final_value(whole, name + "_final"));
    // 7 intervals of 100 steps: 0, 14, 29, 43, ... are next to 100 r / 7.
    auto const few = learnt(settings + "max_steps=100 records=7");
    REQUIRE(few.at(name).size() == 8);
    CHECK(few.at(name)[1] == whole.at(name)[14]);
    CHECK(few.at(name)[2] == whole.at(name)[29]);
    CHECK(few.at(name)[7] == whole.at(name)[100]);
  }
}

TEST_CASE("symmetric-perceptron: basins of attraction widen with k, and Hebb has none beyond its capacity") {
  // alpha = 0.3 is above Hebb's 0.14. Means over 30 patterns of 100 neurons spread by 0.03 or less.
  auto const settings = std::string("N=100 retrieval_points=11 retrieval_trials=4 ");
  auto const hebb = learnt(settings + "max_steps=0"), loose = learnt(settings + "k=0"),
             firm = learnt(settings + "k=1.2");
  REQUIRE(final_value(loose, "converged") == 1);
  REQUIRE(final_value(firm, "converged") == 1);
  CHECK(final_value(hebb, "basin_radius") == 0);
  CHECK(final_value(firm, "basin_radius") > final_value(loose, "basin_radius") + 0.1);
  for (auto const* const end : {&loose, &firm}) {  // patterns are fixed points
    CHECK(end->at("m_f").back() == 1);
    CHECK(end->at("reconstructed").back() == 1);
  }
  for (std::size_t at = 5; at < 10; ++at) CHECK(firm.at("m_f")[at] > loose.at("m_f")[at]);
}

TEST_CASE("symmetric-perceptron: a wider tolerance reconstructs more, none asks for the pattern itself") {
  auto const settings = std::string("N=100 k=0.3 retrieval_points=11 retrieval_trials=4 tolerated_error=");
  auto const strict = learnt(settings + "0"), usual = learnt(settings + "0.05"), all = learnt(settings + "0.5");
  CHECK(strict.at("m_f") == usual.at("m_f"));
  double gained = 0;
  for (std::size_t at = 0; at < 11; ++at) {
    CHECK(strict.at("reconstructed")[at] <= usual.at("reconstructed")[at]);
    CHECK(usual.at("reconstructed")[at] <= all.at("reconstructed")[at]);
    gained += usual.at("reconstructed")[at] - strict.at("reconstructed")[at];
  }
  CHECK(gained > 0);
}

TEST_CASE("symmetric-perceptron: combinations that make no sense are refused by the parameter to change") {
  CHECK(refused("") == "nothing");
  CHECK(refused("alpha=0.004 N=100") == "alpha");
  CHECK(refused("alpha=0.005 N=100") == "nothing");
  CHECK(refused("init=zero k=0") == "init");
  CHECK(refused("init=zero k=0.1") == "nothing");
  CHECK(refused("records=11 max_steps=10") == "records");
  CHECK(refused("records=10 max_steps=10") == "nothing");
  CHECK(refused("N=2048 alpha=0.25 retrieval_trials=1000") == "nothing");  // 2 x 512 x 1000 < 2^20
  CHECK(refused("N=2048 alpha=0.2568 retrieval_trials=1000") == "retrieval_trials");
  CHECK(refused("N=2048 alpha=0.2568 retrieval_trials=1000 retrieval_points=0") == "nothing");
}

}  // namespace hypnos::symmetric_perceptron_test

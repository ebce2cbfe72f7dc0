#include "hypnos/physics/restricted/restricted_machine.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "machines.hpp"

namespace hypnos::restricted_machine_test {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Machine = RestrictedMachine<double>;

TEST_CASE("the free energy of a visible state is minus the logarithm of the sum over hidden states") {
  for (double const bias : {0., 0.7}) {
    auto const machine = gaussian_machine(5, 7, 0.8, bias, 1);
    auto const v = random_spins(5, 9, 2);
    auto const F = machine.free_energies(v);
    REQUIRE(F.size() == 9);
    for (Index k = 0; k < v.cols(); ++k) {
      double sum = 0;
      for (unsigned x = 0; x < 128; ++x) sum += std::exp(-plain_energy(machine, v.col(k), spins_of(x, 7)));
      CHECK(F(k) == doctest::Approx(-std::log(sum)).epsilon(1e-13));
    }
  }
}

TEST_CASE("energies of a batch are those of its pairs, and fields are their derivatives") {
  auto const machine = gaussian_machine(4, 6, 0.8, 0.5, 3);
  auto const v = random_spins(4, 5, 4), h = random_spins(6, 5, 5);
  auto const E = machine.energies(v, h);
  auto const on_h = machine.hidden_fields(v), on_v = machine.visible_fields(h);
  for (Index k = 0; k < 5; ++k) {
    CHECK(E(k) == doctest::Approx(plain_energy(machine, v.col(k), h.col(k))).epsilon(1e-13));
    VectorXd flipped = h.col(k);
    flipped(2) = -flipped(2);
    double const change = plain_energy(machine, v.col(k), flipped) - E(k);
    CHECK(change == doctest::Approx(2 * h(2, k) * on_h(2, k)).epsilon(1e-12));
    flipped = v.col(k);
    flipped(1) = -flipped(1);
    CHECK(plain_energy(machine, flipped, h.col(k)) - E(k) == doctest::Approx(2 * v(1, k) * on_v(1, k)).epsilon(1e-12));
  }
}

TEST_CASE("a machine with patterns is the one with their weights, whichever form is cheaper") {
  Rng rng = machine_stream(6);
  for (Index const K : {1, 3, 40}) {
    MatrixXd const xi_v = normal_matrix(20, K, 1, rng), xi_h = normal_matrix(33, K, 1, rng);
    VectorXd const a = normal_matrix(20, 1, 1, rng), b = normal_matrix(33, 1, 1, rng);
    Machine const machine(AxonPatterns<double>{xi_v, xi_h}, a, b);
    MatrixXd W = MatrixXd::Zero(20, 33);
    for (Index i = 0; i < 20; ++i)
      for (Index alpha = 0; alpha < 33; ++alpha)
        for (Index k = 0; k < K; ++k) W(i, alpha) += xi_v(i, k) * xi_h(alpha, k) / std::sqrt(K);
    Machine const free(W, a, b);
    CHECK(machine.multiplications() == std::min(20. * 33, static_cast<double>(K) * 53));
    CHECK(free.multiplications() == 20 * 33);
    CHECK(machine.has_patterns());
    CHECK(!free.has_patterns());
    auto const v = random_spins(20, 6, 7), h = random_spins(33, 6, 8);
    CHECK((machine.weights() - W).cwiseAbs().maxCoeff() < 1e-13);
    CHECK((machine.hidden_fields(v) - free.hidden_fields(v)).cwiseAbs().maxCoeff() < 1e-12);
    CHECK((machine.visible_fields(h) - free.visible_fields(h)).cwiseAbs().maxCoeff() < 1e-12);
    CHECK((machine.free_energies(v) - free.free_energies(v)).cwiseAbs().maxCoeff() < 1e-11);
    CHECK((machine.energies(v, h) - free.energies(v, h)).cwiseAbs().maxCoeff() < 1e-11);

    auto const single = machine.cast<float>();
    CHECK(single.has_patterns());
    // single precision: sums of 33 numbers of order 10
    CHECK((single.free_energies(v.cast<float>()).cast<double>() - free.free_energies(v)).cwiseAbs().maxCoeff() < 1e-3);
  }
}

TEST_CASE("nothing overflows at large fields, in both precisions") {
  // 100 fields of +-3000 and of 0, which the 64 factors of a logarithm share
  MatrixXd W = MatrixXd::Constant(1, 100, 3000);
  W.rightCols(50).setZero();
  MatrixXd const v = MatrixXd::Constant(1, 1, -1);
  double const exact = -50 * 3000 - 50 * std::log(2);
  CHECK(Machine(W).free_energies(v)(0) == doctest::Approx(exact).epsilon(1e-15));
  RestrictedMachine<float> const single(Eigen::MatrixXf(W.cast<float>()));
  CHECK(single.free_energies(v.cast<float>())(0) == doctest::Approx(exact).epsilon(1e-6));
}

TEST_CASE("biases are zero where they are not given, and zeros are none") {
  Machine const machine(MatrixXd::Ones(2, 3));
  CHECK(machine.visible_biases() == VectorXd::Zero(2));
  CHECK(machine.hidden_biases() == VectorXd::Zero(3));
  CHECK(!machine.has_biases());
  CHECK(!Machine(MatrixXd::Ones(2, 3), VectorXd::Zero(2)).has_biases());
  CHECK(Machine(MatrixXd::Ones(2, 3), {}, VectorXd::Unit(3, 1)).has_biases());
}

TEST_CASE("shapes that do not fit are refused") {
  using Patterns = AxonPatterns<double>;
  CHECK_THROWS_AS(Machine(MatrixXd(0, 3)), std::domain_error);
  CHECK_THROWS_AS(Machine(MatrixXd::Ones(2, 3), VectorXd::Ones(3)), std::domain_error);
  CHECK_THROWS_AS(Machine(MatrixXd::Ones(2, 3), {}, VectorXd::Ones(2)), std::domain_error);
  CHECK_THROWS_AS(Machine(Patterns{MatrixXd::Ones(2, 3), MatrixXd::Ones(5, 4)}), std::domain_error);
  CHECK_THROWS_AS(Machine(Patterns{MatrixXd(2, 0), MatrixXd(5, 0)}), std::domain_error);
  Machine const machine(MatrixXd::Ones(2, 3));
  CHECK_THROWS_AS(machine.hidden_fields(MatrixXd::Ones(3, 1)), std::domain_error);
  CHECK_THROWS_AS(machine.visible_fields(MatrixXd::Ones(2, 1)), std::domain_error);
  CHECK_THROWS_AS(machine.energies(MatrixXd::Ones(2, 1), MatrixXd::Ones(3, 2)), std::domain_error);
  CHECK_THROWS_AS(machine.energies(MatrixXd::Ones(2, 1), MatrixXd::Ones(2, 1)), std::domain_error);
}

}  // namespace hypnos::restricted_machine_test

#include "hypnos/physics/restricted/accessibility.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "../chains.hpp"
#include "hypnos/physics/restricted/restricted_enumeration.hpp"
#include "machines.hpp"

namespace hypnos::accessibility_test {

using Eigen::MatrixXd;
using Machine = RestrictedMachine<double>;

TEST_CASE("one pattern at low temperature: every chain is in the ground state") {
  // Mattis' model: the fields on the hidden units are sums of V terms +-20, not 0 since V is odd
  MatrixXd const xi_v = 20 * random_spins(15, 1, 1), xi_h = random_spins(40, 1, 2);
  Machine const machine(AxonPatterns<double>{xi_v, xi_h});
  double const ground = restricted_ground_state(machine).energy;
  CHECK(ground == doctest::Approx(-20. * 15 * 40));
  // odds of a unit against its field are exp(-40)
  auto const found = gibbs_accessibility(machine, ground, 100, 2, machine_stream(3));
  CHECK(found.mean == doctest::Approx(1).epsilon(1e-6));
  CHECK(found.best == doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("small weights: the mean energy is that of independent spins to first order") {
  // <E> = -sum_{i alpha} W_ia^2 + O(W^4) in equilibrium, which one step nearly reaches
  auto const machine = gaussian_machine(10, 30, 0.01, 0, 4);
  double const ground = restricted_ground_state(machine).energy, expected = -machine.weights().squaredNorm();
  int const chains = 200'000;
  auto const found = gibbs_accessibility(machine, ground, chains, 3, machine_stream(5));
  // the energy has the variance sum W^2; corrections are of the order V sum W^4, a hundredth of <E>
  double const error = std::sqrt(-expected / chains);
  CHECK(std::abs(found.mean * ground - expected) < 6 * error + 0.01 * std::abs(expected));  // false alarm 2e-9
  CHECK(std::abs(expected) > 30 * error);
}

TEST_CASE("the accessibility is a ratio at most 1, best at least the mean, the same on any team") {
  auto const machine = gaussian_machine(12, 50, 3, 0, 6);
  double const ground = restricted_ground_state(machine).energy;
  auto const found = gibbs_accessibility(machine, ground, 300, 10, machine_stream(7));
  auto const team = gibbs_accessibility(machine, ground, 300, 10, machine_stream(7), BlockMap(team_of_three));
  CHECK(found.best <= 1 + 1e-12);
  CHECK(found.mean < found.best);
  CHECK(found.mean > 0.5);
  CHECK(found.mean == team.mean);
  CHECK(found.best == team.best);
}

TEST_CASE("no ground state below zero, and no step, are refused") {
  auto const machine = gaussian_machine(5, 5, 1, 0, 8);
  CHECK_THROWS_AS(gibbs_accessibility(machine, 0, 10, 1, machine_stream(9)), std::domain_error);
  CHECK_THROWS_AS(gibbs_accessibility(machine, -1, 10, 0, machine_stream(9)), std::domain_error);
}

}  // namespace hypnos::accessibility_test

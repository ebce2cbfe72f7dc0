#include "hypnos/physics/boltzmann/hebbian_start.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../models.hpp"

namespace hypnos::hebbian_start_test {

TEST_CASE("the Hebbian start has the connected correlations for couplings") {
  auto const data = averages(spin_glass(6, 0.5, 0.4, 1));
  auto const start = hebbian_start(data);
  for (int i = 0; i < 6; ++i) {
    CHECK(std::abs(start.h(i) - std::atanh(data.m(i))) < 1e-15);
    for (int j = 0; j < 6; ++j)
      CHECK(std::abs(start.J(i, j) - (i == j ? 0 : data.c(i, j) - data.m(i) * data.m(j))) < 1e-15);
  }
}

TEST_CASE("independent neurons are learnt by the Hebbian start alone") {
  Ising model = no_coupling(4);
  model.h << 0.3, -1, 0, 2;
  auto const start = hebbian_start(averages(model));
  // atanh loses 1 / (1 - m^2), up to 14 here
  CHECK((start.h - model.h).cwiseAbs().maxCoeff() < 1e-14);
  CHECK(start.J.cwiseAbs().maxCoeff() < 1e-15);
}

}  // namespace hypnos::hebbian_start_test

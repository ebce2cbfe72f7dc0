#include "hypnos/physics/boltzmann/annealing.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "../chains.hpp"
#include "../models.hpp"

namespace hypnos::annealing_test {

using Eigen::ArrayXd;
using Eigen::MatrixXd;

TEST_CASE("ln Z by annealing agrees with the sum over all states") {
  for (int const N : {1, 2, 12, 17, 20})
    for (double const field : {0.0, 0.4})
      for (double const beta : {0.4, 1.0, 2.0}) {
        CAPTURE(N);
        CAPTURE(beta);
        auto const model = spin_glass(N, std::pow(N, -0.5), field, 1);
        HeatBath chains(N, 512, chain_stream(1));
        auto const [log_Z, error, effective] = annealed_log_Z(chains, model, beta, 200);
        // Student's t exceeds 7 with a probability of 1e-11: 30 models, false alarm 3e-10; rounding 1e-6
        CHECK(std::abs(log_Z - exact_moments(model, beta).log_Z) < 7 * error + error * error / 2 + 1e-6);
        CHECK(error < 0.05);  // or the comparison would say little
        CHECK(effective <= 512 * (1 + 1e-12));
        CHECK(effective > 100);
      }
}

TEST_CASE("the mean weight is unbiased for any number of steps, and with many the error is right") {
  int const runs = 1000, chains = 256, N = 12;
  auto const model = spin_glass(N, std::pow(N, -0.5), 0.3, 2);
  double const exact = exact_moments(model, 1).log_Z;
  for (int const steps : {5, 50}) {
    ArrayXd square(runs), weight(runs);
    for (int run = 0; run < runs; ++run) {
      HeatBath bath(N, chains, chain_stream(static_cast<std::uint64_t>(run)));
      auto const [log_Z, error, effective] = annealed_log_Z(bath, model, 1, steps);
      square(run) = std::pow((log_Z - exact) / error, 2);
      weight(run) = std::exp(log_Z - exact);
    }
    MESSAGE("steps ", steps, ": chi-square ", square.mean(), ", mean weight ", weight.mean());
    // see mean_is for the false alarm
    CHECK(mean_is(weight, 1));
    // the mean of t^2; weights of few steps are far from Gaussian, and few of them carry the average
    if (steps == 50) CHECK(mean_is(square, (chains - 1.) / (chains - 3)));
    CHECK(square.mean() < 2);
  }
}

TEST_CASE("independent spins anneal in one step: every chain's weight is a product over spins") {
  // <exp(beta h s)> over s = +-1 is cosh(beta h)
  Ising model{MatrixXd::Zero(3, 3), Eigen::Vector3d(0.5, -1, 0.2)};
  HeatBath bath(3, 4096, chain_stream(3));
  auto const [log_Z, error, effective] = annealed_log_Z(bath, model, 0.7, 1);
  double const exact = (2 * (0.7 * model.h.array()).cosh()).log().sum();
  CHECK(std::abs(log_Z - exact) < 7 * error + 1e-6);
  // variance of the weight: prod cosh(2 beta h) / cosh(beta h)^2 - 1; its estimate from 4096 chains is good to a few
  // per cent
  double const variance = ((1.4 * model.h.array()).cosh() / (0.7 * model.h.array()).cosh().square()).prod() - 1;
  CHECK(std::abs(error / std::sqrt(variance / 4096) - 1) < 0.2);
  CHECK(std::abs(effective / 4096 * (1 + variance) - 1) < 0.2);
}

TEST_CASE("at infinite temperature all 2^N states are alike") {
  HeatBath bath(9, 8, chain_stream(4));
  auto const [log_Z, error, effective] = annealed_log_Z(bath, spin_glass(9, 1, 1, 3), 0, 3);
  CHECK(log_Z == 9 * std::log(2.));
  CHECK(error == 0);
  CHECK(effective == 8);
}

TEST_CASE("the error stays finite where one chain outweighs all others") {
  // a strong magnet in a strong field, in one step: weights are exp(-beta E) of random states
  Ising model{MatrixXd::Constant(20, 20, 2), Eigen::VectorXd::Constant(20, 5)};
  model.J.diagonal().setZero();
  HeatBath bath(20, 16, chain_stream(5));
  auto const [log_Z, error, effective] = annealed_log_Z(bath, model, 3, 1);
  CHECK(std::isfinite(log_Z));
  CHECK(std::isfinite(error));
  CHECK(error > 1);
  CHECK(effective == doctest::Approx(1));
}

TEST_CASE("chains begin anew, and the same on any team") {
  auto const model = spin_glass(9, 0.5, 0.3, 4);
  HeatBath alone(9, 300, chain_stream(6)), team = alone;
  auto const a = annealed_log_Z(alone, model, 1, 20), b = annealed_log_Z(team, model, 1, 20, team_of_three);
  CHECK(a.log_Z == b.log_Z);
  CHECK(a.error == b.error);
  CHECK(state_of(alone) == state_of(team));
  // frozen in a state of high energy, far from equilibrium
  HeatBath frozen(9, 512, chain_stream(7));
  frozen.run({MatrixXd::Zero(9, 9), -20 * model.h}, 10, 5);
  auto const c = annealed_log_Z(frozen, model, 1, 2);
  CHECK(std::abs(c.log_Z - exact_moments(model, 1).log_Z) < 7 * c.error);
}

TEST_CASE("annealing needs a step") {
  HeatBath bath(2, 8, chain_stream(8));
  CHECK_THROWS_AS(annealed_log_Z(bath, spin_glass(2, 1, 0, 1), 1, 0), std::domain_error);
}

TEST_CASE("annealing in pieces, interrupted or not, is annealing in one") {
  auto const model = spin_glass(12, 0.5, 0.3, 4);
  HeatBath const start(12, 200, chain_stream(9));
  CHECK(check_interruptions(start, [&](HeatBath& chains, BlockMap const& blocks) {
          return Annealing(chains, model, 1, 300, blocks);
        }) == 4);
  HeatBath one = start, pieces = start;
  auto const a = annealed_log_Z(one, model, 1, 300);
  Annealing annealing(pieces, model, 1, 300);
  while (!annealing.done()) annealing.advance();
  CHECK(state_of(one) == state_of(pieces));
  CHECK(a.log_Z == annealing.result().log_Z);
  CHECK(a.error == annealing.result().error);
}

}  // namespace hypnos::annealing_test

#include "hypnos/physics/restricted/layer_sampling.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "../chains.hpp"
#include "hypnos/physics/restricted/plain_layer_sampling.hpp"
#include "hypnos/physics/restricted/restricted_enumeration.hpp"
#include "machines.hpp"

namespace hypnos::layer_sampling_test {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Machine = RestrictedMachine<double>;

namespace {

struct Sizes {
  Index V, H;
  int chains;
};

// Compares chains with the definition after some steps. Returns how many chains had all fields outside `rounding` of
// their thresholds, and so have to agree.
template <class Scalar>
int check_definition(Machine const& machine, Sizes const& size, double rounding) {
  int const steps = 3;
  auto const stream = machine_stream(10);
  LayerSampling<Scalar> sampling(size.V, size.H, size.chains, stream);
  auto const single = machine.cast<Scalar>();
  sampling.run(single, 1);
  sampling.run(single, steps - 1);
  int compared = 0;
  auto const W = machine.weights();
  for (int c = 0; c < size.chains; ++c) {
    auto const plain = plain_layer_chain(W, machine.visible_biases(), machine.hidden_biases(), steps,
                                         stream.substream(static_cast<std::uint32_t>(c)));
    if (plain.margin < rounding) continue;
    ++compared;
    CHECK(sampling.visible().col(c).template cast<double>() == VectorXd::Map(plain.v.data(), size.V));
    CHECK(sampling.hidden().col(c).template cast<double>() == VectorXd::Map(plain.h.data(), size.H));
  }
  return compared;
}

// Each number within 6.5 standard errors of independent chains around its exact mean.
void check_means(MatrixXd const& found, MatrixXd const& exact, double samples) {
  for (Index i = 0; i < found.rows(); ++i)
    for (Index j = 0; j < found.cols(); ++j) {
      double const error = std::sqrt((1 - exact(i, j) * exact(i, j)) / samples);
      CHECK(std::abs(found(i, j) - exact(i, j)) < 6.5 * error);
    }
}

}  // namespace

TEST_CASE("chains have the states of their definition, at sizes that fit no vector") {
  // A last bundle of one chain, layers of one unit, of a multiple of four and not, of more than 128 units
  for (auto const& size : {Sizes{1, 1, 1}, Sizes{3, 5, 65}, Sizes{16, 131, 7}, Sizes{130, 4, 64}, Sizes{33, 70, 129}})
    for (double const bias : {0., 0.4}) {
      auto const machine = gaussian_machine(size.V, size.H, 0.3, bias, 1);
      // fields are sums of up to 131 numbers of order 0.3, of which double precision loses less than 1e-13, and single
      // precision less than 1e-5. Thresholds are rounded to 24 bits in single precision: 11 2^-24 at most.
      CHECK(check_definition<double>(machine, size, 1e-13) == size.chains);
      CHECK(check_definition<float>(machine, size, 1e-5) >= size.chains * 9 / 10);
    }
}

TEST_CASE("patterns give the chains of their weights") {
  Rng rng = machine_stream(2);
  Machine const machine(AxonPatterns<double>{random_spins(20, 3, 3), random_spins(50, 3, 4)},
                        normal_matrix(20, 1, 0.2, rng));
  CHECK(machine.multiplications() < 20 * 50);
  CHECK(check_definition<double>(machine, {20, 50, 70}, 1e-13) == 70);
}

TEST_CASE("a chain depends neither on the number of chains nor on how steps are grouped nor on the team") {
  auto const machine = gaussian_machine(9, 21, 0.4, 0.3, 5);
  LayerSampling<double> many(9, 21, 200, machine_stream(6)), few(9, 21, 3, machine_stream(6)), team = many;
  many.run(machine, 7);
  for (int t = 0; t < 7; ++t) few.run(machine, 1);
  team.run(machine, 7, BlockMap(team_of_three));
  CHECK(many.visible() == team.visible());
  CHECK(many.hidden() == team.hidden());
  CHECK(many.visible().leftCols(3) == few.visible());
  CHECK(many.hidden().leftCols(3) == few.hidden());
}

TEST_CASE("chains continue with the same bits from their archive, and an interrupted call changes nothing") {
  auto const machine = gaussian_machine(9, 21, 0.4, 0, 5).cast<float>();
  LayerSampling<float> whole(9, 21, 70, machine_stream(7)), resumed = whole, other(9, 20, 70, machine_stream(7));
  whole.run(machine, 4);
  auto const state = state_of(whole);
  int polls = 0;
  CHECK_THROWS_AS(whole.run(machine, 4,
                            BlockMap(serial_blocks,
                                     [&] {
                                       if (++polls == 6) throw 0;  // in the second bundle
                                     })),
                  int);
  CHECK(state_of(whole) == state);
  restore(resumed, state);
  whole.run(machine, 3);
  resumed.run(machine, 3);
  CHECK(state_of(whole) == state_of(resumed));
  StateReader reader(state);
  CHECK_THROWS_AS(reader(other), std::length_error);
}

TEST_CASE("chains in equilibrium have the exact averages") {
  // Gibbs steps at these weights forget their start within a few steps
  auto const machine = gaussian_machine(6, 8, 0.5, 0.3, 8);
  auto const exact = restricted_moments(machine);
  int const chains = 100'000;
  LayerSampling<float> sampling(6, 8, chains, machine_stream(9));
  sampling.run(machine.cast<float>(), 40);
  MatrixXd const v = sampling.visible().cast<double>(), h = sampling.hidden().cast<double>();
  // 62 numbers in all, each normal: false alarm 62 times 8e-11
  check_means(v.rowwise().mean(), exact.v, chains);
  check_means(h.rowwise().mean(), exact.h, chains);
  check_means(v * h.transpose() / chains, exact.vh, chains);
}

TEST_CASE("random starts are balanced and new") {
  int const chains = 20'000;
  LayerSampling<float> sampling(5, 9, chains, machine_stream(11));
  auto const first = sampling;
  check_means(sampling.visible().cast<double>().rowwise().mean(), VectorXd::Zero(5), chains);
  check_means(sampling.hidden().cast<double>().rowwise().mean(), VectorXd::Zero(9), chains);
  sampling.restart();
  // 14 independent products with the first start: false alarm 14 times 8e-11, as above
  check_means(sampling.visible().cwiseProduct(first.visible()).cast<double>().rowwise().mean(), VectorXd::Zero(5),
              chains);
}

TEST_CASE("clamped units keep their states, the others follow them") {
  Eigen::MatrixXf W = Eigen::MatrixXf::Constant(4, 1, 9);  // all units alike
  LayerSampling<float> sampling(4, 1, 70, machine_stream(12));
  Eigen::MatrixXf start = Eigen::MatrixXf::Ones(4, 70);
  start.rightCols(30) *= -1;
  Eigen::MatrixXf const wanted = start;
  start.bottomRows(1) *= -1;
  sampling.set_visible(start);
  // false alarm 70 times 5 exp(-36)
  sampling.run(RestrictedMachine<float>(W), 2, serial_blocks, 3);
  CHECK(sampling.visible() == wanted);

  auto const machine = gaussian_machine(5, 9, 0.1, 0, 13).cast<float>();
  LayerSampling<float> weak(5, 9, 100, machine_stream(14));
  auto const before = weak.visible();
  weak.run(machine, 5, serial_blocks, 2);
  CHECK(weak.visible().topRows(2) == before.topRows(2));
  CHECK((weak.visible().bottomRows(3).array() != before.bottomRows(3).array()).count() > 50);  // of 300, half expected
}

TEST_CASE("sizes that do not fit are refused") {
  auto const stream = machine_stream(15);
  CHECK_THROWS_AS(LayerSampling<float>(0, 2, 3, stream), std::domain_error);
  CHECK_THROWS_AS(LayerSampling<float>(2, 2, 0, stream), std::domain_error);
  LayerSampling<double> sampling(4, 5, 3, stream);
  CHECK_THROWS_AS(sampling.set_visible(MatrixXd::Ones(4, 2)), std::domain_error);
  CHECK_THROWS_AS(sampling.run(gaussian_machine(5, 4, 1, 0, 1), 1), std::domain_error);
  CHECK_THROWS_AS(sampling.run(gaussian_machine(4, 5, 1, 0, 1), -1), std::domain_error);
  CHECK_THROWS_AS(sampling.run(gaussian_machine(4, 5, 1, 0, 1), 1, serial_blocks, 5), std::domain_error);
}

}  // namespace hypnos::layer_sampling_test

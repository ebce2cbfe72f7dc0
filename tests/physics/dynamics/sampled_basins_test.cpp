#include "hypnos/physics/dynamics/sampled_basins.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "../stages.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/dynamics/enumerated_basins.hpp"
#include "hypnos/physics/dynamics/local_minima.hpp"
#include "hypnos/physics/dynamics/plain_local_minima.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos::sampled_basins_test {

using Eigen::ArrayXd;
using Eigen::MatrixXd;

namespace {

MatrixXd gaussian(int N) {
  Rng rng(1, 0, streams::couplings);
  return sk_couplings(N, 1. / N, rng);
}

}  // namespace

// About 10 fixed points, whose estimates lie within 6 standard errors of the enumeration: probability of a false alarm
// below 1e-7.
TEST_CASE("sampled basins are those of all states within their errors") {
  constexpr int N = 15, samples = 20000;
  auto const J = gaussian(N);
  auto const fixed_points = plain_local_minima(J, false);
  ArrayXd const exact = EnumeratedBasins(J).volumes(fixed_points);
  auto const found = completed(SampledBasins(J, fixed_points, samples, Rng(1, 0, streams::retrieval)));
  CHECK(found.volumes().sum() == doctest::Approx(1).epsilon(1e-13));
  ArrayXd const errors = (2 * exact * (1 - 2 * exact) / samples).sqrt() / 2;
  CHECK(((found.volumes() - exact).abs() < 6 * errors).all());
  CHECK(((found.errors() - errors).abs() < 0.2 * errors).all());
}

TEST_CASE("samples are plain dreams, and those that end in no given state are in no basin") {
  constexpr int N = 9, samples = 60;
  Rng rng(1, 2, streams::patterns);
  auto const J = hebbian_sums(random_patterns(3, N, rng));
  auto const all = plain_local_minima(J, false);
  REQUIRE(all.count() >= 4);
  Rng const stream(1, 0, streams::retrieval);
  Eigen::VectorXi const one = all.signs(0, 1).row(0).cast<int>();
  int there = 0;
  for (int k = 0; k < samples; ++k) {
    auto const end = plain_dream(J.cast<int>(), {Order::random_site}, stream.substream(k), 0);
    there += end == one || end == -one ? 1 : 0;
  }
  auto const found = completed(SampledBasins(J, all, samples, stream));
  CHECK(found.volumes()(0) == there / (2. * samples));
  // without its opposite in the list only the state itself is recognized
  auto const alone = completed(SampledBasins(J, all.part(0, 1), samples, stream));
  CHECK(alone.volumes().size() == 1);
  CHECK(alone.volumes()(0) <= 2 * found.volumes()(0));
}

TEST_CASE("interrupted sampling goes on with the same bits") {
  auto const J = gaussian(40);
  SpinStates const some = completed(LocalMinima(J, false, 1'000'000)).minima();
  auto const make = [&] { return SampledBasins(J, some, 300, Rng(1, 0, streams::retrieval)); };
  auto const whole = completed(make());
  auto const pieces = interrupted(make, 1e5, 3);
  CHECK((whole.volumes() == pieces.volumes()).all());
  CHECK(whole.volumes().sum() == doctest::Approx(1).epsilon(1e-13));
}

TEST_CASE("sizes that do not fit are refused") {
  auto const J = gaussian(8);
  CHECK_THROWS_AS(SampledBasins(J, SpinStates(9, 1), 10, Rng(1, 0, streams::retrieval)), std::domain_error);
  CHECK_THROWS_AS(SampledBasins(J, SpinStates(8, 1), 0, Rng(1, 0, streams::retrieval)), std::domain_error);
}

}  // namespace hypnos::sampled_basins_test

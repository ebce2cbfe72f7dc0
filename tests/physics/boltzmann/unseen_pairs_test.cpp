#include "hypnos/physics/boltzmann/unseen_pairs.hpp"

#include <doctest/doctest.h>

#include "../models.hpp"

namespace hypnos::unseen_pairs_test {

namespace {

// Averages over samples, one a column.
Ensemble of(Eigen::MatrixXd const& samples) {
  return {samples.rowwise().mean(), samples * samples.transpose() / static_cast<double>(samples.cols()), 0};
}

using Pairs = std::vector<std::pair<int, int>>;

}  // namespace

TEST_CASE("a pair is unseen if one of its four joint states is missing, whichever it is") {
  Eigen::MatrixXd all(2, 4);
  all << 1, 1, -1, -1, 1, -1, 1, -1;
  CHECK(unseen_pairs(of(all)).empty());
  for (int missing = 0; missing < 4; ++missing) {
    Eigen::MatrixXd some = all;
    some.col(missing) = all.col((missing + 1) % 4);
    CHECK(unseen_pairs(of(some)) == Pairs{{0, 1}});
  }
}

TEST_CASE("unseen pairs are named in order, among others") {
  // neurons 0 and 1 are never both up, neuron 3 is always down, neuron 2 takes both values with every state of 0 and 1
  Eigen::MatrixXd samples(4, 6);
  samples << 1, 1, -1, -1, -1, -1,  //
      -1, -1, 1, 1, -1, -1,         //
      1, -1, 1, -1, 1, -1,          //
      -1, -1, -1, -1, -1, -1;
  CHECK(unseen_pairs(of(samples)) == Pairs{{0, 1}, {0, 3}, {1, 3}, {2, 3}});
}

TEST_CASE("one sample in a million shows a joint state") {
  Ensemble data{Eigen::VectorXd::Zero(2), Eigen::MatrixXd::Identity(2, 2), 0};
  data.c(0, 1) = data.c(1, 0) = 1 - 4e-6;  // (1 - c) / 4 = 1e-6
  CHECK(unseen_pairs(data).empty());
  data.c(0, 1) = data.c(1, 0) = 1;
  CHECK(unseen_pairs(data) == Pairs{{0, 1}});
}

TEST_CASE("no pair of a model at finite couplings is unseen") {
  CHECK(unseen_pairs(averages(spin_glass(7, 0.8, 0.5, 2))).empty());
}

}  // namespace hypnos::unseen_pairs_test

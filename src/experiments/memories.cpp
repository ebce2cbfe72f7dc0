#include "hypnos/experiments/memories.hpp"

#include <cmath>
#include <numeric>
#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/physics/dynamics/retrieval_map.hpp"
#include "hypnos/physics/states/patterns.hpp"

namespace hypnos {

using Eigen::MatrixXd;

int Memories::patterns() const { return static_cast<int>(std::lround(alpha * N)); }

MatrixXd Memories::xi(Realization const& realization) const {
  auto rng = realization.stream(streams::patterns);
  return random_patterns(patterns(), N, rng);
}

void Memories::check() const {
  if (patterns() < 1)
    throw BadInput("alpha", "alpha = " + format_number(alpha) + " makes round(alpha N) = 0 patterns of N = " +
                                std::to_string(N) + " neurons; give alpha=" + format_number(1.0 / N) + " or more");
}

Retrieved Retrieving::retrieved(MatrixXd const& J, MatrixXd const& xi, Realization const& realization,
                                std::int64_t most_flips) const {
  if (retrieval_points == 0) return {};
  auto const map = retrieval_map(J, xi, m_0(), retrieval_trials, tolerated_error,
                                 realization.stream(streams::retrieval), most_flips);
  return {basin_radius(m_0(), map.reconstructed), map.m_f, map.reconstructed, map.unsettled};
}

std::vector<double> Retrieving::m_0() const { return initial_overlaps(retrieval_points); }

void Retrieving::check(int patterns) const {
  if (retrieval_points > 0 && 2.0 * retrieval_trials * patterns > Rng::substreams)
    throw BadInput("retrieval_trials", "retrieval_trials = " + std::to_string(retrieval_trials) + " from each of " +
                                           std::to_string(patterns) + " patterns, but there are random numbers for " +
                                           std::to_string(Rng::substreams / 2) +
                                           " trajectories from every m_0; lower retrieval_trials");
}

void Dreaming::check(int patterns) const {
  auto const rate = unlearning_rate(epsilon);
  if (constexpr double largest = 0x1p29; static_cast<double>(rate.q) * patterns > largest)
    throw BadInput("epsilon", "epsilon = " + format_number(epsilon) + " = " + std::to_string(rate.r) + "/" +
                                  std::to_string(rate.q) + " makes couplings of " + std::to_string(patterns) +
                                  " patterns too large for 32 bits; give epsilon with fewer digits");
}

std::vector<double> counted(int count) {
  std::vector<double> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace hypnos

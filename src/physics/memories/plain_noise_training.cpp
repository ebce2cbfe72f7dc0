#include "hypnos/physics/memories/plain_noise_training.hpp"

#include <cmath>

namespace hypnos {

using Eigen::Index;

NoisyPattern noisy_pattern(Eigen::MatrixXd const& xi, double m_t, Rng& numbers) {
  auto const mu = numbers.below(static_cast<std::uint32_t>(xi.rows()));
  Eigen::VectorXi const pattern = xi.row(mu).transpose().cast<int>();
  Eigen::VectorXi S(pattern.size());
  std::uint32_t chi = 0;
  for (Index i = 0; i < S.size(); ++i) {
    if (i % 32 == 0) chi = noise_word(noise_threshold(m_t), numbers);
    S(i) = (chi >> i % 32 & 1) != 0 ? pattern(i) : -pattern(i);
  }
  return {pattern, S};
}

void plain_noise_step(IntegerCouplings& couplings, NoisyPattern const& pattern, NoiseRule const& rule) {
  auto& K = couplings.K;
  auto const& [xi, S] = pattern;
  auto const N = K.cols();
  Eigen::VectorXi changes = Eigen::VectorXi::Zero(N);
  for (Index i = 0; i < N; ++i) {
    std::int64_t aligned_field = 0;
    for (Index j = 0; j < N; ++j) aligned_field += std::int64_t{xi(i)} * K(i, j) * S(j);
    if (aligned_field > 0 || (aligned_field == 0 && !rule.zero_field_updates)) continue;
    double const n = static_cast<double>(N), squares = static_cast<double>(couplings.squares(i));
    changes(i) =
        xi(i) * (rule.rescaled ? static_cast<int>(std::nearbyint(rule.lambda / (n * std::sqrt(n)) * std::sqrt(squares)))
                               : couplings.step);
  }
  for (Index i = 0; i < N; ++i)
    for (Index j = 0; j < N; ++j)
      if (i != j) K(i, j) += changes(i) * S(j) + (rule.symmetric ? changes(j) * S(i) : 0);
}

void plain_noise_training(IntegerCouplings& couplings, Eigen::MatrixXd const& xi, NoiseRule const& rule, Rng& numbers,
                          std::int64_t first, std::int64_t steps) {
  for (auto step = first; step < first + steps; ++step) {
    if (rule.rescaled && step % IntegerCouplings::steps_between_ranges == 0)
      for (Index i = 0; i < couplings.K.cols(); ++i)
        couplings.bring_into_range(couplings.K.row(i), i, couplings.squares(i));
    plain_noise_step(couplings, noisy_pattern(xi, rule.m_t, numbers), rule);
  }
}

}  // namespace hypnos

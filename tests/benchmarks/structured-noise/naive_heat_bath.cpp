#include "naive_heat_bath.hpp"

#include <cmath>
#include <utility>

NaiveHeatBath::NaiveHeatBath(int N, double T, std::vector<double> J)
    : N_(N), T_(T), J_(std::move(J)), s_(static_cast<std::size_t>(N), 1) {}

void NaiveHeatBath::update(int count) {
  std::uniform_int_distribution<int> site(0, N_ - 1);
  std::uniform_real_distribution<double> uniform;
  for (; count > 0; --count) {
    int const i = site(random_);
    double const* const row = &J_[static_cast<std::size_t>(i) * static_cast<std::size_t>(N_)];
    double h = 0;
    for (int j = 0; j < N_; ++j) h += row[j] * s_[static_cast<std::size_t>(j)];
    s_[static_cast<std::size_t>(i)] = uniform(random_) < 1 / (1 + std::exp(-2 * h / T_)) ? 1 : -1;
  }
}

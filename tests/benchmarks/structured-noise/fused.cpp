#include "fused.hpp"

#include <cmath>

namespace {

std::uint32_t next(std::uint64_t& state) {  // xorshift64*: nearly for free
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return static_cast<std::uint32_t>(state * 0x2545f4914f6cdd1d >> 32);
}

}  // namespace

void FusedTraining::step() {
  float const* const xi = &patterns[(std::uint64_t{next(random)} * P >> 32) * N];
  auto const threshold = static_cast<std::uint32_t>((1 + m_t) / 2 * 0x1p32);
  for (int j = 0; j < N; ++j) S[j] = next(random) < threshold ? xi[j] : -xi[j];
  if (rescaled && squares.empty())
    for (int i = 0; i < N; ++i) {
      squares.push_back(0);
      for (int j = 0; j < N; ++j) squares[i] += J[i * N + j] * J[i * N + j];
    }
  for (int i = 0; i < N; ++i) {
    float* const row = &J[i * N];
    float h = 0;
    for (int j = 0; j < N; ++j) h += row[j] * S[j];
    if (xi[i] * h >= 0) continue;
    float c = rate * xi[i];
    if (rescaled) {
      c *= std::sqrt(squares[i] / N);
      squares[i] += 2 * c * h + c * c * (N - 1);
    }
    for (int j = 0; j < N; ++j) row[j] += c * S[j];
    row[i] = 0;
  }
}

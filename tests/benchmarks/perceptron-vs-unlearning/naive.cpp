#include "naive.hpp"

namespace {

std::uint32_t next(std::uint64_t& state) {  // xorshift64*: nearly for free
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return static_cast<std::uint32_t>(state * 0x2545f4914f6cdd1d >> 32);
}

template <class Real>
Real field(Real const* row, Real const* s, int N) {
  Real sum = 0;
  for (int j = 0; j < N; ++j) sum += row[j] * s[j];
  return sum;
}

}  // namespace

template <class Real>
void NaiveNetwork<Real>::dream() {
  std::vector<Real> s(N);
  for (auto& spin : s) spin = next(random) & 1 ? 1 : -1;
  for (bool stable = false; !stable;) {
    for (int update = 0; update < N; ++update) {
      auto const i = static_cast<int>(std::uint64_t{next(random)} * N >> 32);
      if (s[i] * field(&J[i * N], s.data(), N) < 0) s[i] = -s[i];
    }
    stable = true;
    for (int i = 0; i < N && stable; ++i) stable = s[i] * field(&J[i * N], s.data(), N) >= 0;
  }
  for (int i = 0; i < N; ++i) {
    for (int j = 0; j < N; ++j) J[i * N + j] -= epsilon / N * s[i] * s[j];
    J[i * N + i] = 0;
  }
}

template struct NaiveNetwork<float>;
template struct NaiveNetwork<double>;

#include "hypnos/kernels/logistic_thresholds.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace hypnos {

namespace {

// ln x of a normal number x > 0. With x = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2)): e ln 2 + f - f^2/2 + f^3 q(f),
// where q is the polynomial of Cephes' logf (S. L. Moshier, Methods and Programs for Mathematical Functions, 1989), and
// ln 2 is a sum of two numbers, of which e times the first is exact.
inline float logarithm(float x) {
  constexpr std::int32_t sqrt_half = 0x3f3504f3;
  auto const bits = std::bit_cast<std::int32_t>(x);
  std::int32_t const e = (bits - sqrt_half) >> 23;
  float const f = std::bit_cast<float>(bits - (e << 23)) - 1;
  float q = 7.0376836292e-2F;
  q = q * f - 1.1514610310e-1F;
  q = q * f + 1.1676998740e-1F;
  q = q * f - 1.2420140846e-1F;
  q = q * f + 1.4249322787e-1F;
  q = q * f - 1.6668057665e-1F;
  q = q * f + 2.0000714765e-1F;
  q = q * f - 2.4999993993e-1F;
  q = q * f + 3.3333331174e-1F;
  float const squared = f * f, power = static_cast<float>(e);
  return power * 0.693359375F + (f + (squared * (f * q - 0.5F) - power * 2.12194440e-4F));
}

}  // namespace

void logistic_thresholds(std::span<std::uint32_t const> words, double scale, std::span<std::int32_t> thresholds) {
  auto const factor = static_cast<float>(std::clamp(scale, 1e-30, 1e30));
  constexpr float limit = static_cast<float>(largest_field);
  auto const* const word = words.data();
  auto* const threshold = thresholds.data();
  auto const count = words.size();
  for (std::size_t k = 0; k < count; ++k) {
    auto const w = static_cast<std::int32_t>(word[k] >> 1);
    float const odds = (static_cast<float>(w) + 0.5F) / (static_cast<float>(0x7fffffff - w) + 0.5F);
    float t = factor * logarithm(odds);
    t = t < limit ? t : limit;
    t = t > -limit ? t : -limit;
    auto const towards_zero = static_cast<std::int32_t>(t);
    threshold[k] = towards_zero - (t < static_cast<float>(towards_zero) ? 1 : 0);
  }
}

}  // namespace hypnos

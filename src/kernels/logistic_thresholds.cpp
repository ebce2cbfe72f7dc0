#include "hypnos/kernels/logistic_thresholds.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "lanes.hpp"

namespace hypnos {

namespace {

constexpr std::size_t lanes = WidestLanes::lanes;
using Float = VectorTypes<4 * lanes>::Float32;
using Int = WidestLanes::Int32;

// Four vectors side by side, since an operation waits for the one before.
constexpr std::size_t vectors = 4, at_once = vectors * lanes;

template <class Function>
void for_each_vector(Function const& f) {
#pragma GCC unroll 4
  for (std::size_t v = 0; v < vectors; ++v) f(v);
}

Float all_lanes(float x) { return Float{} + x; }
Float to_float(Int x) { return __builtin_convertvector(x, Float); }
Int towards_zero(Float x) { return __builtin_convertvector(x, Int); }

// The logarithm of a normal number x > 0: with x = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2)), it is
// e ln 2 + f - f^2/2 + f^3 q(f), where q is the polynomial of Cephes' logf (S. L. Moshier, Methods and Programs for
// Mathematical Functions, 1989), and ln 2 is a sum of two numbers, of which e times the first is exact.
constexpr float q_leading = 7.0376836292e-2F;
constexpr float q_coefficients[] = {-1.1514610310e-1F, 1.1676998740e-1F, -1.2420140846e-1F, 1.4249322787e-1F,
                                    -1.6668057665e-1F, 2.0000714765e-1F, -2.4999993993e-1F, 3.3333331174e-1F};

void thresholds_at_once(std::uint32_t const* words, float factor, std::int32_t* thresholds) {
  Float f[vectors], q[vectors], e[vectors];
  for_each_vector([&](std::size_t v) {
    constexpr std::int32_t sqrt_half = 0x3f3504f3;
    auto const word = WidestLanes::load<Int>(words + v * lanes);
    Int const w = (word >> 1) & 0x7fffffff;
    Float const odds = (to_float(w) + 0.5F) / (to_float(0x7fffffff - w) + 0.5F);
    Int const exponent = (Int(odds) - sqrt_half) >> 23;
    f[v] = Float(Int(odds) - (exponent << 23)) - 1;
    e[v] = to_float(exponent);
    q[v] = all_lanes(q_leading);
  });
#pragma GCC unroll 8
  for (float const coefficient : q_coefficients)
    for_each_vector([&](std::size_t v) { q[v] = q[v] * f[v] + coefficient; });
  for_each_vector([&](std::size_t v) {
    constexpr auto limit = static_cast<float>(largest_field);
    Float const squared = f[v] * f[v];
    Float t = factor * (e[v] * 0.693359375F + (f[v] + (squared * (f[v] * q[v] - 0.5F) - e[v] * 2.12194440e-4F)));
    t = t < limit ? t : all_lanes(limit);
    t = t > -limit ? t : all_lanes(-limit);
    Int const rounded = towards_zero(t);
    WidestLanes::store(rounded + (t < to_float(rounded)), thresholds + v * lanes);
  });
}

}  // namespace

void logistic_thresholds(std::span<std::uint32_t const> words, double scale, std::span<std::int32_t> thresholds) {
  auto const factor = static_cast<float>(std::clamp(scale, 1e-30, 1e30));
  std::size_t k = 0;
  for (; k + at_once <= words.size(); k += at_once) thresholds_at_once(&words[k], factor, &thresholds[k]);
  if (k == words.size()) return;
  std::array<std::uint32_t, at_once> last{};
  std::array<std::int32_t, at_once> made;
  std::copy(words.begin() + static_cast<std::ptrdiff_t>(k), words.end(), last.begin());
  thresholds_at_once(last.data(), factor, made.data());
  std::copy_n(made.begin(), words.size() - k, thresholds.begin() + static_cast<std::ptrdiff_t>(k));
}

}  // namespace hypnos

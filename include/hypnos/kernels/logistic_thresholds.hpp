#pragma once

#include <cstdint>
#include <span>

namespace hypnos {

/// Fields that are compared with thresholds are integers of no larger size than this (a number of single precision).
inline constexpr std::int32_t largest_field = 0x7fffff80;

/// Thresholds of heat bath updates. A random word w gives v = (2 floor(w / 2) + 1) / 2^32, t = scale ln(v / (1 - v)), and
///   thresholds[k] = floor(t) of words[k], within [-largest_field, largest_field].
/// An integer field h exceeds floor(t) if and only if it exceeds t. So a spin that becomes +1 where h > floor(t) does
/// so with the probability 1 / (1 + exp(-h / scale)) of the heat bath.
///
/// The logarithm is computed in single precision, by additions, multiplications and one division that are each rounded
/// on their own, in a fixed order: results are the same on every machine. The error of t / scale is below
/// 2e-7 (1 + |ln(v / (1 - v))|), so the odds of an update are off by a factor of 1 +- 5e-6 at most. Odds beyond 2^32
/// are infinite. `scale` is finite and > 0; below 1e-30 it counts as 1e-30, above 1e30 as 1e30: integer fields do not
/// resolve more.
void logistic_thresholds(std::span<std::uint32_t const> words, double scale, std::span<std::int32_t> thresholds);

}  // namespace hypnos

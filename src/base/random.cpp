#include "hypnos/base/random.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace hypnos {

Rng::Rng(std::uint64_t seed, std::uint32_t realization, Stream stream)
    : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}},
      counter_{{0, 0, realization, static_cast<std::uint32_t>(stream)}} {}

std::uint32_t Rng::bits() {
  if (used_ == 4) {
    words_ = r123::Philox4x32{}(counter_, key_);
    used_ = 0;
    if (++counter_[0] == 0) ++counter_[1];
  }
  return words_[used_++];
}

double Rng::uniform() {
  std::uint64_t const high = bits() >> 5;  // 27 bits
  std::uint64_t const low = bits() >> 6;   // 26 bits
  return static_cast<double>(high << 26 | low) * 0x1p-53;
}

double Rng::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  double const radius = std::sqrt(-2 * std::log(1 - uniform()));
  double const angle = 2 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::uint32_t Rng::below(std::uint32_t n) {
  std::uint64_t product = std::uint64_t{bits()} * n;
  if (static_cast<std::uint32_t>(product) < n) {
    std::uint32_t const rejected = -n % n;  // 2^32 mod n
    while (static_cast<std::uint32_t>(product) < rejected) product = std::uint64_t{bits()} * n;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

std::array<double, 2> Rng::position() const {
  auto const blocks = std::uint64_t{counter_[1]} << 32 | counter_[0];
  double const words = 4 * static_cast<double>(blocks) - (4 - used_);
  return {words, has_spare_ ? spare_normal_ : std::numeric_limits<double>::quiet_NaN()};
}

void Rng::seek(std::array<double, 2> const& position) {
  auto const words = static_cast<std::uint64_t>(position[0]);
  counter_[0] = static_cast<std::uint32_t>(words / 4);
  counter_[1] = static_cast<std::uint32_t>(words / 4 >> 32);
  used_ = 4;
  for (auto k = words % 4; k > 0; --k) bits();
  has_spare_ = !std::isnan(position[1]);
  spare_normal_ = position[1];
}

}  // namespace hypnos
